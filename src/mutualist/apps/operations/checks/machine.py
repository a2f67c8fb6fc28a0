"""Python, the data folder, keys, the clock."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mutualist import __version__
from mutualist.apps.core import signing_keys
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.key_in_use import require_fitting
from mutualist.apps.core.keyring import from_environment, keyring, there_is_a_key
from mutualist.apps.core.vault import VaultError
from mutualist.apps.core.wrapping import anything_wrapped
from mutualist.apps.operations.checks.found import Asked, Finding, ok, warning, wrong
from mutualist.apps.operations.keys import key_files
from mutualist.apps.privacy.public import require_erasure_key
from mutualist.apps.rooms.public import a_key_opens
from mutualist.domain.shared import key_fingerprint

GIGABYTE = 10**9
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def version(_asked: Asked) -> Iterator[Finding]:
    """Name the program and what it runs on."""
    running = _("Mutualist {version}, Python {python}, {system}").format(
        version=__version__, python=platform.python_version(), system=platform.system()
    )
    yield ok("version", running)


def folder(_asked: Asked) -> Iterator[Finding]:
    """Look whether the data folder can be written to, by whom, and how much room is left."""
    place: Path = settings.MUTUALIST_DATA
    if not os.access(place, os.W_OK | os.X_OK):
        yield wrong(
            "folder.writable",
            _("The data folder {folder} cannot be written to.").format(folder=place),
            _("Give it to the user the server runs as: chown."),
        )
        return
    yield ok("folder.writable", _("The data folder is {folder}.").format(folder=place))
    if place.stat().st_mode & OTHERS:
        yield warning(
            "folder.private",
            _("Other users of this machine can look into the data folder."),
            _("chmod 700 {folder}").format(folder=place),
        )
    else:
        yield ok("folder.private", _("Nobody else can look into the data folder."))
    free = shutil.disk_usage(place).free / GIGABYTE
    said = _("{free} GB are free.").format(free=number_format(free, 1))
    needed = _("Make room: a full disk stops every write.")
    if free < 0.5:
        yield wrong("folder.space", said, needed)
    elif free < 5:
        yield warning("folder.space", said, needed)
    else:
        yield ok("folder.space", said)


def keys(_asked: Asked) -> Iterator[Finding]:
    """Look whether there are keys, who may read them, and whether they fit the database."""
    open_to_others = [file.name for file in key_files() if file.stat().st_mode & OTHERS]
    if open_to_others:
        yield wrong(
            "keys.private",
            _("Other users of this machine can read: {files}.").format(
                files=", ".join(open_to_others)
            ),
            _("chmod 600 on the files, and consider them known: change the key."),
        )
    elif key_files():
        yield ok("keys.private", _("Nobody else can read the keys."))
    try:
        with private_scope(MAINTENANCE):
            none_yet = not there_is_a_key() and not anything_wrapped()
        if none_yet:
            yield warning(
                "keys.present",
                _("There is no key-encryption key yet."),
                _("It is made at the first start."),
            )
        else:
            yield from _fitting()
    except (VaultError, SettingError) as error:
        yield wrong(
            "keys.fit",
            _("The key does not open the rooms of this database."),
            _told(error)
            or _("Restore the folder “keys” that belongs to this database from the backup."),
        )
    yield from _signing()
    yield from _erasures()


def _told(error: Exception) -> str:
    """Return what a setting is wrong about; it names files and variables, never what they hold."""
    return "" if isinstance(error, VaultError) else str(error)


def _fitting() -> Iterator[Finding]:
    with private_scope(MAINTENANCE):
        ring = keyring(afresh=True)
        require_fitting(ring, make=False)
        name, opens = ring.current.id.hex(), a_key_opens()
    place = _("a variable") if from_environment() else _("a file")
    yield ok("keys.present", _("The key {name} comes from {place}.").format(name=name, place=place))
    fits = _("It opens a room.") if opens else _("There is no room yet for it to open.")
    yield ok("keys.fit", fits)


def _signing() -> Iterator[Finding]:
    """Look whether receipts and heads can be signed with the key that signed those before."""
    try:
        signing_keys.require_fitting(make=False)
        mine = signing_keys.ours()
    except SettingError as error:
        yield wrong("keys.signing", _("The signing key is missing or another one."), str(error))
        return
    if mine:
        said = _("Receipts and heads are signed with {mark}.").format(mark=key_fingerprint(mine[0]))
        yield ok("keys.signing", said)
    else:
        yield ok("keys.signing", _("Nothing was signed yet; the signing key is made at first use."))


def _erasures() -> Iterator[Finding]:
    """Look whether people erased since a backup would be recognised after its restore."""
    try:
        require_erasure_key()
    except SettingError as error:
        yield wrong(
            "keys.erasures", _("The key of the list of erased people is missing."), str(error)
        )


def clock(_asked: Asked) -> Iterator[Finding]:
    """Look whether the clock can be right, and name the time zone of deadlines."""
    moment = datetime.now(UTC)
    built = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    local = timezone.localtime().strftime("%Y-%m-%d %H:%M %Z")
    said = _("It is {time}; deadlines end in the time zone {zone}.").format(
        time=local, zone=settings.TIME_ZONE
    )
    if moment.timestamp() < built.timestamp() - 86_400 or time.time() < 0:
        yield wrong(
            "clock", said, _("The clock is behind the program's own files: set it, use NTP.")
        )
    else:
        yield ok("clock", said)
