"""A licence computed twice: by the simulation, and by plain loops over scenarios and periods.

What was drawn is read from witnesses, parties that are paid one unit of money for each unit of a quantity; everything else
is computed anew from the words of the documentation.
"""

from __future__ import annotations

import numpy as np
import pytest

from domain.venture.described import venture
from mutualist.domain.venture import read_description, simulate

QUARTERS, COUNT = 10, 300
WITNESSES = {"U": "units * 1 [money/piece]", "P": "price * 1 [piece]", "R": "rejected * 1 [money]"}
SOURCE = venture(
    periods={"unit": "quarter", "count": QUARTERS},
    parties={
        "A": {"discount": 0.08}, "B": {"discount": 0.12},
        **{name: {"discount": 0.0} for name in (*WITNESSES, "D")},
    },
    drivers={
        "units": {"unit": "pieces", "low": 60, "likely": 100, "high": 170, "family": "lognormal",
                  "each": "period", "persistence": 0.6, "profile": "ramp"},
        "price": {"unit": "money/piece", "low": 8, "likely": 10, "high": 13},
    },
    profiles={"ramp": {"kind": "ramp", "from": 0.2, "to": 1, "periods": 4}},
    events={
        "late": {"probability": 0.4, "delay": 2, "lines": ["sales", "making"]},
        "rejected": {"probability": 0.3, "from": 4, "to": 7},
    },
    lines={
        "sales": {"party": "A", "amount": "units * price * (1 - rejected)", "from": 2},
        "making": {"party": "A", "kind": "cost", "amount": "units * 4 [money/piece]", "from": 2},
        "plant": {"party": "B", "kind": "investment", "amount": 900, "at": 0},
        "own": {"party": "A", "kind": "cost", "amount": "sales * 0.05"},
        **{f"w{name}": {"party": name, "amount": text} for name, text in WITNESSES.items()},
        "wD": {"party": "D", "amount": "dated"},
        "dated": {"amount": "100", "from": 1, "to": 1},
    },
    terms={
        "royalty": {"type": "share", "from": "A", "to": "B", "of": "sales", "over": "year", "minimum": 500,
                    "tiers": [{"up_to": 1500, "share": "20 %"}, {"share": 0.1}]},
        "service": {"type": "per_unit", "from": "A", "to": "B", "of": "units", "price": 0.6, "cap": 300,
                    "over": "total", "while": "units > 50"},
        "back": {"type": "reimbursement", "from": "A", "to": "B", "share": 0.5, "of": "plant"},
        "bonus": {"type": "milestone", "from": "A", "to": "B", "amount": 150, "when": "total(sales) > 3000 [money]"},
    },
    options={"leave": {"type": "stop", "party": "A", "from": 3, "notice": 1, "cost": 77,
                       "when": "sales < 500 [money]", "ends": ["royalty"]}},
)  # fmt: skip
# Whether an event delays is no quantity of a formula; a line that it delays tells: it comes in period 1 or later.
SOURCE["events"]["late"]["lines"].append("dated")


def year_of(period):
    return (period - 1) // 4


def sales_of(units, price, rejected, late):
    """Sales and making from period 2 on, each two periods later where the launch is late."""
    shift = 2 if late else 0
    sales, making = [0.0], [0.0]
    for t in range(1, QUARTERS + 1):
        source = t - shift
        runs = source >= 2
        sales.append(units[source] * price[source] * (1 - rejected[source]) if runs else 0.0)
        making.append(units[source] * 4 if runs else 0.0)
    return sales, making


def royalties(sales):
    """Return 20 % of the first 1,500 of a year and 10 % of the rest, at least 500 a year, pro rata in the last one."""
    paid = [0.0] * (QUARTERS + 1)
    for year in range(year_of(QUARTERS) + 1):
        periods = [t for t in range(1, QUARTERS + 1) if year_of(t) == year]
        sold = owed = 0.0
        for t in periods:
            sold += sales[t]
            due = 0.2 * min(sold, 1500) + 0.1 * max(sold - 1500, 0)
            paid[t] = due - owed
            owed = due
        least = 500 * len(periods) / 4
        paid[periods[-1]] += max(least - owed, 0.0)
    return paid


def left_at(sales):
    """Return the period from which on A has left: one after the first quarter from 3 on with sales below 500."""
    for t in range(3, QUARTERS + 1):
        if sales[t] < 500:
            return t + 1 if t + 1 <= QUARTERS else None
    return None


def by_loops(units, price, rejected, late):
    """Return the flows of A and B, period 0 first."""
    sales, making = sales_of(units, price, rejected, late)
    royalty, leaves = royalties(sales), left_at(sales)
    a, b = [-0.5 * 900.0], [-0.5 * 900.0]
    served = sold = 0.0
    paid_bonus = False
    for t in range(1, QUARTERS + 1):
        to_b = royalty[t] if leaves is None or t < leaves else 0.0
        service = min(0.6 * units[t] if units[t] > 50 else 0.0, 300 - served)
        served += service
        to_b += service
        sold += sales[t]
        if sold > 3000 and not paid_bonus:
            to_b, paid_bonus = to_b + 150, True
        cost = 77 if t == leaves else 0.0
        a.append(sales[t] - making[t] - 0.05 * sales[t] - to_b - cost)
        b.append(to_b)
    return a, b


def value(flows, rate):
    return sum(flow / (1 + rate) ** (t / 4) for t, flow in enumerate(flows))


def deepest(flows):
    total, low = 0.0, 0.0
    for flow in flows:
        total += flow
        low = min(low, total)
    return -low


def paid_back(flows):
    """Return the period from which on the sum stays at 0 or above; one more than the last if it never does."""
    sums = np.cumsum(flows)
    below = [t for t, one in enumerate(sums) if one < 0]
    return below[-1] + 1 if below else 0


@pytest.fixture(scope="module")
def run():
    return simulate(read_description(SOURCE), COUNT, 11, flows=True)


def test_every_flow_is_what_the_loops_find(run):
    flows = run.flows.astype(float)
    at = {party: row for row, party in enumerate(run.description.parties)}
    seen = {"late": 0, "left": 0, "capped": 0, "rejected": 0}
    for s in range(COUNT):
        units, price, rejected = (flows[at[name], s] for name in WITNESSES)
        late = flows[at["D"], s, 1] == 0
        a, b = by_loops(units, price, rejected, late)
        assert flows[at["A"], s] == pytest.approx(a, rel=2e-5, abs=0.01)
        assert flows[at["B"], s] == pytest.approx(b, rel=2e-5, abs=0.01)
        for name, found, rate in (("A", a, 0.08), ("B", b, 0.12)):
            assert run.values[at[name], s] == pytest.approx(value(found, rate), rel=1e-4, abs=0.05)
            assert run.outlay[at[name], s] == pytest.approx(deepest(found), rel=1e-4, abs=0.05)
            # A sum that touches 0 by rounding may count either way.
            if np.abs(np.cumsum(found)).min() > 0.1:
                assert run.payback[at[name], s] == paid_back(found)
        seen["late"] += late
        seen["left"] += left_at(sales_of(units, price, rejected, late)[0]) is not None
        seen["capped"] += 0.6 * sum(unit for unit in units[1:] if unit > 50) > 300
        seen["rejected"] += rejected[-1] > 0
    # The case is no case if nothing of it happens.
    assert all(0.1 * COUNT < times < COUNT for times in seen.values()), seen


def test_what_was_drawn_is_what_was_described(run):
    """Medians, tenths, likelihoods and the memory of the series, within four standard errors."""
    many = simulate(read_description(SOURCE), 20_000, 12, flows=True)
    at = {party: row for row, party in enumerate(many.description.parties)}
    units, price = many.flows[at["U"], :, -1], many.flows[at["P"], :, -1]
    for drawn, tenths in ((units, (60, 100, 170)), (price, (8, 10, 13))):
        for part, limit in zip((0.1, 0.5, 0.9), tenths, strict=True):
            error = 4 * np.sqrt(part * (1 - part) / 20_000)
            assert (drawn <= limit).mean() == pytest.approx(part, abs=error)
    assert (many.flows[at["D"], :, 1] == 0).mean() == pytest.approx(0.4, abs=0.014)
    happened = many.flows[at["R"]]
    assert happened[:, -1].mean() == pytest.approx(0.3, abs=0.013)
    assert happened[:, 3].max() == 0
    steps = np.diff(happened, axis=1).mean(axis=0)[3:7]
    assert steps == pytest.approx([0.075] * 4, abs=0.008)
    scores = [np.argsort(np.argsort(many.flows[at["U"], :, t])) for t in (QUARTERS - 1, QUARTERS)]
    rank = 6 / np.pi * np.arcsin(0.6 / 2)
    assert np.corrcoef(*scores)[0, 1] == pytest.approx(rank, abs=0.02)
