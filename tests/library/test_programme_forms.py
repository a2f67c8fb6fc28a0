"""Every form of the language that a query has to put otherwise than Python does, in two rule sets, cell by cell."""

from __future__ import annotations

import random

import pytest
import yaml

from domain.programme.batch.comparing import cutoffs_of, differences
from domain.programme.batch.random_facts import DrawFacts
from domain.programme.batch.random_rules import AS_OF, LISTS, PARTNER, TABLES
from mutualist.domain.programme.batch.values import NotInOneQueryError
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.library.programme_runs import score_in_duckdb, tables_of

FORMS = """
groups:
  bought: {from: sales, by: [customer], take: sum(amount)}
  pairs: {from: links, by: [customer, kind], take: count}
  days: {from: exams, by: [passed], take: any}
  sizes: {from: links, by: [seats], take: count, during: ever}
  kinds: {from: links, by: [customer], take: latest(kind)}
measures:
  large: {from: sales, where: "bought[customer] > 10 and customer in bought", take: count(distinct customer)}
  paired: {from: links, where: "[customer, kind] in pairs", take: "sum(pairs[customer, kind])"}
  dated: {from: exams, where: "passed in days", take: count, during: ever}
  sized: {from: links, where: "seats in sizes and (seats / 3 in sizes or sizes[seats * 2 / 2] >= 1)", take: count, during: ever}
  of_kind: {from: links, where: "kinds[customer] = kind", take: average(seats)}
  known: {from: sales, where: "lookup('a', rates, label) = b and lookup(zz, rates, rate) is empty", take: count}
  even: {from: sales, take: "sum(lookup(offer, even, weight) * pieces)"}
  nothing: {from: sales, take: "sum(lookup(offer, rates, nothing))"}
  later: {from: links, where: "max(since, ended) >= 2026-01-01 and min(since, 2026-03-01) < ended", take: count, during: ever}
  ages: {from: exams, take: "sum(months_since(2025-01-31) + days_since(2025-01-31) - days_since(passed))", during: ever}
  labels: {from: sales, where: "(offer if pieces > 1 else customer) in [a, 'x y'] and not (region is empty)", take: count}
  ended_last: {from: links, take: max(ended), during: any day of last 12 months}
  joined: {from: exams, take: count, during: since partner.enrolled}
  counted_then: {from: exams, where: "valid(name, counted, passed) or within_latest(name, versions, 2)", take: count, during: ever}
metrics:
  one: {value: large + paired, points: "linear(value, 9, 20)", max: 20}
  two: {value: "ratio(sized, dated)", points: "per_unit(value, 5, 30)", max: 30, applies: "ended_last is not empty or partner.special"}
  three: {value: of_kind, points: "round(value / 7, 1) if value > 2 else 1", max: "3 if partner.special else 10"}
  four: {value: "growth(ages, even, 1)", points: "brackets(value, [[0, 1], [50, 4]])", applies: "partner.country is not empty"}
  five: {value: later + joined + known + labels, points: "gate(at_least(2, value > 2, top, partner.special), value)", max: 50}
  six: {value: counted_then, points: "max(value - 3, floor(value / 2), 0)"}
  seven: {value: nothing}
  eight: {value: "weighted_average([[large, 0.7], [of_kind, 0.3]])", points: "per_whole_unit(value, 2, 9) + sum(ceil(large / 2), of_kind)"}
  nine: {value: "ratio(large, 0)", points: "min(value, 3)", applies: "all(large > 0, any(paired > 1, dated > 1)) and partner.country in [a, b]"}
tracks:
  first: {metrics: [one, two, seven]}
  second: {metrics: [three, four, eight, nine], when: "partner.staff > 3"}
relative:
  top: {of: one, best: 25 %, within: country}
  few: {of: sized, best: 40 %}
total: "track.first.total + track.second.total / 3 + points.five + points.six"
cap: 60
levels:
  - {id: base}
  - {id: low, requires: ["total > 3"]}
  - {id: middle, cumulative: false, requires: ["top or few", "all_positive()"]}
  - {id: high, requires: ["met.low", "max(partner.enrolled, 2025-01-01) < 2026-01-01", "(partner.country if partner.special else DE) = a"]}
qualified: met.high or few
"""
REGIONS = """
regions: {field: region}
groups:
  bought: {from: sales, by: [customer], take: sum(amount)}
  linked: {from: links, by: [customer], take: sum(seats)}
measures:
  sold: {from: sales, where: "linked[customer] > 1 or offer in counted", take: sum(amount)}
  seats: {from: links, where: "customer in bought", take: sum(seats)}
  good: {from: bought, where: "value > 0", take: count}
  marks: {from: exams, take: average(mark)}
metrics:
  trade: {value: sold, points: "linear(value, 300, 20)"}
  rooms: {value: seats + good, points: "per_whole_unit(value, 1, 30)"}
  skill: {value: marks, points: "brackets_from(value, [[0, 2], [4, 6]])"}
total: best of tracks
tracks:
  goods: {metrics: [trade, rooms], when: "sold > 20"}
  people: {metrics: [skill, rooms]}
levels: [{id: here, requires: ["all_positive()"]}, {id: low, requires: ["total >= 1"]}, {id: high, requires: ["total >= 8", "marks > 1"]}]
"""


def rules(text):
    lists = LISTS | {
        "even": {
            "columns": {"weight": "number"},
            "rows": [{"item": "a", "weight": 2}, {"item": "b", "weight": 2}],
        },
        "rates": {
            "columns": LISTS["rates"]["columns"] | {"nothing": "number"},
            "rows": LISTS["rates"]["rows"],
        },
    }
    return read_rules(
        {
            "schema": "programme/1",
            "id": "forms",
            "version": "1",
            "effective": {"from": "2020-01-01"},
            "partner": PARTNER,
            "facts": TABLES,
            "lists": lists,
            **yaml.safe_load(text),
        }
    )


def population(read):
    return DrawFacts(random.Random(11), read).population(25, 14)


WEIGHTED = (
    REGIONS.partition("total:")[0]
    + """
total: {weighted: {trade: 0.5, rooms: 0.25, skill: 0.25}}
levels: [{id: low, requires: ["total >= 1"]}, {id: high, requires: ["total >= 8"]}]
"""
)
#: Who is among the few hangs on who is at the top, so one query has to come after the other.
CHAINED = FORMS.replace("few: {of: sized,", "few: {of: five,")


#: Too long to be written out twice in one query.
SUM = f"({' + '.join(['seats'] * 9)})"
#: As before, and the link between the two goes over a second metric.
CHAINED_TWICE = FORMS.replace("few: {of: sized,", "few: {of: seven,").replace(
    "seven: {value: nothing}", "seven: {value: points.five + large}"
)
#: Seats of any day that ever was; of two tracks one is never chosen, and of three levels one never met.
FIRST_ONLY = (
    FORMS.partition("tracks:")[0].replace(
        "take: any}\n  sizes: {from: links, by: [seats], take: count, during: ever}",
        "take: any}\n  sizes: {from: links, by: [seats], take: count, during: any day of ever}",
    )
    + """
tracks:
  first: {metrics: [one, two, three, four]}
  second: {metrics: [eight], when: "1 > 2"}
relative: {top: {of: one, best: 25 %}}
total: best of tracks
levels: [{id: low, requires: ["total >= 1"]}, {id: high, requires: ["total >= 8"]}, {id: never, requires: ["1 > 2"]}]
"""
)


@pytest.mark.parametrize(
    "text",
    [FORMS, CHAINED, CHAINED_TWICE, FIRST_ONLY, REGIONS, WEIGHTED],
    ids=["partners", "chained", "chained-twice", "first-only", "regions", "weighted"],
)
def test_every_form_gives_the_same_cells(text):
    read = rules(text)
    firms = population(read)
    found = score_in_duckdb(read, tables_of(read, firms), AS_OF)
    assert differences(read, firms, AS_OF, found) == []
    assert len({one.total for one in found}) > 10
    assert len({one.level for one in found}) > 1


def test_given_limits_of_the_best_give_the_same_as_those_found():
    read = rules(FORMS)
    firms = population(read)
    tables, limits = tables_of(read, firms), cutoffs_of(firms, read, AS_OF)
    given = score_in_duckdb(read, tables, AS_OF, cutoffs=limits)
    assert differences(read, firms, AS_OF, given) == []


@pytest.mark.parametrize(
    ("measure", "what"),
    [
        ({"from": "links", "where": "3 in sizes", "take": "count"}, "constant number"),
        ({"from": "links", "where": "ratio(seats, seats) in sizes", "take": "count"}, "divided"),
        ({"from": "links", "where": f"floor({SUM} / 2) in sizes", "take": "count"}, "several"),
    ],
)
def test_what_no_query_holds_is_refused_with_its_reason(measure, what):
    text = yaml.safe_load(FORMS)
    read = rules(yaml.safe_dump(text | {"measures": text["measures"] | {"paired": measure}}))
    with pytest.raises(NotInOneQueryError, match=what):
        score_in_duckdb(read, tables_of(read, population(read)), AS_OF)
