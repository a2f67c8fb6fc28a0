"""What a repeated write gets, who gets it, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import (
    Cast,
    come_in,
    fresh,
    invite_clara,
    open_two_sided,
    room_of_two,
    token_of,
)
from apps.writes.scenarios import API_WRITES, Write, browser, program, room_api, send
from guards.canaries import database_content, found_in
from mutualist.apps.core import idempotency
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import IdempotencyKey
from mutualist.apps.identity.models import ApiToken, Membership, Organisation, User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room

pytestmark = pytest.mark.django_db
FOUND = Write("POST", "/organisation/", form={"name": "Once AG"})


def _saving(room: Any, value: Any, version: int = 0) -> Write:
    path = room_api("save_answer", room, item="1.1")
    return Write("PUT", path, {"value": value, "version": version})


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_the_second_answer_is_the_first_to_the_byte(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    first = send(Client(), _saving(room, "One"), token=token, key="k1")
    actions.save_answer(actor=cast.anna, room=room, item="1.1", value="Two", version=1)
    again = send(Client(), _saving(room, "One"), token=token, key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert again["Content-Type"] == first["Content-Type"]
    from mutualist.apps.rooms.queries import draft_sheet

    assert draft_sheet(cast.anna, fresh(room)).answers["1.1"] == "Two", "it was not saved again"


def test_a_key_belongs_to_one_request(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 200
    other = send(Client(), _saving(room, "Two", 1), token=token, key="k1")
    assert _code(other) == (422, "key_reused")
    elsewhere = Write("POST", room_api("seal", room), {"confirm_open_items": True})
    assert _code(send(Client(), elsewhere, token=token, key="k1")) == (422, "key_reused")


def test_a_key_is_worth_nothing_to_anybody_else(cast: Cast) -> None:
    room = room_of_two(cast)
    write = Write("POST", reverse("api:create_room"), {
        "frame": {"name": "Once"}, "parties": [{"name": "One"}, {"name": "Two"}],
    })  # fmt: skip
    mine = send(Client(), write, token=program(cast.anna), key="same").json()["uid"]
    theirs = send(Client(), write, token=program(cast.clara), key="same").json()["uid"]
    second = send(Client(), write, token=program(cast.anna), key="same").json()["uid"]
    assert len({mine, theirs, second}) == 3, "another person, another program: another caller"
    assert room.uid not in {mine, theirs}


def test_a_deleted_token_gets_no_answer_once_more(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 200
    ApiToken.objects.all().delete()
    gone = send(Client(), _saving(room, "One"), token=token, key="k1")
    assert _code(gone) == (401, "unauthorized")


def test_whoever_owns_no_longer_gets_no_secret_once_more(cast: Cast) -> None:
    token, write = program(cast.anna), API_WRITES["add_webhook"](cast)
    first = send(Client(), write, token=token, key="k1")
    assert first.json()["secret"].startswith("whsec_")
    assert send(Client(), write, token=token, key="k1").content == first.content
    Membership.objects.filter(user_id=cast.anna.user_id).update(role="reader")
    again = send(Client(), write, token=token, key="k1")
    assert again.status_code == 404
    assert b"whsec_" not in again.content


def test_what_was_refused_is_tried_anew(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    seal = Write("POST", room_api("seal", room), {"confirm_open_items": False})
    assert _code(send(Client(), seal, token=token, key="k1")) == (422, "open_items")
    assert not IdempotencyKey.objects.exists()
    better = Write("POST", room_api("seal", room), {"confirm_open_items": True})
    assert send(Client(), better, token=token, key="k1").status_code == 200


def test_an_error_of_ours_leaves_neither_effect_nor_key(cast: Cast, monkeypatch: Any) -> None:
    token, room = program(cast.anna), room_of_two(cast)

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError

    move = Write("PUT", room_api("move_deadline", room), {"deadline": "2090-01-31"})
    with monkeypatch.context() as broken:
        # After the action, while its answer is written.
        broken.setattr("mutualist.apps.rooms.api._status", breaks)
        answer = send(Client(raise_request_exception=False), move, token=token, key="k1")
    assert answer.status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert fresh(room).deadline is None
    assert send(Client(), move, token=token, key="k1").status_code == 200


def test_an_effect_goes_with_its_answer(cast: Cast, monkeypatch: Any) -> None:
    """Where the answer cannot be kept, the write is undone: never one without the other."""
    token = program(cast.anna)

    def breaks(*_: Any) -> None:
        raise RuntimeError

    write = Write("POST", reverse("api:create_room"), {
        "frame": {"name": "Once"}, "parties": [{"name": "One"}, {"name": "Two"}],
    })  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "pack", breaks)
        answer = send(Client(raise_request_exception=False), write, token=token, key="k1")
    assert answer.status_code == 500
    assert not Room.objects.exists()
    assert send(Client(), write, token=token, key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 256, "schlüssel"])
def test_a_key_that_is_none_is_refused(cast: Cast, key: str) -> None:
    answer = Client().generic(
        "POST",
        reverse("api:create_room"),
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program(cast.anna)}", "Idempotency-Key": key},
    )
    assert _code(answer) == (422, "invalid_key")


def test_while_the_first_is_at_work_the_second_is_asked_to_wait(
    cast: Cast, monkeypatch: Any
) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    monkeypatch.setattr(idempotency, "PATIENCE", 0.05)
    meanwhile: list[Any] = []
    pack = idempotency.pack

    def while_it_runs(*parts: Any) -> Any:
        meanwhile.append(send(Client(), _saving(room, "One"), token=token, key="k1"))
        return pack(*parts)

    monkeypatch.setattr(idempotency, "pack", while_it_runs)
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 200
    assert [_code(one) for one in meanwhile] == [(409, "in_progress")]
    assert int(meanwhile[0]["Retry-After"]) > 0


def test_an_answer_under_a_lost_key_is_not_carried_out_again(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 200
    row = IdempotencyKey.objects.get()
    kept = bytes(row.answer)
    row.answer = kept[:-1] + bytes([kept[-1] ^ 1])
    row.save()
    assert _code(send(Client(), _saving(room, "One"), token=token, key="k1")) == (
        409,
        "answer_lost",
    )


def test_what_is_kept_tells_nothing(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    secret = "canary-A-once-more"
    assert send(Client(), _saving(room, secret), token=token, key="canary-key").status_code == 200
    assert found_in(database_content(), {secret, "canary-key", token}) == []
    row = IdempotencyKey.objects.get()
    send(Client(), _saving(room, secret + "!", 1), token=token, key="k2")
    other = IdempotencyKey.objects.exclude(pk=row.pk).get()
    assert len(row.answer) == len(other.answer), "lengths tell nothing, either"
    again = Write("PUT", _saving(room, 1).path, {"value": secret + "!", "version": 1})
    send(Client(), again, token=program(cast.anna), key="k2")
    assert len({one.request_hash for one in IdempotencyKey.objects.all()}) == 3, (
        "the same request of two callers has two digests: nobody finds an answer by trying"
    )


def test_without_a_key_nothing_is_kept(cast: Cast) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    assert send(Client(), _saving(room, "One"), token=token).status_code == 200
    assert browser(cast.anna).post("/organisation/", {"name": "Two AG"}).status_code == 302
    assert not IdempotencyKey.objects.exists()


def test_reading_keeps_nothing(cast: Cast) -> None:
    token = program(cast.anna)
    judge = Write("POST", reverse("api:verdict"), {"ruleset": "2026.2", "parties": {"A": "a", "B": "b"}, "answers": {}})  # fmt: skip
    assert send(Client(), judge, token=token, key="k1").status_code == 200
    read = Client().get(
        reverse("api:list_rooms"),
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k2"},
    )
    assert read.status_code == 200
    assert not IdempotencyKey.objects.exists()


def test_old_keys_are_forgotten(cast: Cast, settings: Any) -> None:
    token, room = program(cast.anna), room_of_two(cast)
    send(Client(), _saving(room, "One"), token=token, key="k1")
    assert idempotency.forget_old_keys(now() + timedelta(hours=47, minutes=59)) == 0
    assert idempotency.forget_old_keys(now() + timedelta(hours=48, minutes=1)) == 1
    assert not IdempotencyKey.objects.exists()
    settings.MUTUALIST_REPLAY_HOURS = 168
    send(Client(), _saving(room, "Two", 1), token=token, key="k1")
    assert idempotency.forget_old_keys(now() + timedelta(hours=167)) == 0


# Pages


def test_a_double_click_founds_one_organisation(cast: Cast) -> None:
    client = browser(cast.anna)
    page = client.get("/organisation/").content.decode()
    key = page.split('name="idempotency_key" value="')[-1].split('"')[0]
    assert len(key) >= 24
    before = Organisation.objects.count()
    first, second = (send(client, FOUND, key=key) for _ in range(2))
    assert Organisation.objects.count() == before + 1
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    said = [str(one) for one in get_messages(second.wsgi_request)]
    assert said == ["Once AG has been created."] * 2, "the browser shows the second answer"


def test_each_form_has_a_key_of_its_own(cast: Cast) -> None:
    client = browser(cast.anna)
    pages = [client.get("/account/").content.decode() for _ in range(2)]
    keys = [
        part.split('"')[0] for page in pages for part in page.split('idempotency_key" value="')[1:]
    ]
    assert len(keys) == len(set(keys)) >= 8


def test_a_form_changed_and_sent_again_is_another_write(cast: Cast) -> None:
    client = browser(cast.anna)
    send(client, FOUND, key="k" * 24)
    other = Write("POST", "/organisation/", form={"name": "Twice AG"})
    assert send(client, other, key="k" * 24).status_code == 302
    assert Organisation.objects.filter(name__in=["Once AG", "Twice AG"]).count() == 2


def test_a_form_of_somebody_else_gets_no_answer(cast: Cast) -> None:
    send(browser(cast.anna), FOUND, key="k" * 24)
    answer = send(browser(cast.dora), FOUND, key="k" * 24)
    assert "Idempotency-Replayed" not in answer
    assert Organisation.objects.filter(name="Once AG").count() == 2


def test_protection_against_forged_forms_comes_first(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    client.get("/organisation/")
    good = {**FOUND.form, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post("/organisation/", {**good, "idempotency_key": "k" * 24}).status_code == 302
    bad = {**FOUND.form, "csrfmiddlewaretoken": "x" * 32, "idempotency_key": "k" * 24}
    forged = client.post("/organisation/", bad)
    assert forged.status_code == 403
    assert "Idempotency-Replayed" not in forged


def test_an_ended_link_gets_no_answer_once_more(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    client = Client()
    entered = client.post(f"/s/{token_of(invitation)}/", {"idempotency_key": "e" * 24})
    assert entered.status_code == 302
    assert not IdempotencyKey.objects.exists(), "who comes in by a link gets a session, no copy"
    path = reverse("rooms:answer", args=[room.uid, 1])
    form = {"version-1.4": "0:none", "1.4.value": "gt3", "idempotency_key": "k" * 24}
    assert client.post(path, form).status_code == 302
    assert client.post(path, form)["Idempotency-Replayed"] == "true"
    person = Answerer.objects.get(room=room, name="Clara")
    actions.revoke_link(actor=cast.anna, room=room, answerer_id=person.pk)
    assert client.post(path, form).status_code == 404


def test_a_room_deleted_meanwhile_is_gone_for_repeated_requests_too(cast: Cast) -> None:
    token, room = program(cast.anna), open_two_sided(cast)
    come_in(invite_clara(cast, room), cast.clara)
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 200
    delete = Write("DELETE", room_api("delete_room", room))
    assert send(Client(), delete, token=token, key="k2").status_code == 204
    assert send(Client(), delete, token=token, key="k2").status_code == 204
    assert send(Client(), _saving(room, "One"), token=token, key="k1").status_code == 404


def test_files_are_part_of_what_is_sent(cast: Cast) -> None:
    client = browser(cast.greta)

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("rooms.xlsx", content)
        return client.post("/convene/", {"workbook": file, "idempotency_key": "k" * 24})

    from mutualist.apps.rooms.bulk import bulk_template

    assert upload(bulk_template("en")).status_code in {302, 422}
    assert upload(b"no workbook").status_code == 422


def test_choosing_a_language_sets_the_cookie_each_time(cast: Cast) -> None:
    client = browser(cast.anna)
    for _ in range(2):
        form = {"language": "de", "next": "/", "idempotency_key": "k" * 24}
        answer = client.post(reverse("core:language"), form)
        assert answer.cookies["django_language"].value == "de"


def test_a_token_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    client = browser(cast.anna)
    before = ApiToken.objects.count()
    form = {
        "form": "token", "name": "Once", "scope": "write", "days": "30", "idempotency_key": "k" * 24,
    }  # fmt: skip
    first = client.post("/account/", form)
    assert 'id="new-token"' in first.content.decode()
    again = client.post("/account/", form)
    assert (again.status_code, again["Location"]) == (302, "/account/")
    assert ApiToken.objects.count() == before + 1


def test_the_clock_forgets_old_keys(cast: Cast) -> None:
    from mutualist.apps.core.schedule import tasks

    token, room = program(cast.anna), room_of_two(cast)
    send(Client(), _saving(room, "One"), token=token, key="k1")
    forget = tasks()["core.forget_keys"].run
    assert forget() == 0
    IdempotencyKey.objects.update(created=now() - timedelta(hours=49))
    assert forget() == 1
