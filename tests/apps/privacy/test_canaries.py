"""R22: twenty marks about one person are planted everywhere; after the erasure none is found."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from apps.rooms.cast import Cast, come_in, fill, fresh, make_cast, room_of_two, seal_short
from guards.canaries import database_content
from mutualist.apps.core.audit import verify
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.core.outbox import post
from mutualist.apps.core.roles import owner
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Membership, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.privacy import erasing, wiping
from mutualist.apps.privacy.erasing import erase, reapply
from mutualist.apps.privacy.exporting import as_json, export_person, says
from mutualist.apps.privacy.finding import Finder
from mutualist.apps.privacy.models import ErasedPerson
from mutualist.apps.privacy.nightly import run_due
from mutualist.apps.privacy.people import person_of_mail
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.models import Answerer, Opening

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = "kaethe.kanari7@nordwerk.test"
OTHER_MAIL = "privat.kanari8@kanari.test"
NAME, OLD_NAME = "Käthe Kanarienvogel", "Käthe Geborenfink"
MARKS: Mapping[str, str] = {
    "mail": MAIL,
    "other address": OTHER_MAIL,
    "name": NAME,
    "former name": OLD_NAME,
    "seat name": "K. Kanari-Platz",
    "token": "Kanari-Schluessel",
    "device": "Kanari-Browser 12",
    "place": "198.51.100.x-kanari",
    "passkey": "Kanari-Passkey",
    "other service": "kanari-uid-4711",
    "other service's data": "Kanari-Profil",
    "session": "kanari-in-der-sitzung",
    "support": "Kanari-Supportfall",
    "draft": "Kanari-Entwurf bis Ende 2029",
    "answer kept for a repeat": "kanari-antwort-auf-wiederholung",
    "subject of a mail": "Kanari-Betreff",
    "text of a mail": "Kanari-Mailtext",
    "mail that names her": "Kanarienvogel hat Sie",
    "invitation": "eingeladen.kanari9@kanari.test",
    "error of a mail server": "550 kanari unbekannt",
}
#: These stand in the database encrypted; whether they are gone is asked of what can be decrypted.
SEALED = {"draft", "subject of a mail", "text of a mail", "mail that names her"}


@pytest.fixture
def cast(settings) -> Cast:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    return make_cast()


def forms(mark: str) -> Iterator[bytes]:
    yield mark.encode()
    yield json.dumps(mark)[1:-1].encode()
    yield mark.lower().encode()
    yield mark.encode().hex().encode()


def hits(content: bytes) -> set[str]:
    return {what for what, mark in MARKS.items() if any(form in content for form in forms(mark))}


def readable() -> bytes:
    """Return everything that can be read with the keys of this installation."""
    mails = [
        json.dumps(mail.letter, ensure_ascii=False) + mail.to for mail in OutboxMail.objects.all()
    ]
    return "\n".join(mails).encode()


def files(*folders: Path) -> bytes:
    """Return every file of the data folders but the database's, which is looked at by itself."""
    found = [f for folder in folders for f in folder.rglob("*") if f.is_file()]
    return b"\n".join(f.read_bytes() + f.name.encode() for f in found)


def plant(cast: Cast) -> User:
    """Käthe joins Nordwerk, leads a room with Clara, and leaves traces wherever one can."""
    user = identity.create_user(email=MAIL, name=OLD_NAME, language="de")
    Membership.objects.create(user=user, organisation=cast.nordwerk, role="member")
    identity.change_name(NAME, actor=actor_of(user))
    user.refresh_from_db()
    actor = actor_of(user)
    identity.create_api_token(MARKS["token"], actor=actor)
    _through_the_account_library(user)
    _in_rooms(cast, user)
    _in_the_log(cast, user)
    _in_other_tables(cast, user)
    return user


def _through_the_account_library(user: User) -> None:
    get = apps.get_model
    address = get("account.EmailAddress")
    address.objects.create(user=user, email=MAIL, verified=True, primary=True)
    address.objects.create(user=user, email=OTHER_MAIL, verified=True)
    get("mfa.Authenticator").objects.create(
        user=user, type="webauthn", data={"name": MARKS["passkey"]}
    )
    account = get("socialaccount.SocialAccount").objects.create(
        user=user,
        provider="oidc",
        uid=MARKS["other service"],
        extra_data={"profile": MARKS["other service's data"]},
    )
    get("socialaccount.SocialToken").objects.create(account=account, token="kanari")
    get("identity.SignIn").objects.create(
        user=user,
        session_key="k" * 32,
        created=now(),
        last_seen=now(),
        device=MARKS["device"],
        place=MARKS["place"],
    )
    session = SessionStore()
    session["_auth_user_id"], session["note"] = str(user.pk), MARKS["session"]
    session.create()


def _in_rooms(cast: Cast, user: User) -> None:
    """A room of hers with a draft, an opened one she left her seal in, and a seat by mail alone."""
    mine = room_of_two(cast)
    actions.add_colleague(actor=cast.anna, room=mine, name=NAME, email=MAIL, language="de")
    person = Answerer.objects.get(room=mine, email=MAIL)
    person.user = user
    person.save(update_fields=["user"])
    actor = actor_of(user)
    actions.save_answer(actor=actor, room=mine, item="1.1", value=MARKS["draft"], version=0)
    opened = room_of_two(cast)
    invitation = actions.add_colleague(
        actor=cast.anna, room=opened, name=MARKS["seat name"], email=OTHER_MAIL, language="de"
    )
    guest = come_in(invitation)
    fill(guest, opened, {"1.4": "gt3"})
    actions.hand_over(actor=cast.anna, room=opened, answerer_id=invitation.answerer.pk)
    seal_short(opened, guest, cast.clara)
    actions.press_open(actor=guest, room=opened)
    actions.press_open(actor=cast.clara, room=opened)
    actions.agree_binding(actor=guest, room=fresh(opened), text="Wir binden uns.")


def _in_the_log(cast: Cast, user: User) -> None:
    member = Membership.objects.get(user=user)
    identity.change_role(cast.nordwerk.uid, member.pk, "reader", actor=cast.anna)
    identity.invite_member(
        cast.tauwerk.uid, email=OTHER_MAIL, role="reader", language="de", actor=cast.clara
    )
    identity.invite_member(
        cast.tauwerk.uid, email=MARKS["invitation"], role="reader", language="de", actor=cast.clara
    )
    apps.get_model("account.EmailAddress").objects.create(
        user=user, email=MARKS["invitation"], verified=True
    )


def _in_other_tables(cast: Cast, user: User) -> None:
    post(EmailMessage(MARKS["subject of a mail"], MARKS["text of a mail"], to=[MAIL.title()]))
    post(EmailMessage("Gruß", f"{NAME} hat Sie eingeladen.", to=["clara@example.org"]))
    OutboxMail.objects.filter(to=MAIL.title()).update(error=MARKS["error of a mail server"])
    apps.get_model("core.IdempotencyKey").objects.create(
        caller=f"user:{user.pk}",
        key="k",
        request_hash="0" * 64,
        status=200,
        answer=MARKS["answer kept for a repeat"].encode(),
        created=now(),
    )
    apps.get_model("support.SupportSession").objects.create(
        operator_id=cast.dora.user_id,
        person=user,
        reason=MARKS["support"],
        begun=now(),
        ends=now(),
    )


@pytest.fixture
def noisy(caplog: Any) -> Any:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_nothing_is_left_of_twenty_marks(cast: Cast, noisy: Any, tmp_path: Path) -> None:
    assert len(MARKS) == 20
    plant(cast)
    _require_a_copy_of_all()
    data = Path(configured.MUTUALIST_DATA)
    before = hits(database_content()) | hits(readable())
    assert set(MARKS) - before <= {"draft", "session"}, "what is planted is found before"
    results = [list(row) for row in Opening.objects.order_by("pk").values_list()]
    seen = {room.pk: queries.export_room(cast.clara, room) for room in _rooms(cast)}

    noisy.clear()
    done = erase(person_of_mail(MAIL))

    assert done.rows > 20
    assert hits(database_content()) == set()
    assert hits(readable()) == set()
    assert hits(files(data, tmp_path)) == set()
    assert hits(noisy.text.encode()) == set()
    assert not Finder(person_of_mail(OTHER_MAIL)).all()
    chains = set(AuditEntry.objects.values_list("chain", flat=True))
    assert len(chains) > 8
    assert [fault for chain in sorted(chains) for fault in verify(chain)] == []
    assert [list(row) for row in Opening.objects.order_by("pk").values_list()] == results
    assert {room.pk: queries.export_room(cast.clara, room) for room in _rooms(cast)} == seen
    _require_that_pages_still_work(cast)


def _require_a_copy_of_all() -> None:
    """Whatever the erasure has to find, the copy has to hand out, but for what is nobody's business."""
    document = export_person(person_of_mail(MAIL), with_answers=True, language="de")
    missing = set(MARKS) - hits(as_json(document).encode())
    hidden = {"passkey", "session", "answer kept for a repeat", "error of a mail server"}
    assert missing == {*hidden, "mail that names her"}
    assert not any("clara@" in text or text == "Clara" for text in says(document))


def _require_that_pages_still_work(cast: Cast) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    for room in _rooms(cast):
        for path in (
            "",
            "people/",
            *(("result/", "result/pledges/") if room.state == "opened" else ()),
        ):
            assert client.get(f"/rooms/{room.uid}/{path}").status_code == 200, path
    assert client.get(f"/organisation/{cast.nordwerk.uid}/").status_code == 200


def _rooms(cast: Cast) -> list[Any]:
    from mutualist.apps.rooms.models import Room

    return list(Room.objects.visible_to(cast.clara).order_by("pk"))


def test_the_search_notices_what_is_forgotten(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave one table out, then leave the free pages alone: neither goes unnoticed."""
    plant(cast)
    take_out = erasing._take_out
    for label in ("core.auditpersonal", "identity.organisationinvitation", "core.outboxmail"):
        monkeypatch.setattr(
            erasing,
            "_take_out",
            lambda h, finder, pks, label=label: (
                None if h.label == label else take_out(h, finder, pks)
            ),
        )
        with pytest.raises(RuntimeError, match="left rows behind"):
            erase(person_of_mail(MAIL))
        assert User.objects.filter(email=MAIL).exists(), "nothing happened at all"
    monkeypatch.undo()
    monkeypatch.setattr(erasing, "wipe_pending", lambda: True)
    erase(person_of_mail(MAIL))
    if connection.vendor == "sqlite":
        assert hits(database_content()), "deleted rows are in the file until it is wiped"


def test_a_restored_backup_is_cleaned_again(cast: Cast) -> None:
    """The list outlives the database; whoever came back later of their own will stays."""
    plant(cast)
    erase(person_of_mail(MAIL))
    back = User.objects.create_user(MAIL, name=NAME)
    User.objects.filter(pk=back.pk).update(date_joined="2020-01-01T00:00:00Z")
    room = room_of_two(cast)
    actions.add_colleague(
        actor=cast.anna, room=room, name=MARKS["seat name"], email=OTHER_MAIL, language="de"
    )
    apps.get_model("privacy.ErasedPerson").objects.all().delete()
    assert reapply() == 2
    assert hits(database_content()) == set()
    again = User.objects.create_user(MAIL, name="Käthe, neu")
    assert reapply() == 0
    assert User.objects.filter(pk=again.pk).exists()


def files_of_tables() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relfilenode FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE n.nspname = current_schema() AND relkind = 'r'"
        )
        return dict(cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is one file")
def test_only_tables_with_erased_rows_are_written_anew_and_only_once(cast: Cast) -> None:
    """On PostgreSQL nobody can read a table that is written anew, so the others are left alone."""
    before = files_of_tables()
    run_due()
    assert files_of_tables() == before, "nobody was erased"
    done = erase(person_of_mail("ben@example.org"))
    if owner() is not None:
        assert files_of_tables() == before, "the serving role does not own the tables"
        assert {name for row in ErasedPerson.objects.all() for name in row.unwiped} == set(
            done.tables
        )
    run_due()
    after = files_of_tables()
    changed = {name for name in after if after[name] != before[name]}
    assert {"identity_user", "identity_membership"} <= changed
    assert changed == set(done.tables)
    assert not {"rooms_sealedanswers", "core_auditanchor", "rooms_opening"} & changed
    run_due()
    assert files_of_tables() == after, "there is nothing left to wipe"


def test_what_could_not_be_wiped_waits_and_doctor_tells(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutualist.apps.operations.checks import Asked, examine

    def said() -> str:
        return next(one.state for one in examine(Asked()) if one.name == "erased")

    with monkeypatch.context() as away:
        away.setattr(wiping, "wipe", lambda _tables: False)
        erase(person_of_mail("ben@example.org"))
        run_due()
    row = ErasedPerson.objects.get()
    assert {"identity_user", "identity_membership"} <= set(row.unwiped)
    ErasedPerson.objects.update(erased_at=now() - timedelta(days=3))
    assert said() == "warning"
    run_due()
    assert ErasedPerson.objects.get().unwiped == []
    assert said() == "ok"
