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
from mutualist.apps.core.keyring import LostKeyError, from_environment, keyring
from mutualist.apps.core.roles import as_owner
from mutualist.apps.core.vault import VaultError
from mutualist.apps.operations.checks.found import Asked, Finding, ok, warning, wrong
from mutualist.apps.operations.keys import key_files, there_is_a_key
from mutualist.apps.rooms.public import a_key_opens

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
    if not there_is_a_key():
        yield warning(
            "keys.present",
            _("There is no key-encryption key yet."),
            _("It is made at the first start. If rooms exist already: restore the folder “keys”."),
        )
        return
    try:
        with as_owner():
            name = keyring().current.id.hex()
            opens = a_key_opens()
    except (VaultError, LostKeyError):
        yield wrong(
            "keys.fit",
            _("The key does not open the rooms of this database."),
            _("Restore the folder “keys” that belongs to this database from the backup."),
        )
        return
    place = _("a variable") if from_environment() else _("a file")
    yield ok("keys.present", _("The key {name} comes from {place}.").format(name=name, place=place))
    fits = _("It opens a room.") if opens else _("There is no room yet for it to open.")
    yield ok("keys.fit", fits)


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
