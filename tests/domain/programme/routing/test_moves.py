"""Where an enquiry can go from each status, and by whose hand: the whole table, written out once more."""

from __future__ import annotations

from itertools import product

import pytest

from mutualist.domain.programme.routing.lifecycle import MOVES, STATES, MoveError, moved, moves

#: Status, side, and what that side can do there with the status it leads to.
TABLE = """
received vendor offer=pending close=declined
received clock offer=pending expire=expired
received partner
pending vendor offer=pending close=declined
pending clock offer=pending lapse=received
pending partner accept=accepted turn_down=received
accepted vendor offer=pending win=won lose=lost close=declined
accepted clock offer=pending
accepted partner give_back=received win=won lose=lost
won vendor
won clock
won partner
lost vendor reopen=received
lost clock
lost partner
declined vendor reopen=received
declined clock
declined partner
expired vendor reopen=received
expired clock
expired partner
"""
KNOWN = {
    (status, side): dict(one.split("=") for one in ways)
    for status, side, *ways in (line.split() for line in TABLE.strip().splitlines())
}


def test_the_table_names_every_status_and_every_move():
    assert set(KNOWN) == set(product(STATES, ("vendor", "partner", "clock")))
    assert {move for ways in KNOWN.values() for move in ways} == set(MOVES)


@pytest.mark.parametrize(("status", "side"), sorted(KNOWN))
def test_each_side_can_do_what_the_table_says_and_nothing_else(status, side):
    ways = KNOWN[status, side]
    assert moves(status, side) == ways.keys()
    for move in MOVES:
        if move in ways:
            assert moved(status, move, side) == ways[move]
            continue
        with pytest.raises(MoveError) as error:
            moved(status, move, side)
        assert (error.value.move, error.value.status, error.value.side) == (move, status, side)
        assert str(error.value) == f"{side} cannot {move} what is {status}"


def test_states_are_new_then_active_then_closed():
    expected = {
        **dict.fromkeys(("received", "pending"), "new"),
        "accepted": "active",
        **dict.fromkeys(("won", "lost", "declined", "expired"), "closed"),
    }
    assert expected == STATES
