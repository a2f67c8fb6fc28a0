"""Imports of facts: looked at first, stored once, taken back to what was before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.programme.cast import browser
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.programme.actions.fact_imports import KEPT, WAITS, put_by, sweep, take_back
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.actions.levels import settle
from mutualist.apps.programme.models import FactBefore, FactImport, FactRow, Programme, Relation
from mutualist.apps.programme.public import vendor_standing

HEAD = "partner;id;day;customer;amount\n"


def sale(at: int, amount: str, partner: str = "P-1") -> tuple[int, dict[str, str]]:
    day = today().isoformat()
    return at, {"partner": partner, "id": f"S-{at}", "day": day, "customer": "A", "amount": amount}


def stored() -> dict[str, str]:
    return {one.external_id: str(one.values["amount"]) for one in FactRow.objects.all()}


def test_an_import_taken_back_leaves_what_was_before(channel):
    first = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5"), sale(2, "6")])
    before = stored()
    second = import_facts(
        standing=channel.anna, table="sales", rows=[sale(1, "5"), sale(2, "7"), sale(3, "8")]
    )
    assert (second.new, second.changed, second.rows) == (1, 1, 3)
    assert stored() == {"S-1": "5", "S-2": "7", "S-3": "8"}
    take_back(standing=channel.anna, stored=second.import_uid)
    assert stored() == before
    assert not FactBefore.objects.exists()
    take_back(standing=channel.anna, stored=first.import_uid)
    assert stored() == {}
    kinds = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(kinds)[-1] == "programme.facts.taken_back"


def test_only_the_last_import_of_a_table_is_taken_back(channel):
    first = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5")])
    import_facts(standing=channel.anna, table="sales", rows=[sale(1, "6")], file_name="Oktober.csv")
    with pytest.raises(ActionError, match=r"Oktober\.csv"):
        take_back(standing=channel.anna, stored=first.import_uid)
    assert stored() == {"S-1": "6"}


def test_an_import_is_taken_back_once_and_not_after_a_long_time(channel):
    made = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5")])
    take_back(standing=channel.anna, stored=made.import_uid)
    with pytest.raises(ActionError, match="already"):
        take_back(standing=channel.anna, stored=made.import_uid)
    old = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5")])
    long_ago = now() - KEPT - timedelta(minutes=1)
    FactImport.objects.filter(uid=old.import_uid).update(at=long_ago)
    with pytest.raises(ActionError, match=str(KEPT.days)):
        take_back(standing=channel.anna, stored=old.import_uid)
    assert stored() == {"S-1": "5"}


def test_a_level_that_came_with_an_import_is_up_for_review_once_it_is_taken_back(channel):
    made = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "90000")])
    risen = Relation.objects.get(pk=channel.tauwerk.pk).level
    assert risen
    take_back(standing=channel.anna, stored=made.import_uid)
    settle(programme=channel.programme, actor=Actor.system(), day=today())
    assert Relation.objects.get(pk=channel.tauwerk.pk).level == risen, "levels fall by people"


def look(channel, content: str, do: str = "look"):
    upload = SimpleUploadedFile("sales.csv", content.encode(), "text/csv")
    return browser(channel.cast.anna).post(
        reverse("programme:importing", args=[channel.programme.uid]),
        {"table": "sales", "file": upload, "do": do},
    )


def test_a_file_is_looked_at_first_and_stored_once(channel):
    import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5"), sale(2, "6")])
    day = today().isoformat()
    answer = look(channel, HEAD + f"P-1;S-1;{day};A;5\nP-1;S-2;{day};A;60\nP-1;S-3;{day};A;70\n")
    page = browser(channel.cast.anna).get(answer.url).content.decode()
    assert "sales.csv" in page
    assert page.count('<dd class="num">1</dd>') == 4
    assert stored() == {"S-1": "5", "S-2": "6"}
    for _twice in range(2):
        assert browser(channel.cast.anna).post(answer.url, {"do": "store"}).status_code == 302
    assert stored() == {"S-1": "5", "S-2": "60", "S-3": "70"}
    assert FactImport.objects.filter(state="stored").count() == 2
    assert FactImport.objects.exclude(content=None).count() == 0


def test_a_file_that_is_put_aside_leaves_nothing(channel):
    answer = look(channel, HEAD + f"P-1;S-1;{today()};A;5\n")
    browser(channel.cast.anna).post(answer.url, {"do": "aside"})
    assert not FactImport.objects.exists()
    assert stored() == {}


def test_a_wrong_file_is_told_at_once_when_looked_at(channel):
    answer = look(channel, HEAD + "P-9;S-1;2026-01-01;A;5\n")
    assert answer.status_code == 422
    assert "P-9" in answer.content.decode()
    assert not FactImport.objects.exists()


def test_files_that_nobody_stores_are_forgotten(channel):
    made = put_by(standing=channel.anna, table="sales", file_name="a.csv", content=b"x")
    assert sweep() == 0
    FactImport.objects.filter(pk=made.pk).update(at=now() - WAITS - timedelta(minutes=1))
    sweep()
    assert not FactImport.objects.exists()


def test_readers_look_and_rivals_find_nothing(channel):
    made = import_facts(
        standing=channel.anna, table="sales", rows=[sale(1, "5")], file_name="Mai.csv"
    )
    home = reverse("programme:importing", args=[channel.programme.uid])
    back = reverse("programme:facts_back", args=[channel.programme.uid, made.import_uid])
    page = browser(channel.cast.ben).get(home)
    assert "Mai.csv" in page.content.decode()
    assert back not in page.content.decode()
    assert browser(channel.cast.ben).post(back).status_code in {403, 404}
    for stranger in (channel.cast.clara, channel.cast.dora):
        assert browser(stranger).get(home).status_code == 404
        assert browser(stranger).post(back).status_code == 404
    assert stored() == {"S-1": "5"}


def test_an_import_of_another_programme_is_not_there(channel):
    made = import_facts(standing=channel.anna, table="sales", rows=[sale(1, "5")])
    theirs = Programme.objects.create(organisation=channel.cast.grauwerk, name="Grau", slug="grau")
    dora = vendor_standing(channel.cast.dora, theirs.uid)
    with pytest.raises(NotAllowed):
        take_back(standing=dora, stored=made.import_uid)
    assert stored() == {"S-1": "5"}
