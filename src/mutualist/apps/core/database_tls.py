"""How the way to the database is protected: TLS with a checked certificate, unless it never leaves this machine."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from mutualist.apps.core.environment import SettingError

#: What libpq takes; the names are those of its own addresses.
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey")
OPTIONS = ("sslmode", *FILES)
STRONG = "verify-full"
Way = Literal["local", "checked", "unchecked", "plain by choice", "plain"]


def options_from(variable: str, given: Mapping[str, list[str]]) -> dict[str, str]:
    """Read what stands behind the question mark of an address of a database."""
    found = {}
    for name, values in given.items():
        value = values[-1]
        if name not in OPTIONS:
            raise SettingError(
                f"{variable}: expected {', '.join(OPTIONS)} behind “?”, got {name!r}"
            )
        if name == "sslmode" and value not in MODES:
            raise SettingError(f"{variable}: sslmode: expected {STRONG}, got {value!r}")
        if name in FILES and value != "system" and not os.access(Path(value), os.R_OK):
            raise SettingError(f"{variable}: {name}: {value} can't be read")
        found[name] = value
    return found


def is_local(host: str) -> bool:
    """Whether a host is a socket or this machine, so that nobody between can listen."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def way_to(database: Mapping[str, Any]) -> Way:
    """Return how a database of the settings is reached; libpq's own variable counts as well."""
    mode = database.get("OPTIONS", {}).get("sslmode") or os.environ.get("PGSSLMODE", "")
    if not database["ENGINE"].endswith("postgresql") or is_local(database["HOST"]):
        return "local"
    if mode == STRONG:
        return "checked"
    if mode == "disable":
        return "plain by choice"
    return "unchecked" if mode in {"require", "verify-ca"} else "plain"
