"""Rules of a programme that cannot be used, and what is told of each: place, value and remedy, in both languages."""

from __future__ import annotations

RULES = """
schema: programme/1
id: small
version: "1"
words: {de: "Klein", en: "Small"}
effective: {from: 2026-01-01}
currency: EUR
facts:
  sales:
    words: {de: "Umsätze", en: "Sales"}
    date: day
    fields: {customer: text, amount: money}
measures:
  sold: {words: {de: "Umsatz", en: "Revenue"}, from: sales, take: sum(amount), during: last 12 months}
metrics:
  revenue: {words: {de: "Umsatz", en: "Revenue"}, value: sold, points: "linear(value, 100000, 100)"}
levels:
  - {id: silver, words: {de: "Silber", en: "Silver"}, requires: [{if: total >= 50}]}
"""
SECOND = """  second: {value: sold, points: "linear(value, 10, 100)"}
total: {weighted: {revenue: 0.6, second: 0.6}}
levels:"""
CIRCLE = """  other: {value: revenue, points: "linear(value, 10, 10)"}
levels:"""
FIXED = """  fixed: {value: "3", points: "linear(value, 10, 10)"}
levels:"""
LISTED_TWICE = """lists:
  skus: [{item: A, from: 2026-01-01, until: 2026-12-31}, {item: A, from: 2026-06-01}]
levels:"""
#: By what is wrong: the rules, and what the message says in each language.
BAD_RULES = {
    "a circle": (
        RULES.replace("value: sold,", "value: other,").replace("levels:", CIRCLE),
        {"en": ["revenue → other → revenue", "do without"], "de": ["im Kreis", "auskommen"]},
    ),
    "a level out of reach": (
        RULES.replace("total >= 50", "total >= 500"),
        {"en": ["levels.silver", "500", "Lower"], "de": ["levels.silver", "500", "Senken"]},
    ),
    "weights that do not add up": (
        RULES.replace("levels:", SECOND),
        {
            "en": ["total.weighted", " 1.2,", "must add up to 1"],
            "de": ["total.weighted", " 1,2,", "müssen 1"],
        },
    ),
    "a measure without data": (
        RULES.replace("from: sales", "from: audits"),
        {"en": ["measures.sold.from", "audits", "sales"], "de": ["audits", "Möglich sind: sales"]},
    ),
    "a metric without data": (
        RULES.replace("levels:", FIXED),
        {
            "en": ["metrics.fixed.value", "rests on no measure", "Name a measure"],
            "de": ["metrics.fixed.value", "hängt an keinem Messwert", "Nennen Sie einen Messwert"],
        },
    ),
    "an item twice on overlapping days": (
        RULES.replace("levels:", LISTED_TWICE),
        {
            "en": ["lists.skus", "The item A", "twice", "take one away"],
            "de": ["lists.skus", "Der Eintrag A", "zweimal", "einen streichen"],
        },
    ),
    "an end before the start": (
        RULES.replace("{from: 2026-01-01}", "{from: 2026-01-01, until: 2025-12-31}"),
        {
            "en": ["2025-12-31 lies before the start 2026-01-01"],
            "de": ["2025-12-31 liegt vor dem Anfang 2026-01-01"],
        },
    ),
}
