"""The generated set of the bench, a quarter of its size: far better than a lottery in every respect at once."""

from __future__ import annotations

import sys
from pathlib import Path

from mutualist.domain.programme.routing import Field, assign, fairness

BENCH = Path(__file__).resolve().parents[4] / "bench"


def test_every_enquiry_reaches_an_able_partner_near_and_nobody_is_flooded(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCH), *sys.path])
    from routing_scene import lottery, scene

    firms, asked = scene(300, 600, seed=7)
    by_id = {one.id: one for one in firms}
    ids = list(by_id)

    def able(chosen):
        pairs = zip(asked, chosen, strict=True)
        return sum(one.abilities <= by_id[who.partner].abilities for one, who in pairs) / len(asked)

    given = assign(Field(firms), asked).chosen
    assert all(one is not None for one in given)
    ours, theirs = fairness(given, ids), fairness(lottery(firms, asked, 7), ids)
    assert able(given) == 1
    assert able(lottery(firms, asked, 7)) < 0.4
    assert ours.median_km <= 50
    assert theirs.median_km > 100
    assert ours.times_mean <= 2
    assert theirs.times_mean > 3
    assert given == assign(Field(firms[::-1]), asked).chosen
