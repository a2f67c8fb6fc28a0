"""Rule sets drawn at random, of every part the language has."""

from __future__ import annotations

import datetime as dt

from mutualist.domain.programme.rules.reading import read_rules

AS_OF = dt.date(2026, 3, 31)
WORDS = ("a", "b", "c", "d", "x y", "ä")
TABLES = {
    "sales": {
        "date": "day",
        "fields": {"customer": "text", "amount": "money", "offer": "text", "region": "text",
                   "pieces": {"type": "number", "decimals": 1}},
    },
    "links": {
        "date": "since",
        "until": "ended",
        "fields": {"customer": "text", "kind": "text", "active": "flag", "seats": {"type": "number", "decimals": 0}},
    },
    "exams": {
        "date": "passed",
        "until": "expires",
        "fields": {"person": "text", "name": "text", "mark": {"type": "number", "decimals": 2}, "region": "text"},
    },
}  # fmt: skip
PARTNER = {
    "country": "text", "staff": {"type": "number", "decimals": 1}, "enrolled": "date", "special": "flag",
}  # fmt: skip
LISTS = {
    "counted": [
        {"item": "a"}, {"item": "b", "counts_until": "2026-03-30"}, {"item": "c", "counts_until": "2026-03-31"},
        {"item": "x y", "counts_from": "2026-03-31"},
    ],
    "rates": {
        "columns": {"rate": "number", "label": "text"},
        "rows": [
            {"item": "a", "rate": 2.5, "label": "b"}, {"item": "b", "rate": 3}, {"item": "d", "label": "c"},
            {"item": "ä", "rate": 0.125},
        ],
    },
    "versions": [
        {"item": "a", "from": "2024-01-01"}, {"item": "b", "from": "2025-01-01"}, {"item": "c", "from": "2026-03-31"},
        {"item": "d", "from": "2026-04-01"},
    ],
}  # fmt: skip
WINDOWS = [
    "last 12 months", "last 28 days", "last 2 weeks", "last closed month", "last 3 closed months", "last closed quarter",
    "last 4 closed quarters", "last closed year", "this month", "this quarter", "this year", "since partner.enrolled",
    "ever", "last 18 months",
]  # fmt: skip


class Draw:
    """Draws one rule set.

    Parameters
    ----------
    random
        Where chance comes from.
    """

    def __init__(self, random):
        self.random = random
        self.groups = {}
        self.measures = {}
        self.metrics = {}

    def one(self, *things):
        return self.random.choice(things)

    def many(self, low, high, make):
        return [make() for _ in range(self.random.randint(low, high))]

    # -- formulas --------------------------------------------------------------------------------

    def number(self, scope, depth=2):
        names = scope["number"]
        if depth == 0 or self.random.random() < 0.25:
            constant = self.one("0", "1", "2", "3.5", "10", "0.1", "25")
            return self.random.choice([*names, *names, constant]) if names else constant
        a, b, c = (lambda: self.number(scope, depth - 1) for _ in range(3))
        form = self.random.randrange(18)
        simple = {
            0: lambda: f"({a()} + {b()})",
            1: lambda: f"({a()} - {b()})",
            2: lambda: f"{a()} * {b()}",
            3: lambda: f"({a()} if {self.flag(scope, depth - 1)} else {b()})",
            4: lambda: f"max({a()}, {b()}, {c()})",
            5: lambda: f"min({a()}, {b()})",
            6: lambda: f"sum({a()}, {b()})",
            7: lambda: f"floor({a()})",
            8: lambda: f"round({a()}, {self.one(0, 1, 2)})",
            9: lambda: f"ceil({a()})",
            10: lambda: f"{a()} / {self.one(2, 3, 7)}",
            11: lambda: f"per_unit({a()}, {self.one('2', '0.5', a())}, {self.one(10, 25)})",
            12: lambda: f"per_whole_unit({a()}, 3, 20)",
            13: lambda: f"linear({a()}, {self.one(5, 0.3, 40, a())}, {self.one(10, 30)})",
            14: lambda: (
                f"{self.one('brackets', 'brackets_from')}({a()}, [[0, 1], [2, 5], [10, 7.5]])"
            ),
            15: lambda: f"gate({self.flag(scope, depth - 1)}, {a()})",
            16: lambda: (
                f"days_since({self.random.choice(scope['date'])})" if scope["date"] else a()
            ),
            17: lambda: (
                f"months_since({self.random.choice(scope['date'])})" if scope["date"] else a()
            ),
        }
        return simple[form]()

    def divided(self, scope):
        """A number that may be divided by what comes from the facts."""
        a, b = (lambda: self.number(scope, 1) for _ in range(2))
        return self.one(
            lambda: f"ratio({a()}, {b()})",
            lambda: f"{a()} / {b()}",
            lambda: f"growth({a()}, {b()}, {self.one(0, 1, 5)})",
            lambda: f"growth({a()}, {b()})",
            lambda: f"weighted_average([[{a()}, 0.7], [{b()}, 0.3]])",
            lambda: f"linear(ratio({a()}, {b()}), 0.7, 20)",
            lambda: f"round(ratio({a()}, {b()}), 1)",
            lambda: f"max(ratio({a()}, {b()}), {a()})",
        )()

    def flag(self, scope, depth=2):
        texts, days, names = scope["text"], scope["date"], scope["flag"]
        every = scope["number"] + texts + days + names
        pick = self.random.choice
        form = self.random.randrange(12 if depth else 5)
        simple = {
            0: lambda: pick(names),
            1: lambda: f"{pick(texts)} {self.one('=', '!=')} '{self.one(*WORDS)}'",
            2: lambda: f"{pick(texts)} {self.one('in', 'not in')} [a, 'x y', b]",
            3: lambda: f"{pick(days)} {self.one('<', '>=', '=')} 2025-12-31",
            4: lambda: f"{pick(every)} is {self.one('', 'not ')}empty",
            5: lambda: f"({self.flag(scope, 0)} and {self.flag(scope, depth - 1)})",
            6: lambda: f"({self.flag(scope, 0)} or {self.flag(scope, depth - 1)})",
            7: lambda: f"not ({self.flag(scope, depth - 1)})",
            8: lambda: (
                f"at_least(2, {self.flag(scope, 0)}, {self.flag(scope, 0)}, {self.flag(scope, 0)})"
            ),
            9: lambda: f"{self.one('all', 'any')}({self.flag(scope, 0)}, {self.flag(scope, 0)})",
            10: lambda: self.listed(pick(texts), pick(days)),
        }
        needed = {0: names, 1: texts, 2: texts, 10: texts}
        if form in simple and needed.get(form, days):
            return simple[form]()
        left, right = (self.number(scope, max(depth - 1, 0)) for _ in range(2))
        return f"{left} {self.one('<', '<=', '>', '>=', '=', '!=')} {right}"

    def listed(self, text, day):
        return self.one(
            f"valid({text}, counted, {day})",
            f"valid({text}, counted)",
            f"within_latest({text}, versions, 2)",
            f"{text} in counted",
        )

    # -- rows ------------------------------------------------------------------------------------

    def fields(self, name):
        if name in self.groups:
            return self.groups[name]["shape"]
        kinds = {
            k: v if isinstance(v, str) else v["type"] for k, v in TABLES[name]["fields"].items()
        }
        kinds[TABLES[name]["date"]] = "date"
        if "until" in TABLES[name]:
            kinds[TABLES[name]["until"]] = "date"
        return kinds

    def rows(self, name):
        """The names a formula about the rows of a table or group may use."""
        kinds = self.fields(name)
        scope = {"number": [], "text": [], "date": ["day"], "flag": []}
        for field, kind in [
            *kinds.items(),
            *((f"partner.{k}", v) for k, v in self.partner_kinds()),
        ]:
            scope["number" if kind == "money" else kind].append(field)
        if kinds.get("customer") == "text":
            for group, made in self.groups.items():
                if made["by"] == ["customer"]:
                    scope[made["kind"]].append(f"{group}[customer]")
                    scope["flag"].append(f"(customer {self.one('in', 'not in')} {group})")
        if texts := [k for k, v in kinds.items() if v == "text"]:
            scope["number"].append(f"lookup({self.random.choice(texts)}, rates, rate)")
            scope["text"].append(f"lookup({self.random.choice(texts)}, rates, label)")
        return scope

    def partner_kinds(self):
        return [(k, v if isinstance(v, str) else v["type"]) for k, v in PARTNER.items()]

    def take(self, scope, kinds, dated):
        texts = [k for k, v in kinds.items() if v == "text"]
        number = self.number(scope, 1)
        plain = [k for k in scope["number"] if "[" not in k]
        choices = [("count", "number"), ("any", "flag"), (f"sum({number})", "number"), (f"max({number})", "number"),
                   (f"min({number})", "number"), (f"average({self.random.choice(plain)})", "number")]  # fmt: skip
        if texts:
            choices += [(f"count(distinct {self.random.choice(texts)})", "number")] * 3
            choices.append((f"count(distinct {', '.join(texts[:2])})", "number"))
        if dates := [k for k in kinds if kinds[k] == "date"]:
            choices.append((f"{self.one('max', 'min')}({self.random.choice(dates)})", "date"))
        if dated and texts:
            choices.append((f"latest({self.random.choice(texts)})", "text"))
            choices.append((f"latest({number})", "number"))
        return self.random.choice(choices)

    def time(self, name, made):
        if name in self.groups or self.random.random() < 0.3:
            return
        window = self.one(*WINDOWS)
        if "until" in TABLES[name] and self.random.random() < 0.4:
            window = f"any day of {window}"
        made["during"] = window
        if self.random.random() < 0.3:
            made["ago"] = self.one("12 months", "1 month", "40 days", "1 quarter")

    def source(self, names):
        name = self.random.choice(names)
        scope, kinds = self.rows(name), self.fields(name)
        made = {"from": name}
        if self.random.random() < 0.7:
            made["where"] = self.flag(scope)
        take, kind = self.take(scope, kinds, name in TABLES)
        made["take"] = take
        self.time(name, made)
        return made, kind, kinds

    def group(self, number):
        names = list(TABLES) + [
            name for name, made in self.groups.items() if made["by"] == ["customer"]
        ]
        made, kind, kinds = self.source(names)
        by = ["customer"] if "customer" in kinds and self.random.random() < 0.8 else [
            self.random.choice([k for k, v in kinds.items() if v in {"text", "date"} and k != "value"])
        ]  # fmt: skip
        if self.random.random() < 0.2:
            second = [
                k
                for k, v in kinds.items()
                if v in {"text", "date", "number"} and k not in by and k != "value"
            ]
            by += second[:1]
        made["by"] = by
        shape = {name: kinds[name] for name in by} | {"value": kind}
        self.groups[f"g{number}"] = {"rule": made, "by": by, "kind": kind, "shape": shape}

    # -- the whole -------------------------------------------------------------------------------

    def partner_scope(self, levels=False):
        scope = {"number": [], "text": [], "date": ["day"], "flag": []}
        for field, kind in self.partner_kinds():
            scope[kind].append(f"partner.{field}")
        for name, kind in self.measures.items():
            scope[kind] += [name, name]
        for name, made in self.metrics.items():
            scope["number"].append(name)
            if "points" in made:
                scope["number"].append(f"points.{name}")
        if levels:
            scope["number"] += ["total", "total"]
            scope["flag"] += ["all_positive()", "all_positive()"]
        return scope

    def rules(self):
        """Return a rule set."""
        for number in range(self.random.randint(1, 4)):
            self.group(number)
        measures = {}
        for number in range(self.random.randint(4, 8)):
            made, kind, _kinds = self.source([*TABLES, *TABLES, *self.groups])
            measures[f"m{number}"] = made
            self.measures[f"m{number}"] = kind
        relative = self.drawn_relative()
        for number in range(self.random.randint(2, 5)):
            self.metrics[f"k{number}"] = self.metric()
        document = {
            "schema": "programme/1", "id": "drawn", "version": "1", "effective": {"from": "2020-01-01"},
            "words": {"de": "x", "en": "x"}, "currency": "EUR",
            "exchange": [{"currency": "USD", "from": "2025-01-01", "rate": 0.9},
                         {"currency": "USD", "from": "2026-01-01", "rate": 0.95},
                         {"currency": "CHF", "from": "2020-01-01", "rate": 1.07}],
            "fiscal_year_starts": self.one(1, 4, 7), "partner": PARTNER, "facts": TABLES, "lists": LISTS,
            "groups": {name: made["rule"] for name, made in self.groups.items()},
            "measures": measures, "metrics": self.metrics,
        }  # fmt: skip
        if relative:
            document["relative"] = relative
        self.total(document)
        if not relative and self.random.random() < 0.35:
            document["regions"] = {"field": "region"}
        scope = self.partner_scope(levels=True)
        if relative:
            scope["flag"] += list(relative) * 2
        document["levels"] = [
            {"id": name, "words": {"de": name, "en": name}, "cumulative": self.random.random() < 0.7,
             "requires": [{"if": self.flag(scope)} for _ in range(self.random.randint(1, 2))]}
            for name in ("low", "middle", "high")
        ]  # fmt: skip
        if self.random.random() < 0.2:
            document["qualified"] = self.flag(scope)
        return read_rules(document)

    def metric(self):
        scope = self.partner_scope()
        value = self.divided(scope) if self.random.random() < 0.35 else self.number(scope)
        made = {"words": {"de": "x", "en": "x"}, "value": value}
        if self.random.random() < 0.9:
            own = {**scope, "number": ["value", "value", *scope["number"]]}
            made["points"] = self.number(own)
        if self.random.random() < 0.5:
            made["max"] = self.one(5, 20.5, 100)
        if self.random.random() < 0.3:
            made["applies"] = self.flag(scope, 1)
        return made

    def drawn_relative(self):
        numbers = [name for name, kind in self.measures.items() if kind == "number"]
        if not numbers or self.random.random() < 0.6:
            return {}
        made = {"of": self.random.choice(numbers), "best": self.one("3 %", "25 %", "50 %")}
        if self.random.random() < 0.5:
            made["within"] = "country"
        return {"best_ones": made}

    def total(self, document):
        paid = [name for name, made in self.metrics.items() if "points" in made]
        if self.random.random() < 0.5:
            tracks = {}
            for name in ("one", "two", "three")[: self.random.randint(1, 3)]:
                chosen = [metric for metric in self.metrics if self.random.random() < 0.6] or list(
                    self.metrics
                )[:1]
                tracks[name] = {"words": {"de": "x", "en": "x"}, "metrics": chosen}
                if self.random.random() < 0.5:
                    tracks[name]["when"] = self.flag(self.partner_scope(), 1)
            document["tracks"] = tracks
        way = self.random.random()
        if way < 0.2 and paid:
            document["total"] = "sum of metrics"
        elif way < 0.35 and len(paid) >= 2:
            document["total"] = {"weighted": {paid[0]: 0.3, paid[1]: 0.7}}
        elif way < 0.5:
            document["total"] = self.number(self.partner_scope())
        if self.random.random() < 0.4:
            document["cap"] = 100
