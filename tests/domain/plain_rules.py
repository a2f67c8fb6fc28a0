"""Measures and rules of 5.3, 5.4 and 5.11, read sentence by sentence; shares no code with the product."""

# ruff: noqa: C901, PLR0912, SIM102 -- one if a sentence of the table

from __future__ import annotations

from math import sqrt

from domain.plain_answers import GOALS, LEVEL, NINE, NOBODY, PLEDGES, TRADE, Answers


class Rules(Answers):
    """Measures and the rules of S, D and L."""

    # ------------------------------------------------------------------------------------------------------ measures

    def measures(self):
        found = [self.j1(), self.j2(), self.j3(), self.j4(), self.j5(), self.j6()]
        return {f"J{i}": None if v is None else round(v, 9) for i, v in enumerate(found, 1)}

    def j1(self):
        goals = [self.get(p, "1.2") for p in self.ids]
        yard = [self.get(p, "1.3", "measure") for p in self.ids]
        if None in goals or None in yard:
            return None
        cosines = []
        for i, a in enumerate(goals):
            for b in goals[i + 1 :]:
                dot = sum(a.get(g, 0) * b.get(g, 0) for g in GOALS)
                cosines.append(
                    dot
                    / sqrt(sum(v * v for v in a.values()))
                    / sqrt(sum(v * v for v in b.values()))
                )
        return min(cosines) * (1 if len(set(yard)) == 1 else 0.7)

    def j2(self):
        levels = [self.get(p, "3.2", "level") for p in self.ids]
        return None if None in levels else min(LEVEL[level] for level in levels)

    def j3(self):
        sheets = [self.get(p, "5.2") for p in self.ids]
        trades = [self.income(p, TRADE) for p in self.ids]
        if None in sheets or None in trades:
            return None
        n = len(self.ids)
        means = [sum(sheet.get(p, 0) for sheet in sheets) / n for p in self.ids]
        if self.whole is not None:
            if sum(means) == 0:
                return 0
            means = [mean * 100 / sum(means) for mean in means]
        return min(1, n * min(means) / 100) * (1 - 0.5 * max(trades) / 100)

    def j4(self):
        skills = {p: [self.get(p, "3.1", f) for f in ("have", "need", "bring")] for p in self.ids}
        if any(None in three for three in skills.values()):
            return None
        found = []
        for y in self.ids:
            need = skills[y][1]
            if not sum(need.values()):
                return 0
            total = 0
            for key, level in need.items():
                best = max(
                    skills[x][0].get(key, 0) if key in skills[x][2] else 0
                    for x in self.ids
                    if x != y
                )
                total += level * best / 4
            found.append(total / sum(need.values()))
        return min(found)

    def j5(self):
        years = [self.get(p, "2.2", "years") for p in self.ids]
        return None if None in years else min(1, min(years) / 4)

    def j6(self):
        mutual = self.mutual()
        return None if mutual is None else len(mutual) / 10

    def mutual(self):
        if any(self.get(x, "6.4", to=y) is None for x, y in self.ordered()):
            return None
        return [
            k
            for k in PLEDGES
            if all(self.pledge(x, y, k) in ("yes", "if") for x, y in self.ordered())
        ]

    def p3(self):
        answers = [self.pledge(x, y, "P3") for x, y in self.ordered()]
        if "no" in answers:
            return False
        return None if None in answers else True

    # --------------------------------------------------------------------------------------------------------- rules

    def fired(self, x, y):
        found = []
        work = ("fixed_price", "shares_for_work")

        def at_least(value, limit):
            return value is not None and value >= limit

        if at_least(self.income(x, work, y), 50):
            found.append("S1")
        theirs = self.get(y, "5.1")
        if (
            at_least(self.income(x, None, y), 50)
            and theirs is not None
            and all(r.get("payer") != x for r in theirs)
        ):
            found.append("S2")
        if self.owner(y, "6.2", x) == "us":
            found += ["S3", "D6"]
        if self.owner(y, "3.4", x) == "us" and self.owner(x, "3.4", y) in ("them", "us"):
            found.append("S4")
        if at_least(self.points(y, "2.1", "cheaper", "bridge", "secure_supply"), 40):
            found.append("S5")
        gain = self.get(x, "5.3", "gain")
        refused = "no" in (self.pledge(x, y, "P3"), self.pledge(y, x, "P3"))
        if (gain is not None and gain <= 10) or (at_least(self.income(x, work), 50) and refused):
            found.append("S6")
        if at_least(self.income(x, ("margin", "commission")), 50):
            found.append("D1")
        bring, mine = self.get(x, "3.1", "bring"), self.get(x, "5.1")
        if bring is not None and mine is not None and not NINE & set(bring):
            if any(row["source"] in ("margin", "commission", "own_sales") for row in mine):
                found.append("D2")
        if at_least(self.points(y, "2.1", "sell_more"), 40):
            found.append("D3")
        exists = [self.get(p, "4.6", "exists") for p in (x, y)]
        offers = [self.points(p, "1.2", "new_offer") for p in (x, y)]
        if None not in exists and None not in offers:
            if not all("offer" in e for e in exists) and all(o < 30 for o in offers):
                found.append("D4")
        if self.owner(x, "3.4", y) == "us" and self.owner(y, "3.4", x) in ("them", "us"):
            found.append("D5")
        return found

    def fired_logo(self):
        found = []
        public = [self.get(p, "4.6", "public") for p in self.ids]
        exists = [self.get(p, "4.6", "exists") for p in self.ids]
        levels = [self.get(p, "3.2", "level") for p in self.ids]
        if any(public):
            found.append("L1")
        if all(level in ("nothing", "talked") for level in levels):
            found.append("L2")
        if None not in exists and not set.intersection(*(set(e) for e in exists)):
            since, until = self.frame.get("public_since"), self.frame.get("as_of")
            young = since and until and self.month(until) - self.month(since) < 6
            if not young:
                found.append("L3")
        if any((self.points(p, "2.1", "visibility") or 0) >= 40 for p in self.ids):
            found.append("L4")
        for p in self.ids:
            rows = self.get(p, "6.1")
            if rows is not None and not any(
                row["due_months"] <= 6 and row.get("who", "").strip().lower() not in NOBODY
                for row in rows
            ):
                found.append("L5")
                break
        return found

    @staticmethod
    def month(text):
        year, month = text.split("-")
        return int(year) * 12 + int(month)
