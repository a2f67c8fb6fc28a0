"""The instrument read sentence by sentence, without the rule file and without speed: a second opinion for tests.

It works on the raw answers and shares no code with the engine. Figures only, no words.
"""

from __future__ import annotations

from domain.plain_answers import CLASS, CORE, POINTS, SCOPE, TRADE, WEIGHT
from domain.plain_rules import Rules


class Reading(Rules):
    """The result of some of the parties of a room."""

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
        severity = {"considered": 1, "approved": 2, "running": 3}.get(
            self.get(x, "2.3", "plan", y), 0
        )
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
        if (
            not gives
            or not wants
            or any(row["type"] not in ("reference", "marketing") for row in gives)
        ):
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
            if len({c for one in public for c in one}) > len(
                set.intersection(*(set(e) for e in exists))
            ):
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
        if (
            value is not None
            and likely is not None
            and max(value, likely) > 0
            and max(value, likely) >= 2 * min(value, likely)
        ):
            found += 1
        return [f"H3:{x}>{y}"] * found

    def of_party(self, p):
        others = [o for o in self.ids if o != p]
        found = []
        if self.get(p, "5.6") == "shared" and (
            (self.income(p, TRADE) or 0) >= 50
            or any(self.pledge(p, o, "P3") == "no" for o in others)
        ):
            found.append("H4")
        if any(
            self.get(p, "2.3", "plan", o) == "no" and self.pledge(p, o, "P1") == "no"
            for o in others
        ):
            found.append("H4")
        gives = self.get(p, "4.1") or []
        found += ["H5" for row in gives if row["sure"] >= 80 and row.get("proof", 0) <= 1]
        level = self.get(p, "3.2", "level")
        if level not in (None, "half") and any(
            row["type"] in ("people", "cash", "capital") for row in gives
        ):
            found.append("H6")
        if self.frame.get("relation") == "same_group" and self.get(p, "6.5") == "nothing":
            found.append("H7")
        if self.get(p, "1.4") in ("project_end", "1to3") and self.get(p, "6.6") == "no":
            found.append("H8")
        if any(
            row["risk"] == "third_party" and row["chance"] >= 50 for row in self.get(p, "5.5") or []
        ):
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
        gates = {
            "goal": self.gate(measures["J1"], 0.5),
            "investment": self.gate(measures["J2"], 0.5),
        }
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
            [f"{r}:{x}>{y}" for k in "SD" for x, y in best[k] for r in sums[x, y] if r[0] == k]
            + logo
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
        return {
            n: next(iter(e)) if len(e) == 1 else None
            for n, e in zip((first, second), ends, strict=True)
        }

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
        for name, weight, item in (
            ("J1", 20, "1.6"),
            ("J2", 20, "3.2"),
            ("J3", 20, "5.1"),
            ("J4", 15, "3.1"),
            ("J5", 10, "2.2"),
        ):
            lines.append(
                (weight, name in known and all(self.proof(p, item) >= 2 for p in self.ids))
            )
        lines.append((15, False))
        of_x = {
            "S1": ["5.1"],
            "S6": ["5.1"],
            "D1": ["5.1"],
            "D2": ["3.1", "5.1"],
            "S2": ["5.1"],
            "D4": ["4.6"],
        }
        for k in "SD":
            for rule in sorted({r for pair in best[k] for r in sums[pair] if r[0] == k}):
                proven = rule in of_x
                for x, y in best[k]:
                    if rule in sums[x, y]:
                        sides = (x, y) if rule in ("S2", "D4") else (x,)
                        proven = proven and all(
                            self.proof(p, i) >= 2 for i in of_x[rule] for p in sides
                        )
                lines.append((POINTS[rule], proven))
        of_all = {"L1": "4.6", "L3": "4.6", "L2": "3.2"}
        lines += [
            (
                POINTS[rule],
                rule in of_all and all(self.proof(p, of_all[rule]) >= 2 for p in self.ids),
            )
            for rule in self.state["logo"]
        ]
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
                result["pairs"][name] = {
                    "kind": one["kind"],
                    **one["scores"],
                    "load": one["load"],
                    "red": one["red"],
                }
    return result
