"""What the settings read from the environment, checked where it is read."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo


class SettingError(ValueError):
    """An environment variable has a value that cannot be used."""


ON, OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


def flag(name: str, *, default: bool = False) -> bool:
    """Read a switch, in any case; absent or empty is the default.

    Another word stops the start: taken for "off", it could switch a protection off.
    """
    text = os.environ.get(name, "").strip().lower()
    if text and text not in ON | OFF:
        raise SettingError(f"{name}: expected 1 or 0, got {text!r}")
    return text in ON if text else default


def number(name: str, default: int, *, least: int, most: int | None = None) -> int:
    """Read a whole number; absent or empty is the default."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= (most or int(text)):
        to = f" to {most}" if most else ""
        raise SettingError(f"{name}: expected a whole number from {least}{to}, got {text!r}")
    return int(text)


def one_of(name: str, *allowed: str) -> str:
    """Read a word; absent or empty is the first that is allowed."""
    text = os.environ.get(name, "").strip().lower()
    if text and text not in allowed:
        raise SettingError(f"{name}: expected {' or '.join(allowed)}, got {text!r}")
    return text or allowed[0]


def level(name: str, default: str) -> str:
    """Read the level of the log; absent or empty is the default."""
    known = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    text = os.environ.get(name, "").strip().upper()
    if text and text not in known:
        raise SettingError(f"{name}: expected {' or '.join(known)}, got {text!r}")
    return text or default


def zone(name: str, default: str) -> str:
    """Read a time zone; absent or empty is the default."""
    text = os.environ.get(name, "").strip() or default
    try:
        ZoneInfo(text)
    except (OSError, ValueError, LookupError) as error:
        raise SettingError(f"{name}: expected a name such as {default}, got {text!r}") from error
    return text


def _split(variable: str, url: str) -> tuple[SplitResult, int | None]:
    """Take an address apart; a wrong one is named without what it says, which may be a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"{variable}: this is no address: host or port are wrong") from error
    return parts, port


def database_from(url: str | None, data: Path) -> dict[str, Any]:
    """Read ``postgresql://user:password@host:port/name``; absent means SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "mutualist.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON;",
            },
            # The last one to close a file copies its log of writes back and syncs again: not after each request.
            "CONN_MAX_AGE": 60,
            "TEST": {"NAME": data / "test.sqlite3"},
        }
    return _postgresql("MUTUALIST_DATABASE_URL", url)


def owner_from(url: str | None, serving: dict[str, Any]) -> dict[str, Any] | None:
    """Read the address of the role that owns the tables; absent means the serving role does."""
    if not url:
        return None
    name = "MUTUALIST_DATABASE_OWNER_URL"
    owner = _postgresql(name, url)
    if owner["NAME"] != serving.get("NAME"):
        raise SettingError(f"{name}: expected the same database as in MUTUALIST_DATABASE_URL")
    return owner


def _postgresql(variable: str, url: str) -> dict[str, Any]:
    from mutualist.apps.core.database_tls import options_from

    parts, port = _split(variable, url)
    secured = options_from(variable, parse_qs(parts.query, keep_blank_values=True))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingError(
            f"{variable}: expected postgresql://user:password@host:port/name, "
            f"got scheme {parts.scheme!r}"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder stands percent-encoded in the place of the host.
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        # As patient as SQLite: whoever holds a room longer than this lets the others come again.
        "OPTIONS": {"options": "-c lock_timeout=20s", **secured},
    }


def origins_from(base_url: str, extra: str) -> tuple[list[str], list[str]]:
    """Hosts that may be asked for and origins that may post: the base address and extra hosts."""
    parts, _port = _split("MUTUALIST_BASE_URL", base_url)
    host = parts.hostname
    # Links in mails and the origin of forms are made of it: nothing may stand behind the host.
    if (
        not host
        or parts.scheme not in {"http", "https"}
        or parts[2:] != ("", "", "")
        or parts.username
    ):
        raise SettingError(f"MUTUALIST_BASE_URL: expected http(s)://host, got {base_url!r}")
    if set(extra) & set("/*"):
        raise SettingError(
            f"MUTUALIST_HOSTS: expected host names without https:// and *, by commas, got {extra!r}"
        )
    # As a browser names it: an address of IPv6 stands in brackets.
    named = f"[{host}]" if ":" in host else host
    hosts = [named, *(part.strip() for part in extra.split(",") if part.strip())]
    if host in {"127.0.0.1", "localhost", "::1"}:
        hosts += ["127.0.0.1", "localhost", "[::1]"]
    return sorted(set(hosts)), [base_url]


def data_folder(name: str, default: str) -> Path:
    """Read the data folder; a new one is for this user alone, because database and keys go into it."""
    folder = Path(os.environ.get(name, "").strip() or default).resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def sender_from(name: str, default: str) -> str:
    """Read the sender of mails: an address, or a name with an address in angle brackets."""
    text = os.environ.get(name, "").strip() or default
    found = getaddresses([text])
    place = found[0][1] if len(found) == 1 else ""
    local, _at, host = place.rpartition("@")
    if not local or not host or not place.isprintable() or set(place) & set(' <>,;"()'):
        raise SettingError(f"{name}: expected Name <name@example.org>, got {text!r}")
    if not text.isprintable():
        raise SettingError(f"{name}: expected one line, got {text!r}")
    return text


def texts_from(name: str, *files: str) -> str:
    """Read the folder of an own text, in which these files have to be; absent means ours."""
    folder = os.environ.get(name, "").strip()
    for file in files if folder else ():
        try:
            text = (Path(folder) / file).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "this is no UTF-8"
            raise SettingError(f"{name}: {Path(folder) / file}: {reason}") from error
        if not text.strip():
            raise SettingError(f"{name}: {Path(folder) / file} is empty")
    return folder


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mails go."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def mail_from(url: str | None) -> Mail:
    """Read ``smtp[s|+tls]://user:password@host:port``; absent means the outbox page."""
    if not url:
        return Mail("mutualist.apps.core.outbox.OutboxBackend")
    parts, port = _split("MUTUALIST_SMTP_URL", url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise SettingError(
            f"MUTUALIST_SMTP_URL: expected smtp+tls://host:587, got scheme {parts.scheme!r}"
        )
    usual = {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )


def networks_from(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Read the private networks webhooks may reach: ``10.1.0.0/16, fd00::/8``."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingError(
            f"MUTUALIST_WEBHOOK_PRIVATE: expected networks such as 10.1.0.0/16, got {text!r}"
        ) from error


def ports_from(text: str) -> tuple[int, ...]:
    """Read the ports webhooks may go to; absent means 80 and 443."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    if not all(one.isascii() and one.isdigit() and 0 < int(one) < 65536 for one in found):
        raise SettingError(
            f"MUTUALIST_WEBHOOK_PORTS: expected ports such as 443,8443, got {text!r}"
        )
    return tuple(int(one) for one in found) or (80, 443)
