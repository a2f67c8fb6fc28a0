"""Which keys this installation signed with: the one in use, those before it, and changing it on purpose.

The database remembers public halves only. So a lost or wrong key is told at the start, and what a former key signed
still counts as ours: the key in use vouches for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import signing
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.keyring import new_key_text
from mutualist.apps.core.models import AuditAnchor, SigningKeyInUse
from mutualist.apps.core.secret_files import put_beside, sync_folder, write_once
from mutualist.domain.shared import key_fingerprint, signed_message

DOMAIN = "mutualist/former-signing-key/v1"
OTHER_KEY = (
    "The signing key does not fit the database: heads and receipts were signed with {wanted}, and {found} is here "
    "({place}). Restore the folder “keys” from the backup that belongs to the database. If the key was changed on "
    "purpose: mutualist keys rotate --signing"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of the signing key did: public halves, of the former keys the newest first."""

    new: str
    former: tuple[str, ...]


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


def anything_signed() -> bool:
    """Whether the database remembers a signing key or holds a head that was signed."""
    tables = _tables()
    wanted = (SigningKeyInUse, AuditAnchor)
    return any(
        model._meta.db_table in tables and model._default_manager.exists()  # noqa: SLF001
        for model in wanted
    )


def require_fitting(*, make: bool = True) -> None:
    """Refuse another signing key than the one this database was used with; remember the first one.

    Parameters
    ----------
    make
        Make and remember a first key where there is none; else only look.

    Raises
    ------
    SettingError
        If the key is missing, cannot be read, or is another one.
    """
    mine = signing.key_here()
    if mine is None:
        if make or anything_signed():
            mine = signing.key()
        else:
            return
    if SigningKeyInUse._meta.db_table not in _tables():  # noqa: SLF001  (public API of Django)
        return
    here, wanted = signing.public_half(mine), _in_use()
    if wanted is None:
        if make:
            _remember(here)
    elif wanted.public != here:
        place = signing.VARIABLE if signing.from_environment() else signing.key_file()
        raise SettingError(
            OTHER_KEY.format(
                wanted=key_fingerprint(wanted.public), found=key_fingerprint(here), place=place
            )
        )


def key_in_use() -> str | None:
    """Return the public key the database remembers as the one in use."""
    wanted = _in_use()
    return wanted.public if wanted else None


def _in_use() -> SigningKeyInUse | None:
    return SigningKeyInUse.objects.filter(until__isnull=True).first()


def _remember(public: str) -> SigningKeyInUse:
    row, _made = SigningKeyInUse.objects.update_or_create(
        pk=public, defaults={"until": None, "vouched": ""}, create_defaults={"since": now()}
    )
    return row


def ours() -> tuple[str, ...]:
    """Return the public keys whose signatures are ours, the one in use first; never make a key.

    Without the private key nothing is: who could write to the database could have put in any other.
    """
    mine = signing.key_here()
    if mine is None:
        return ()
    here = signing.public_half(mine)
    if SigningKeyInUse._meta.db_table not in _tables():  # noqa: SLF001
        return (here,)
    former = SigningKeyInUse.objects.exclude(pk=here).order_by("-since")
    return (here, *(row.public for row in former if _vouches(here, row)))


def signer_of(anchor: AuditAnchor, keys: tuple[str, ...]) -> str | None:
    """Return which of these keys a head that was mailed was signed with."""
    return next((key for key in keys if signing.head_holds(anchor.head(key), key)), None)


def _vouches(key: str, row: SigningKeyInUse) -> bool:
    return bool(row.vouched) and signing.holds(key, _message(row.public), row.vouched)


def _message(public: str) -> bytes:
    return signed_message(DOMAIN, {"former": public})


def change() -> Changed:
    """Sign with a new key from now on; the former one, lost or not, stays known.

    With the key in a variable, the one in it is taken for the new one. May be killed at any moment and called again.

    Raises
    ------
    ActionError
        ``key_in_variable`` if the key comes from a variable that still holds the former one.
    """
    from mutualist.apps.core.audit import record
    from mutualist.apps.core.audit_kinds import INSTALLATION

    new, wanted = _new(), _in_use()
    public = signing.public_half(new)
    if wanted is not None and wanted.public == public:
        # Stopped between the database and the file: all that is left is to put the file in its place.
        _put_in_place()
        return Changed(public, ours()[1:])
    former = _former(public)
    with transaction.atomic():
        row = _vouch_for(former, new)
        data = {
            "old": ", ".join(key_fingerprint(one) for one in former) or "-",
            "new": key_fingerprint(public),
        }
        record(
            "core.signing_key.changed",
            actor=Actor.system(),
            obj=row,
            chain=INSTALLATION,
            data=data,
        )
    _put_in_place()
    return Changed(public, former)


def _put_in_place() -> None:
    if signing.from_environment():
        return
    file = signing.key_file()
    if file.exists():
        put_beside(file, signing.key_file(".previous"))
    signing.key_file(".next").replace(file)
    sync_folder(file.parent)


def _former(new: str) -> tuple[str, ...]:
    """Return the keys to vouch for: those vouched for until now; without the key that did, all of them."""
    wanted, mine = _in_use(), signing.key_here()
    here = signing.public_half(mine) if mine else None
    if wanted is None:
        return (here,) if here and here != new else ()
    if here == wanted.public:
        return ours()
    rows = SigningKeyInUse.objects.exclude(pk=new).order_by("-since")
    return tuple(row.public for row in rows)


def _new() -> Any:
    wanted, mine = _in_use(), signing.key_here()
    if not signing.from_environment():
        beside = signing.key_file(".next")
        text = write_once(beside, new_key_text())
        sync_folder(beside.parent)
        return signing.private_key(text, str(beside))
    if mine is None or wanted is None or signing.public_half(mine) == wanted.public:
        raise ActionError(
            "key_in_variable",
            _(
                "The signing key comes from MUTUALIST_SIGNING_KEY, which no program can change. Make a new one with "
                "“mutualist keys new”, stop the server, set MUTUALIST_SIGNING_KEY to it, run this command again, "
                "and start the server."
            ),
        )
    return mine


def _vouch_for(former: tuple[str, ...], new: Any) -> SigningKeyInUse:
    public, moment = signing.public_half(new), now()
    for one in former:
        vouched = new.sign(_message(one)).hex()
        row, _made = SigningKeyInUse.objects.update_or_create(
            pk=one,
            defaults={"vouched": vouched},
            create_defaults={"since": moment, "vouched": vouched},
        )
        if row.until is None:
            row.until = moment
            row.save(update_fields=["until"])
    return _remember(public)
