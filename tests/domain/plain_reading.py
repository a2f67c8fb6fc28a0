"""The instrument read sentence by sentence, without the rule file and without speed: a second opinion for tests.

It works on the raw answers and shares no code with the engine. Figures only, no words.
"""

from __future__ import annotations

from math import sqrt

GOALS = "new_offer own_revenue sell_more new_customers cheaper bridge learn visibility secure_supply standard_scale exit".split()
NINE = {"devices", "connectivity", "software", "data_ai", "domain", "production", "service", "regulatory", "integration"}
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


class Reading:
    """The result of some of the parties of a room."""

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
        if item in COUNTERPART and isinstance(value, dict) and value and set(value) <= set(self.all):
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
            if (sources is None or row["source"] in sources) and (payer is None or row.get("payer") == payer)
        )

    def ordered(self):
        return [(x, y) for x in self.ids for y in self.ids if x != y]

    def pairs(self):
        return [(x, y) for i, x in enumerate(self.ids) for y in self.ids[i + 1 :]]

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
                cosines.append(dot / sqrt(sum(v * v for v in a.values())) / sqrt(sum(v * v for v in b.values())))
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
                best = max(skills[x][0].get(key, 0) if key in skills[x][2] else 0 for x in self.ids if x != y)
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
        return [k for k in PLEDGES if all(self.pledge(x, y, k) in ("yes", "if") for x, y in self.ordered())]

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
        if at_least(self.income(x, None, y), 50) and theirs is not None and all(r.get("payer") != x for r in theirs):
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
                row["due_months"] <= 6 and row.get("who", "").strip().lower() not in NOBODY for row in rows
            ):
                found.append("L5")
                break
        return found

    @staticmethod
    def month(text):
        year, month = text.split("-")
        return int(year) * 12 + int(month)

    # ----------------------------------------------------------------------------------------------------- conflicts

    def clash(self, item, x, y):
        a, b = self.get(x, item), self.get(y, item)
        if a is None or b is None or (a == b and a in self.all and a not in (x, y)):
            return 0
        a, b = self.owner(x, item, y), self.owner(y, item, x)
        both = {a, b}
        if both == {"us"}:
            return 3
        if both == {"us", "both"}:
            return 2
        if both == {"them"} or ("each_own" in both and both & {"us", "them"}) or "open" in both:
            return 1
        return 0

    def c1(self, x, y):
        goals, theirs, years = self.get(x, "2.1"), self.get(y, "2.1"), self.get(y, "2.2", "years")
        own_years = self.get(x, "2.2", "years")
        if years is None or years < 3 or theirs is None:
            return 0
        if sum(theirs.get(g, 0) for g in ("new_offer", "own_revenue", "sell_more")) < 40:
            return 0
        severity = {"considered": 1, "approved": 2, "running": 3}.get(self.get(x, "2.3", "plan", y), 0)
        if goals is not None and (goals.get("bridge", 0) >= 30 or goals.get("exit", 0) >= 30):
            severity = max(2, severity)
        says = self.pledge(x, y, "P1")
        if says == "no":
            if own_years is not None and own_years <= 2 and years - own_years >= 2:
                severity += 1
            if severity >= 1:
                severity += 1
        if says == "yes":
            severity -= 1
        return max(0, min(3, severity))

    def c2(self, x, y):
        want, give = self.get(x, "2.4", "want", y), self.get(y, "2.4", "give", x)
        return 0 if want is None or give is None else max(0, SCOPE[want] - SCOPE[give])

    def c5(self, x, y):
        cheap = any((self.points(p, "2.1", "cheaper") or 0) >= 30 for p in (x, y))
        return 2 * cheap + ("no" in (self.pledge(x, y, "P8"), self.pledge(y, x, "P8")))

    def c7(self, x, y):
        years = [self.get(p, "2.2", "years") for p in (x, y)]
        if None in years or max(years) == 0:
            return 0
        if min(years) == 0:
            return 3
        ratio = max(years) / min(years)
        return 3 if ratio >= 3 else 2 if ratio >= 2 else 1 if ratio >= 1.5 else 0

    @staticmethod
    def steps(value):
        value = round(value, 9)
        return 3 if value >= 50 else 2 if value >= 25 else 1 if value >= 10 else 0

    def c11(self, x, y):
        takes, lasts = self.get(x, "6.3", "decision"), self.get(y, "6.3", "financed")
        if takes is None or lasts is None:
            return 0
        return 3 if lasts < takes else 2 if lasts < 2 * takes else 0

    def c12(self, x, y):
        known = [v for v in (self.get(x, "2.5", to=y), self.get(y, "2.5", to=x)) if v is not None]
        return max(0, max(known, default=0) - 1)

    def c13(self, x, y):
        times = [self.get(x, "3.3", to=y), self.get(y, "3.3", to=x)]
        return 0 if None in times else max(0, abs(CLASS[times[0]] - CLASS[times[1]]) - 1)

    def c14(self, x, y):
        gives, wants, back = self.rows(x, "4.1", y), self.rows(y, "4.2", x), self.rows(y, "4.1", x)
        if not gives or not wants or any(row["type"] not in ("reference", "marketing") for row in gives):
            return 0
        if not any(row["type"] in ("revenue", "price", "cash", "capital") for row in wants):
            return 0
        return 3 if back and any(row["type"] == "discount" for row in back) else 2

    def conflicts(self):
        pairs, ordered = self.pairs(), self.ordered()
        directed = {1: self.c1, 2: self.c2, 11: self.c11, 14: self.c14}
        found = {n: max(rule(x, y) for x, y in ordered) for n, rule in directed.items()}
        for n, item in ((3, "3.6"), (4, "3.4"), (6, "3.5"), (10, "6.2")):
            found[n] = max(self.clash(item, x, y) for x, y in pairs)
        for n, rule in ((5, self.c5), (7, self.c7), (12, self.c12), (13, self.c13)):
            found[n] = max(rule(x, y) for x, y in pairs)
        if self.whole is not None:
            found[8], found[9] = self.whole[8], self.whole[9]
        else:
            gains = [self.get(p, "5.3", "gain") for p in self.ids]
            losses = [self.get(p, "5.3", "loss") for p in self.ids]
            found[8] = 0 if None in gains else self.steps(sum(gains) - 100)
            found[9] = 0 if None in losses else self.steps(100 - sum(losses))
        roles = {
            f"C{n}": sorted(f"{x}>{y}" for x, y in ordered if rule(x, y) == found[n])
            for n, rule in directed.items()
            if found[n]
        }
        return dict(sorted(found.items())), roles

    # ---------------------------------------------------------------------------------------------------------- gaps

    def gaps(self):
        found = []
        for x, y in self.ordered():
            found += self.h1(x, y) + self.h3(x, y)
        public = [self.get(p, "4.6", "public") for p in self.ids]
        exists = [self.get(p, "4.6", "exists") for p in self.ids]
        if None not in public and None not in exists:
            if len({c for one in public for c in one}) > len(set.intersection(*(set(e) for e in exists))):
                found.append("H2")
        for p in self.ids:
            found += self.of_party(p)
        return sorted(found)

    def h1(self, x, y):
        gives, wants = self.rows(x, "4.1", y), self.rows(y, "4.2", x)
        if gives is None or wants is None:
            return []
        found = []
        for kind in {row["type"] for row in wants}:
            worth = sum(row["amount"] * row["sure"] for row in gives if row["type"] == kind)
            expected = sum(row["amount"] for row in wants if row["type"] == kind)
            if round(worth - 70 * expected, 6) < 0:
                found.append(f"H1:{x}>{y}")
        return found

    def h3(self, x, y):
        found = 0
        guess, years = self.get(x, "2.6", to=y), self.get(y, "2.2", "years")
        if guess is not None and years is not None and abs(guess - years) >= 2:
            found += 1
        goal, own = self.get(x, "1.5", to=y), self.get(y, "2.1")
        if goal is not None and own is not None and own.get(goal, 0) < max(own.values()):
            found += 1
        value, likely = self.get(x, "4.4", to=y), self.get(y, "4.3", "likely")
        if value is not None and likely is not None and max(value, likely) > 0 and max(value, likely) >= 2 * min(value, likely):
            found += 1
        return [f"H3:{x}>{y}"] * found

    def of_party(self, p):
        others = [o for o in self.ids if o != p]
        found = []
        if self.get(p, "5.6") == "shared" and (
            (self.income(p, TRADE) or 0) >= 50 or any(self.pledge(p, o, "P3") == "no" for o in others)
        ):
            found.append("H4")
        if any(self.get(p, "2.3", "plan", o) == "no" and self.pledge(p, o, "P1") == "no" for o in others):
            found.append("H4")
        gives = self.get(p, "4.1") or []
        found += ["H5" for row in gives if row["sure"] >= 80 and row.get("proof", 0) <= 1]
        level = self.get(p, "3.2", "level")
        if level not in (None, "half") and any(row["type"] in ("people", "cash", "capital") for row in gives):
            found.append("H6")
        if self.frame.get("relation") == "same_group" and self.get(p, "6.5") == "nothing":
            found.append("H7")
        if self.get(p, "1.4") in ("project_end", "1to3") and self.get(p, "6.6") == "no":
            found.append("H8")
        if any(row["risk"] == "third_party" and row["chance"] >= 50 for row in self.get(p, "5.5") or []):
            found.append("N1")
        return [f"{gap}:{p}" for gap in found]

    # -------------------------------------------------------------------------------------------------------- result

    def open_items(self):
        found = set()
        for p in self.ids:
            for item, *field in CORE:
                for other in self.ids:
                    if other != p and self.get(p, item, *field, to=other) is None:
                        found.add(f"{item}:{p}")
        return sorted(found)

    def result(self):
        measures = self.measures()
        weights = {"J1": 20, "J2": 20, "J3": 20, "J4": 15, "J5": 10, "J6": 15}
        known = {k: v for k, v in measures.items() if v is not None}
        base = sum(weights[k] for k in known)
        p = round(100 * sum(weights[k] * v for k, v in known.items()) / base, 9) if base else 0
        sums = {(x, y): self.fired(x, y) for x, y in self.ordered()}
        by = {k: {d: sum(POINTS[r] for r in f if r[0] == k) for d, f in sums.items()} for k in "SD"}
        s, d = (max(by[k].values()) for k in "SD")
        logo = self.fired_logo()
        lo = sum(POINTS[r] for r in logo)
        if not ("L1" in logo and ("L2" in logo or "L3" in logo)):
            lo = min(lo, 45)
        conflicts, roles = self.conflicts()
        load = round(sum(WEIGHT[n] * v / 3 for n, v in conflicts.items()), 9)
        red = [f"C{n}" for n in (1, 3, 4, 9) if conflicts[n] == 3]
        gates = {"goal": self.gate(measures["J1"], 0.5), "investment": self.gate(measures["J2"], 0.5)}
        gates["risk"] = self.risk_gate(measures["J3"])
        open_items = self.open_items()
        worst = max(s, d, lo)
        if all(gates.values()) and p >= 60 and p > worst:
            kind = "true_partnership" if not red and load <= 50 and not open_items else "possible"
        elif worst >= 50:
            kind = "supplier" if s == worst else "distributor" if d == worst else "logo"
        elif gates["goal"] and p >= 40:
            kind = "in_the_making"
        else:
            kind = "still_open"
        best = {k: [pair for pair, v in by[k].items() if v == max(by[k].values())] for k in "SD"}
        fired = sorted(
            [f"{r}:{x}>{y}" for k in "SD" for x, y in best[k] for r in sums[x, y] if r[0] == k] + logo
        )
        self.state = {"sums": sums, "best": best, "logo": logo, "known": known}
        scores = {"P": p, "S": s, "D": d, "L": lo}
        return {
            "kind": kind, "scores": scores, "gates": gates, "measures": measures, "load": load, "red": red,
            "conflicts": {f"C{n}": v for n, v in conflicts.items() if v}, "conflict_roles": roles, "gaps": self.gaps(),
            "mutual": self.mutual() or [], "fired": fired, "open_items": open_items, "roles": self.roles(kind, best),
            "runner_up": self.runner_up(kind, scores), "distance": self.distance(kind, scores, gates),
            "evidence": self.evidence(),
        }  # fmt: skip

    @staticmethod
    def gate(value, least):
        return None if value is None else value >= least

    def risk_gate(self, j3):
        conditions = [self.gate(j3, 0.4), self.p3()]
        if False in conditions:
            return False
        return None if None in conditions else True

    @staticmethod
    def roles(kind, best):
        names = {"supplier": ("S", "supplier", "buyer"), "distributor": ("D", "seller", "maker")}
        if kind not in names:
            return {}
        score, first, second = names[kind]
        ends = [{pair[i] for pair in best[score]} for i in (0, 1)]
        return {n: next(iter(e)) if len(e) == 1 else None for n, e in zip((first, second), ends, strict=True)}

    @staticmethod
    def runner_up(kind, scores):
        own = {"supplier": "S", "distributor": "D", "logo": "L", "still_open": ""}.get(kind, "P")
        rest = [k for k in "PSDL" if k != own]
        top = max(scores[k] for k in rest)
        return next(k for k in rest if scores[k] == top) if top >= 20 else None

    @staticmethod
    def distance(kind, s, gates):
        three = {"supplier": "S", "distributor": "D", "logo": "L"}
        if kind in three:
            rest = [50] + [s[k] for k in "SDL" if k != three[kind]]
            if all(gates.values()) and s["P"] >= 60:
                rest.append(s["P"])
            return s[three[kind]] - max(rest)
        if kind in ("true_partnership", "possible"):
            return s["P"] - max(60, s["S"], s["D"], s["L"])
        if kind == "in_the_making":
            return max(0, 60 - s["P"])
        found = 50 - max(s["S"], s["D"], s["L"])
        return min(found, 40 - s["P"]) if s["P"] < 40 else found

    def proof(self, p, item):
        value = self.raw(p, item)
        if item == "1.6":
            return value or 0
        if item == "5.1":
            return min((row.get("proof", 0) for row in value or []), default=0)
        found = value.get("proof", 0) if isinstance(value, dict) else 0
        return 0 if found == "dont_know" else found

    def evidence(self):
        lines = []
        known, sums, best = self.state["known"], self.state["sums"], self.state["best"]
        for name, weight, item in (("J1", 20, "1.6"), ("J2", 20, "3.2"), ("J3", 20, "5.1"), ("J4", 15, "3.1"), ("J5", 10, "2.2")):
            lines.append((weight, name in known and all(self.proof(p, item) >= 2 for p in self.ids)))
        lines.append((15, False))
        of_x = {"S1": ["5.1"], "S6": ["5.1"], "D1": ["5.1"], "D2": ["3.1", "5.1"], "S2": ["5.1"], "D4": ["4.6"]}
        for k in "SD":
            for rule in sorted({r for pair in best[k] for r in sums[pair] if r[0] == k}):
                proven = rule in of_x
                for x, y in best[k]:
                    if rule in sums[x, y]:
                        sides = (x, y) if rule in ("S2", "D4") else (x,)
                        proven = proven and all(self.proof(p, i) >= 2 for i in of_x[rule] for p in sides)
                lines.append((POINTS[rule], proven))
        of_all = {"L1": "4.6", "L3": "4.6", "L2": "3.2"}
        for rule in self.state["logo"]:
            lines.append((POINTS[rule], rule in of_all and all(self.proof(p, of_all[rule]) >= 2 for p in self.ids)))
        return 100 * sum(w for w, ok in lines if ok) / sum(w for w, _ in lines)


def read_room(room):
    """The whole result, with exact figures; pairs for three and more parties."""
    whole = Reading(room)
    result = whole.result()
    if len(whole.ids) > 2:
        conflicts, _ = whole.conflicts()
        result["pairs"] = {}
        for i, x in enumerate(whole.ids):
            for y in whole.ids[i + 1 :]:
                one = Reading(room, [x, y], conflicts).result()
                name = "-".join(sorted((x, y)))
                result["pairs"][name] = {"kind": one["kind"], **one["scores"], "load": one["load"], "red": one["red"]}
    return result
