"""The key-encryption key is changed, and whatever moment the process dies at nothing is lost."""

from __future__ import annotations

import base64
import secrets
from contextlib import contextmanager

import pytest

from mutualist.apps.core import keyring as keys
from mutualist.apps.core.audit import verify
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.keyring import LostKeyError, key_file, keyring, new_key_text
from mutualist.apps.core.models import KeyInUse, OutboxMail
from mutualist.apps.core.rotation import STEPS, in_use, rotate
from mutualist.apps.core.secret_files import write_once
from mutualist.apps.core.vault import (
    Vault,
    VaultError,
    check_key,
    new_wrapped_key,
    unwrap,
    wrap,
    wrapped_by,
)
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped, wrapped_columns

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"plans of Nordwerk"
COLUMN = "core.OutboxMail.key"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """A folder of keys of the test's own; and nothing of other apps in the way."""
    settings.MUTUALIST_KEY_FILE = tmp_path / "keys" / "key-encryption-key"
    monkeypatch.delenv("MUTUALIST_KEY", raising=False)
    monkeypatch.delenv("MUTUALIST_KEY_PREVIOUS", raising=False)
    return tmp_path / "keys"


def mail(wrapped=None):
    row = OutboxMail(to="anna@example.org", key=b"", content=b"")
    place = f"mail:{row.uid}".encode()
    row.key = wrapped(place) if wrapped else new_wrapped_key(context=place)
    row.content = Vault(row.key, place).encrypt(SECRET, aad=place)
    row.save()
    return row


def readable():
    places = [(row, f"mail:{row.uid}".encode()) for row in OutboxMail.objects.all()]
    return [Vault(row.key, place).decrypt(row.content, aad=place) for row, place in places]


class Killed(BaseException):
    """The process is gone at this moment: nothing of it runs any more."""


def kill_at(wanted):
    def step(name):
        if name == wanted:
            raise Killed

    return step


def test_the_key_is_changed_and_everything_still_opens():
    for _ in range(3):
        mail()
    old = keyring().current.id.hex()
    done = rotate()
    assert (done.old, done.count) == (old, 3)
    assert done.new != old
    assert keyring().current.id.hex() == done.new
    assert in_use()[COLUMN] == {done.new: 3}
    assert readable() == [SECRET] * 3
    assert [row.id for row in KeyInUse.objects.filter(until=None)] == [done.new]
    assert not key_file(".next").exists()
    assert keys.kek_of(key_file(".previous").read_text()).id.hex() == old
    assert list(verify("installation")) == []
    check_key()


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_wherever_it_stops(step):
    mail()
    first = keyring().current.id.hex()
    with pytest.raises(Killed):
        rotate(step=kill_at(step))
    keyring(afresh=True)
    check_key()
    assert readable() == [SECRET]
    mail()
    done = rotate()
    assert readable() == [SECRET] * 2
    assert in_use()[COLUMN] == {done.new: 2}
    if step in {"made", "rewrapped", "committed", "kept"}:
        # The key made then is the one in use now: an interrupted change is finished, not begun anew.
        assert done.old == first


@pytest.mark.parametrize("step", STEPS)
def test_it_may_stop_twice_in_the_same_place(step):
    mail()
    for _ in range(2):
        with pytest.raises(Killed):
            rotate(step=kill_at(step))
        assert readable() == [SECRET]
    rotate()
    assert readable() == [SECRET]


def test_a_running_server_notices_the_change():
    """Another process changes the key; this one knew only the old ones until now."""
    row = mail()
    place = f"mail:{row.uid}".encode()
    old = keyring().current
    new = keys.kek_of(write_once(key_file(".next"), new_key_text()))
    assert keyring().named(new.id) is None, "it is still the ring read before"
    row.key = wrap(new, unwrap(row.key, place), place)
    row.save()
    assert readable() == [SECRET]
    key_file(".next").replace(key_file())
    assert wrapped_by(new_wrapped_key(context=b"")) == new.id.hex() != old.id.hex()


def test_what_the_server_wrapped_with_the_old_key_meanwhile_is_rewrapped_too():
    old = keyring().current

    def meanwhile(step):
        if step == "changed":
            mail(lambda place: wrap(old, secrets.token_bytes(32), place))

    mail()
    done = rotate(step=meanwhile)
    assert in_use()[COLUMN] == {done.new: 2}
    assert done.count == 2


def test_keys_of_the_first_version_named_none_and_open(monkeypatch):
    old = keyring().current
    mail(lambda place: wrap(old, secrets.token_bytes(32), place)[9:])
    assert in_use()[COLUMN] == {"": 1}
    assert readable() == [SECRET]
    done = rotate()
    assert in_use()[COLUMN] == {done.new: 1}
    assert readable() == [SECRET]


def test_something_broken_changes_nothing():
    mail()
    broken = mail()
    OutboxMail.objects.filter(pk=broken.pk).update(key=bytes(broken.key)[:-1] + b"?")
    before = [bytes(row.key) for row in OutboxMail.objects.order_by("pk")]
    with pytest.raises(VaultError):
        rotate()
    assert [bytes(row.key) for row in OutboxMail.objects.order_by("pk")] == before


def test_a_key_in_a_variable_is_changed_by_its_owner(monkeypatch):
    one, two = new_key_text(), new_key_text()
    monkeypatch.setenv("MUTUALIST_KEY", one)
    mail()
    with pytest.raises(ActionError) as refused:
        rotate()
    assert refused.value.code == "key_in_variable"
    assert "MUTUALIST_KEY_PREVIOUS" in refused.value.message
    monkeypatch.setenv("MUTUALIST_KEY", two)
    monkeypatch.setenv("MUTUALIST_KEY_PREVIOUS", one)
    check_key()
    assert readable() == [SECRET]
    for step in ("rewrapped", "committed"):
        with pytest.raises(Killed):
            rotate(step=kill_at(step))
        assert readable() == [SECRET]
    rotate()
    monkeypatch.delenv("MUTUALIST_KEY_PREVIOUS")
    assert readable() == [SECRET]
    check_key()


@pytest.mark.parametrize("key", ["kurz", "!" * 60])
def test_a_wrong_previous_key_is_named(monkeypatch, key):
    monkeypatch.setenv("MUTUALIST_KEY", new_key_text())
    monkeypatch.setenv("MUTUALIST_KEY_PREVIOUS", key)
    with pytest.raises(SettingError, match="MUTUALIST_KEY_PREVIOUS"):
        check_key()
    with pytest.raises(VaultError):
        new_wrapped_key(context=b"")


def test_a_key_may_move_from_its_file_into_the_variable(monkeypatch):
    mail()
    monkeypatch.setenv("MUTUALIST_KEY", new_key_text())
    assert readable() == [SECRET]
    rotate()
    key_file().unlink()
    assert readable() == [SECRET]


def test_no_new_key_hides_that_the_old_one_is_lost():
    mail()
    key_file().unlink()
    with pytest.raises(LostKeyError, match="No new key was made"):
        check_key()
    assert not key_file().exists()
    with pytest.raises(VaultError):
        new_wrapped_key(context=b"")
    assert not key_file().exists()


def test_a_remembered_key_is_missed_even_where_no_row_can_be_seen():
    check_key()
    assert KeyInUse.objects.count() == 1
    key_file().unlink()
    with pytest.raises(LostKeyError):
        check_key()


def test_another_key_does_not_fit():
    check_key()
    key_file().write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    with pytest.raises(SettingError, match="does not fit the database"):
        check_key()


def test_a_database_without_tables_asks_for_nothing(monkeypatch):
    from django.db import connection

    monkeypatch.setattr(connection.introspection, "table_names", list)
    check_key()
    assert key_file().exists()
    assert KeyInUse.objects.count() == 0


def test_a_wrapped_key_needs_its_key_and_its_place():
    wrapped = new_wrapped_key(context=b"here")
    for broken in (b"", b"\x01", b"\x02", wrapped[:20], b"\x03" + wrapped[1:], wrapped[9:] + b"x"):
        with pytest.raises(VaultError):
            unwrap(broken, b"here")
    with pytest.raises(VaultError):
        unwrap(wrapped, b"there")
    with pytest.raises(VaultError, match="unreadable"):
        unwrap(b"\x02" + bytes(8) + wrapped[9:], b"here")


def test_columns_are_registered_once_and_asked_in_their_scope():
    with pytest.raises(ValueError, match="twice"):
        register_wrapped(wrapped_columns()[COLUMN])
    asked = []

    @contextmanager
    def scope():
        asked.append("in")
        yield

    row = mail()
    column = WrappedColumn("core.OutboxMail", "content", lambda _: b"", scope=scope)
    with column.scope():
        assert list(column.rows()) == [row]
    assert asked == ["in"]
    row.pk = 0
    with pytest.raises(RuntimeError, match="could not be written"):
        column.store(row, b"")


def test_every_binary_column_is_registered_or_known_to_hold_no_wrapped_key():
    """Whoever adds a wrapped key and forgets to register it would lose it at the next change of key."""
    from django.apps import apps
    from django.db.models import BinaryField

    ciphertexts = {
        "core.OutboxMail.content",
        "delivery.Endpoint.secret",
        "delivery.Endpoint.old_secret",
        "rooms.Draft.ciphertext",
        "rooms.SealedAnswers.ciphertext",
        "ventures.PrivateFigures.ciphertext",
        "projects.Withheld.ciphertext",
        "commissions.BankAccount.ciphertext",
        "commissions.PaymentRun.ciphertext",
        "commissions.Payment.ciphertext",
    }
    # A file of facts that waits; the facts themselves are kept in the clear as well.
    clear = {"programme.FactImport.content"}
    binary = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, BinaryField)
    }
    assert binary - ciphertexts - clear == set(wrapped_columns())


def test_everything_that_is_kept_opens_after_a_change(monkeypatch):
    """Answers of a room, its mails, what was answered to a program: each in the table it has."""
    from apps.rooms.cast import make_cast, opened_room
    from mutualist.apps.core import wrapping
    from mutualist.apps.core.answers import Kept, pack, unpack
    from mutualist.apps.core.clock import now
    from mutualist.apps.core.models import IdempotencyKey
    from mutualist.apps.identity.second_factor import _vault as vault
    from mutualist.apps.rooms.queries import opened

    monkeypatch.setattr(wrapping, "PAGE", 1)
    cast = make_cast()
    room = opened_room(cast)
    kept = Kept(201, (), SECRET)
    digest, answer = pack(kept, b"asked", b"api:1\x00key")
    row = IdempotencyKey.objects.create(
        caller="api:1", key="key", request_hash=digest, status=201, answer=answer, created=now()
    )
    token = vault().encrypt(SECRET, aad=b"")
    before = opened(cast.anna, room).visible
    done = rotate()
    keyring(afresh=True)
    assert {key for column in in_use().values() for key in column} == {done.new}
    key_file(".previous").unlink()
    keyring(afresh=True)
    assert opened(cast.anna, room).visible == before
    row.refresh_from_db()
    assert unpack(201, digest, row.answer, b"asked", b"api:1\x00key") == (kept, True)
    assert vault().decrypt(token, aad=b"") == SECRET


def test_nothing_of_a_key_is_printed():
    ring = keyring()
    assert ring.current.secret.hex() not in repr(ring) + repr(ring.current) + str(ring)
