"""`mutualist keys ...`: the keys of this installation."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver, tell
from mutualist.cli.run import CommandError
from mutualist.cli.web import start_django
from mutualist.library.words import N_

HELP = N_("The keys of this installation: which are in use, and how to change them.")

HELPS: Final = {
    "status": (N_("Show which keys are in use and what needs them; never a key itself."),),
    "rotate": (
        N_("Change the key-encryption key: make a new one and rewrap everything with it."),
        N_(
            "May be stopped at any moment and called again. The old key stays beside the new one, since older backups "
            "need it. With --signing it is the key of the signature that is changed: when it is lost, or known to others."
        ),
    ),
    "new": (
        N_(
            "Print a fresh random key, for MUTUALIST_KEY, MUTUALIST_SIGNING_KEY or MUTUALIST_SECRET_KEY."
        ),
    ),
}


def status(
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Show which keys are in use and what needs them; never a key itself."""
    start_django()
    from django.db import DatabaseError

    from mutualist.apps.core import keyring
    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.roles import as_owner
    from mutualist.apps.core.rotation import in_use
    from mutualist.apps.core.signing import public_fingerprint, public_key

    try:
        ring = keyring.keyring(afresh=True)
        with as_owner():
            used = in_use()
        signing, mark = public_key(), public_fingerprint()
    except SettingError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error
    here = [key.id.hex() for key in ring.keys]
    source = "MUTUALIST_KEY" if keyring.from_environment() else str(keyring.key_file())
    if json_:
        document = {
            "schema": "mutualist-keys/1",
            "key": here[0],
            "source": source,
            "others": here[1:],
            "in_use": used,
            "signing_key": signing,
            "signing_key_fingerprint": mark,
        }
        deliver(as_json(document))
        return DONE
    print(_("Key-encryption key: {id} from {source}", id=here[0], source=source))
    for other in here[1:]:
        print(_("Beside it: {id}", id=other))
    for name, counts in sorted(used.items()):
        for key, count in sorted(counts.items()):
            said = key or _("unnamed, of the first version")
            lost = "" if not key or key in here else "  " + _("THIS KEY IS MISSING")
            print(f"  {name:28} {count:>8}  {said}{lost}")
    print(_("Signing key: {key}", key=signing))
    print(_("Its fingerprint: {mark}", mark=mark))
    return DONE


def rotate(
    signing: Annotated[
        bool,
        typer.Option("--signing", help=N_("Change the signing key instead; what it signed stays.")),
    ] = False,
) -> int:
    """Change the key-encryption key: make a new one and rewrap everything with it."""
    start_django()
    if signing:
        return _sign_anew()
    from django.db import DatabaseError
    from django.utils import translation

    from mutualist.apps.core import keyring
    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.errors import ActionError
    from mutualist.apps.core.roles import as_owner
    from mutualist.apps.core.rotation import rotate as change
    from mutualist.apps.core.vault import check_key

    steps = {
        "made": _("The new key is stored."),
        "committed": _("Everything is rewrapped."),
        "changed": _("The new key is in use."),
        "verified": _("Everything opens with the new key."),
    }

    def step(name: str) -> None:
        if name in steps:
            tell(steps[name])

    try:
        with translation.override(lang()), as_owner():
            check_key()
            done = change(step=step)
    except SettingError as error:
        raise CommandError(str(error)) from error
    except ActionError as error:
        with translation.override(lang()):
            raise CommandError(error.message) from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error
    print(
        _(
            "Changed from {old} to {new}: {count} keys.",
            old=done.old,
            new=done.new,
            count=done.count,
        )
    )
    if not keyring.from_environment():
        beside = keyring.key_file(".previous")
        tell(
            _(
                "Backups made before need the old key: {file}. Keep it with them, then delete it here.",
                file=beside,
            )
        )
    return DONE


def _sign_anew() -> int:
    """Change the key of the signature."""
    from django.db import DatabaseError
    from django.utils import translation

    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.errors import ActionError
    from mutualist.apps.core.signing_keys import change
    from mutualist.domain.shared import key_fingerprint

    try:
        with translation.override(lang()):
            done = change()
    except ActionError as error:
        with translation.override(lang()):
            raise CommandError(error.message) from error
    except SettingError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error
    print(_("Signing key: {key}", key=done.new))
    print(_("Its fingerprint: {mark}", mark=key_fingerprint(done.new)))
    for former in done.former:
        print(_("Signed before with: {mark}", mark=key_fingerprint(former)))
    tell(
        _(
            "Tell the people in your rooms the new fingerprint. Compare the former ones with their mails: "
            "what these keys signed counts as yours from now on."
        )
    )
    return DONE


def new() -> int:
    """Print a fresh random key."""
    import secrets

    print(secrets.token_urlsafe(48))
    return DONE
