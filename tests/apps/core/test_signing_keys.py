"""A lost signing key is told and not made anew; a change on purpose keeps what was signed before."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutualist.apps.core import signing, signing_keys
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.anchors import anchored_head
from mutualist.apps.core.audit_check import verify_all
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.keyring import new_key_text
from mutualist.apps.core.models import AuditEntry, SigningKeyInUse
from mutualist.apps.core.secret_files import put_beside
from mutualist.apps.core.signing_keys import change, ours, require_fitting
from mutualist.apps.core.vault import check_key
from mutualist.domain.shared import Head

pytestmark = pytest.mark.django_db

HEAD = Head("room:1", 2, "ab" * 32, "2026-11-22T15:00:00+00:00", "")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    """Give each test keys of its own."""
    settings.MUTUALIST_DATA = tmp_path
    settings.MUTUALIST_KEY_FILE = tmp_path / "keys" / "key-encryption-key"
    monkeypatch.delenv("MUTUALIST_SIGNING_KEY", raising=False)


@pytest.fixture
def anchor():
    """Return the head of a log that was mailed."""
    from mutualist.apps.identity.actions import appoint_operator, create_user

    user = create_user(email="anna@nordwerk.example", name="Anna", language="en")
    appoint_operator("anna@nordwerk.example", operates=True, actor=Actor.system())
    return anchored_head(f"person:{user.pk}")


def faults() -> list[str]:
    return [fault.reason for fault in verify_all().faults]


def test_no_new_key_hides_that_the_one_of_a_mailed_head_is_lost(anchor) -> None:
    signing.key_file().unlink()
    for act in (signing.public_key, lambda: signing.signed_head(HEAD), check_key):
        with pytest.raises(signing.LostSigningKeyError, match="No new key was made"):
            act()
    assert not signing.key_file().exists()


def test_a_receipt_alone_is_reason_enough() -> None:
    """No head has been mailed yet; the start remembered the key a receipt was signed with."""
    check_key()
    signing.signed_receipt({"schema": "mutualist-receipt/1"})
    signing.key_file().unlink()
    with pytest.raises(SettingError, match="MUTUALIST_SIGNING_KEY"):
        check_key()
    assert not signing.key_file().exists()


def test_checking_the_log_makes_no_key(anchor) -> None:
    assert faults() == []
    signing.key_file().unlink()
    assert faults() == ["signature"]
    assert not signing.key_file().exists()


def test_looking_makes_and_remembers_nothing() -> None:
    check_key(make=False)
    assert not signing.key_file().exists()
    assert not SigningKeyInUse.objects.exists()
    check_key()
    assert [row.public for row in SigningKeyInUse.objects.all()] == [signing.public_key()]


def test_another_key_is_told(monkeypatch) -> None:
    check_key()
    monkeypatch.setenv("MUTUALIST_SIGNING_KEY", new_key_text())
    for make in (True, False):
        with pytest.raises(SettingError, match="does not fit the database"):
            require_fitting(make=make)


def test_the_page_of_a_room_says_it_in_words(client, anchor) -> None:
    from apps.rooms.cast import make_cast, room_of_two
    from mutualist.apps.identity.models import User

    AuditEntry.objects.filter(chain=anchor.chain).delete()
    User.objects.filter(email="anna@nordwerk.example").delete()
    cast = make_cast()
    room = room_of_two(cast)
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    assert client.get(f"/rooms/{room.uid}/proofs/").status_code == 200
    signing.key_file().unlink()
    answer = client.get(f"/rooms/{room.uid}/proofs/")
    assert answer.status_code == 503
    assert "signing key is missing" in answer.content.decode()


@pytest.mark.parametrize("lost", [False, True])
def test_after_a_change_what_was_signed_before_counts(anchor, lost) -> None:
    check_key()
    before = signing.public_key()
    if lost:
        signing.key_file().unlink()
    done = change()
    check_key()
    assert signing.public_key() == done.new != before
    assert done.former == ours()[1:] == (before,)
    assert faults() == []
    assert anchored_head(anchor.chain) == anchor, "a head that left stays as it was"
    assert signing.key_file(".previous").exists() is not lost
    again = change()
    assert again.former == (done.new, before)
    assert faults() == []


def test_a_key_slipped_into_the_database_counts_for_nothing(anchor) -> None:
    check_key()
    forger = signing.private_key(new_key_text(), "forger")
    public = signing.public_half(forger)
    row = SigningKeyInUse.objects.get()
    SigningKeyInUse.objects.create(
        public=public,
        since=row.since,
        until=row.since,
        vouched=forger.sign(signing_keys._message(public)).hex(),
    )
    assert ours() == (row.public,)
    assert public not in change().former


@pytest.mark.parametrize("step", ["written", "committed", "kept"])
def test_a_change_may_be_killed_at_any_moment(anchor, monkeypatch, step) -> None:
    class Killed(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise Killed

    def kept(*files: Path) -> None:
        put_beside(*files)
        raise Killed

    check_key()
    before = signing.public_key()
    where = "_vouch_for" if step == "written" else "put_beside"
    with monkeypatch.context() as patch:
        patch.setattr(signing_keys, where, kept if step == "kept" else killed)
        with pytest.raises(Killed):
            change()
    assert signing.public_key() == before
    done = change()
    check_key()
    assert signing.public_key() == done.new
    assert done.former == (before,)
    assert not signing.key_file(".next").exists()
    assert faults() == []


def test_a_key_in_a_variable_is_changed_by_its_owner(anchor, monkeypatch) -> None:
    monkeypatch.setenv("MUTUALIST_SIGNING_KEY", signing.key_file().read_text())
    signing.key_file().unlink()
    check_key()
    before = signing.public_key()
    with pytest.raises(ActionError, match="key_in_variable"):
        change()
    monkeypatch.setenv("MUTUALIST_SIGNING_KEY", new_key_text())
    with pytest.raises(SettingError, match="keys rotate --signing"):
        check_key()
    assert change().former == (before,)
    check_key()
    assert faults() == []
