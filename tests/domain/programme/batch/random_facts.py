"""Facts drawn at random, for any rule set."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from domain.programme.batch.random_rules import AS_OF, WORDS
from mutualist.domain.programme.scoring.facts import Facts, Row

CURRENCIES = (None, "", "EUR", "USD", "CHF", "XXX")
EDGES = [
    dt.date(2026, 3, 31), dt.date(2026, 3, 1), dt.date(2026, 2, 28), dt.date(2026, 4, 1), dt.date(2025, 3, 31),
    dt.date(2025, 4, 1), dt.date(2025, 2, 28), dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2024, 2, 29),
]  # fmt: skip


class DrawFacts:
    """Draws facts for a rule set from its fields.

    Parameters
    ----------
    random
        Where chance comes from.
    rules
        Name the tables and their fields.
    words
        Texts that are likely; those of the lists are known by themselves.
    """

    def __init__(self, random, rules, words=WORDS, as_of=AS_OF):
        self.random = random
        self.rules = rules
        items = [item for listing in rules.lists.values() for item in listing.items]
        self.words = [*words, *items]
        self.as_of = as_of

    def value(self, field):
        if self.random.random() < 0.12:
            return None
        if field.kind == "text":
            return self.random.choice(self.words)
        if field.kind == "flag":
            return self.random.random() < 0.5
        if field.kind == "date":
            return self.day()
        shown = self.random.choice([1, 4, 40, 3000, 70000])
        scale = 10 ** min(field.decimals, self.random.randint(0, 2))
        return Fraction(self.random.randint(-shown // 8, shown), scale)

    def day(self):
        if self.random.random() < 0.2 and self.as_of == AS_OF:
            return self.random.choice(EDGES)
        return self.as_of - dt.timedelta(days=self.random.randint(-60, 800))

    def row(self, number, table):
        values = {name: self.value(field) for name, field in table.fields.items()}
        for name, field in table.fields.items():
            if field.kind == "money":
                values[f"{name}_currency"] = self.random.choice(CURRENCIES)
        return Row(f"f{number}", values)

    def partner(self, number, rows):
        fields = {name: self.value(field) for name, field in self.rules.partner.items()}
        named = {**fields, "id": f"P{number}", "name": f"Partner {number}"}
        found = {
            name: tuple(self.row(at, table) for at in range(self.random.randint(0, rows)))
            for name, table in self.rules.tables.items()
            if self.random.random() < 0.9
        }
        return Facts(named, found)

    def population(self, partners, rows):
        return [self.partner(number, rows) for number in range(partners)]
