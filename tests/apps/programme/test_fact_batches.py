"""Facts of many batches: what fails in one of them leaves nothing, and taking back reaches all of them."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.identity import actions as identity
from mutualist.apps.programme.actions import fact_imports, facts
from mutualist.apps.programme.actions.fact_imports import put_by, take_back
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.models import FactBefore, FactImport, FactRow
from mutualist.apps.programme.queries import fact_checking
from mutualist.apps.programme.queries.fact_imports import content_of
from mutualist.apps.programme.queries.fact_reading import FileRows

HEAD = "partner;id;day;customer;amount\n"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Seven rows are four batches."""
    monkeypatch.setattr(fact_checking, "BATCH", 2)
    monkeypatch.setattr(fact_imports, "BATCH", 2)


def line(at: int, amount: str = "5", **more: str) -> str:
    row = {"partner": "P-1", "id": f"S-{at}", "day": f"{today()}", "customer": "A"} | more
    return ";".join([*row.values(), amount]) + "\n"


def read(*lines: str) -> FileRows:
    return FileRows("".join((HEAD, *lines)).encode(), "sales.csv", "sales")


def store(channel, *lines: str, **more):
    return import_facts(standing=channel.anna, table="sales", rows=read(*lines), **more)


def stored() -> dict[str, str]:
    return {one.external_id: one.values["amount"] for one in FactRow.objects.all()}


def test_rows_of_many_batches_are_stored_replaced_and_taken_back(channel):
    first = store(channel, *map(line, range(7)))
    before = stored()
    second = store(channel, *(line(at, "6" if at % 2 else "5") for at in range(9)))
    assert (second.rows, second.new, second.changed) == (9, 2, 3)
    assert len(stored()) == 9
    take_back(standing=channel.anna, stored=second.import_uid)
    assert stored() == before
    take_back(standing=channel.anna, stored=first.import_uid)
    assert not FactRow.objects.exists()
    assert not FactBefore.objects.exists()


def test_the_last_row_says_how_numbers_of_the_first_are_read(channel):
    store(channel, line(1, "1.440"), *map(line, range(2, 7)), line(7, "7,5"))
    assert (stored()["S-1"], stored()["S-7"]) == ("1440", "7.5")


def test_what_fails_while_rows_are_stored_leaves_nothing_and_the_file_waits_on(
    channel, monkeypatch
):
    lines = [HEAD, *map(line, range(7))]
    waiting = put_by(
        standing=channel.anna, table="sales", file_name="a.csv", content="".join(lines).encode()
    )
    kept = []

    def fails(source, batch):
        kept.append(batch)
        if len(kept) == 3:
            raise OSError("the disk is full")
        whole(source, batch)

    whole = facts._keep
    monkeypatch.setattr(facts, "_keep", fails)
    with pytest.raises(OSError, match="disk"):
        store(channel, *lines[1:], waiting=waiting.uid)
    assert not FactRow.objects.exists()
    waiting.refresh_from_db()
    assert (waiting.state, content_of(waiting)) == ("waiting", "".join(lines).encode())
    monkeypatch.undo()
    assert store(channel, *lines[1:], waiting=waiting.uid).rows == 7


def test_a_file_that_waits_is_shown_with_its_first_rows(channel):
    content = "".join([HEAD, *(line(at, str(at)) for at in range(1, 9))]).encode()
    upload = SimpleUploadedFile("sales.csv", content, "text/csv")
    answer = browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/",
        {"table": "sales", "file": upload, "do": "look"},
    )
    page = browser(channel.cast.anna).get(answer.url).content.decode()
    assert '<dd class="num">8</dd>' in page
    assert "<td>S-5</td>" in page
    assert "<td>S-6</td>" not in page
    assert browser(channel.cast.dora).get(answer.url).status_code == 404


def test_a_file_that_was_put_by_as_it_came_is_still_read(channel):
    made = put_by(standing=channel.anna, table="sales", file_name="a.csv", content=b"x")
    content = "".join([HEAD, line(1)]).encode()
    assert content_of(made) == b"x"
    FactImport.objects.update(content=content)
    address = f"/programmes/{channel.programme.uid}/facts/{made.uid}/"
    assert browser(channel.cast.anna).post(address, {"do": "store"}).status_code == 302
    assert stored() == {"S-1": "5"}


@pytest.mark.parametrize("own", ["S" * 81, ["S-1"], True])
@pytest.mark.parametrize("language", ["en", "de"])
def test_an_id_that_cannot_be_one_is_told(channel, own, language):
    token = identity.create_api_token("test", actor=channel.cast.anna)
    row = {"partner": "P-1", "id": own, "day": f"{today()}", "customer": "A", "amount": "5"}
    answer = Client(HTTP_ACCEPT_LANGUAGE=language).post(
        f"/api/v1/programmes/{channel.programme.uid}/facts",
        json.dumps({"table": "sales", "rows": [row]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422
    assert ", id: " in answer.json()["message"]
    assert not FactRow.objects.exists()
