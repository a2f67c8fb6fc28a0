"""A first look at all rows: what it says holds for them together, and of ids no repetition is missed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.rules.model import Field
from mutualist.domain.programme.scoring.cells import point_of
from mutualist.domain.programme.scoring.survey import id_of, survey

AMOUNT = {"amount": Field("amount", "number")}
IDS = st.one_of(st.sampled_from(["", " ", "a", "a ", "b", "1"]), st.integers(0, 3), st.none())
AMOUNTS = st.sampled_from(["", "7", "1.440", "7,5", "0.25", "1,440.5", "much"])
ROWS = st.lists(st.fixed_dictionaries({}, optional={"id": IDS, "amount": AMOUNTS}))


@given(ROWS)
def test_every_id_that_stands_twice_is_suspect(rows: list[dict[str, object]]) -> None:
    whole = survey(enumerate(rows, 2), AMOUNT)
    counts = Counter(own for row in rows if (own := id_of(row)) is not None)
    for own, times in counts.items():
        assert whole.is_suspect(own) is (times > 1)


@given(ROWS)
def test_what_it_says_of_the_rows(rows: list[dict[str, object]]) -> None:
    whole = survey(enumerate(rows, 2), AMOUNT)
    assert whole.rows == len(rows)
    assert set(whole.columns) == {name for row in rows for name in row}
    assert whole.points["amount"] == point_of(row["amount"] for row in rows if "amount" in row)
    nameless = [at for at, row in enumerate(rows, 2) if not str(row.get("id") or "").strip()]
    assert whole.nameless == (nameless[0] if nameless else None)


def test_a_digest_that_two_ids_share_is_a_suspicion_and_no_verdict() -> None:
    rows = [(1, {"id": "a"}), (2, {"id": "b"}), (3, {"id": "a"})]
    assert not survey(rows, {}).is_suspect("b")
    assert survey(rows, {}).is_suspect("a")
