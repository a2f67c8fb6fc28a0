"""Raw answers as the second reading looks at them; unknown is None."""

from __future__ import annotations

GOALS = [
    "new_offer",
    "own_revenue",
    "sell_more",
    "new_customers",
    "cheaper",
    "bridge",
    "learn",
    "visibility",
    "secure_supply",
    "standard_scale",
    "exit",
]
NINE = {
    "devices",
    "connectivity",
    "software",
    "data_ai",
    "domain",
    "production",
    "service",
    "regulatory",
    "integration",
}
TRADE = ("fixed_price", "shares_for_work", "margin", "commission")
LEVEL = {"nothing": 0, "talked": 0.25, "people": 0.5, "part": 0.75, "half": 1}
SCOPE = {"none": 0, "segment": 1, "region": 2, "full": 3}
CLASS = {"lt3": 0, "3to12": 1, "12to24": 2, "gt24": 3, "never": 4}
WEIGHT = {1: 14, 2: 8, 3: 9, 4: 9, 5: 8, 6: 6, 7: 5, 8: 8, 9: 8, 10: 5, 11: 6, 12: 5, 13: 4, 14: 5}
PLEDGES = [f"P{i}" for i in range(1, 11)]
POINTS = {
    "S1": 30, "S2": 15, "S3": 10, "S4": 15, "S5": 15, "S6": 15,
    "D1": 30, "D2": 20, "D3": 15, "D4": 15, "D5": 10, "D6": 10,
    "L1": 20, "L2": 25, "L3": 20, "L4": 15, "L5": 20,
}  # fmt: skip
SHORT = {"1.3": "measure", "2.2": "years", "2.3": "plan", "3.2": "level"}
COUNTERPART = {"1.5", "2.3", "2.4", "2.5", "2.6", "3.3", "4.4", "6.4"}
CORE = [
    ("1.2",), ("1.3", "measure"), ("2.1",), ("2.2", "years"), ("2.3", "plan"), ("2.4", "want"), ("2.4", "give"), ("2.5",),
    ("3.1", "have"), ("3.1", "need"), ("3.1", "bring"), ("3.2", "level"), ("3.3",), ("3.4",), ("3.5",), ("3.6",), ("4.1",),
    ("4.2",), ("4.6", "public"), ("4.6", "exists"), ("5.1",), ("5.2",), ("5.3", "loss"), ("5.3", "gain"), ("6.1",),
    ("6.2",), ("6.3", "decision"), ("6.3", "financed"), ("6.4",),
]  # fmt: skip
NOBODY = {"", "team", "das team", "the team", "wir", "we", "n.n.", "n. n.", "tbd"}


class Answers:
    """Raw answers of some of the parties of a room."""

    def __init__(self, room, ids=None, whole=None):
        self.room, self.frame = room, room.get("frame", {})
        self.all = list(room["parties"])
        self.ids = ids or self.all
        self.whole = whole

    # ------------------------------------------------------------------------------------------------------- answers

    def raw(self, p, item):
        value = self.room["answers"].get(p, {}).get(item)
        return None if value == "dont_know" else value

    def get(self, p, item, field=None, to=None):
        """An answer of p (towards ``to``), None if unknown."""
        value = self.raw(p, item)
        if (
            item in COUNTERPART
            and isinstance(value, dict)
            and value
            and set(value) <= set(self.all)
        ):
            value = value.get(to)
            value = None if value == "dont_know" else value
        if value is None:
            return None
        if field is not None:
            if not isinstance(value, dict):
                return value if SHORT.get(item) == field else None
            value = value.get(field)
            return None if value == "dont_know" else value
        return value

    def points(self, p, item, *goals):
        value = self.get(p, item)
        return None if value is None else sum(value.get(goal, 0) for goal in goals)

    def owner(self, p, item, other):
        value = self.get(p, item)
        if value in self.all:
            return "them" if value == other else "open"
        return value

    def rows(self, p, item, other=None):
        value = self.get(p, item)
        if value is None or other is None:
            return value
        return [row for row in value if row.get("with", other) == other]

    def pledge(self, p, other, key):
        value = self.get(p, "6.4", to=other)
        return None if value is None else value.get(key, "no")

    def income(self, p, sources=None, payer=None):
        value = self.get(p, "5.1")
        if value is None:
            return None
        return sum(
            row["percent"]
            for row in value
            if (sources is None or row["source"] in sources)
            and (payer is None or row.get("payer") == payer)
        )

    def ordered(self):
        return [(x, y) for x in self.ids for y in self.ids if x != y]

    def pairs(self):
        return [(x, y) for i, x in enumerate(self.ids) for y in self.ids[i + 1 :]]
