"""What a log may hold: what happened where, and nothing about anybody.

Every line goes through one of the two formatters here, whoever wrote it: no link that lets
somebody in, no mail address, no whole network address, no value of a statement or of an error.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, DataError

#: The number of the request being answered; stands in each of its lines and on its error page.
number_of_request: ContextVar[str] = ContextVar("number_of_request", default="")
#: Addresses whose next part is a secret: seats, organisations, the demo, mail links of accounts.
LINK = re.compile(r"/(s|join|demo|privacy/proof|confirm-email|reset/key)/[^/\s?]+")
MAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
ADDRESS = re.compile(r"\b(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b")
WIDE_ADDRESS = re.compile(
    r"\b([0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}):(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{0,4}"
)
STATEMENT = re.compile(
    r"\s*(\w+)(?:.*?\b(?:FROM|INTO|UPDATE|TABLE)\s+\"?(\w+))?", re.DOTALL | re.IGNORECASE
)
LONGEST = 2000


def without_links(text: str) -> str:
    """Return a text with the secret part of links left out.

    Examples
    --------
    >>> without_links("Gone: /s/7TqW_secret/")
    'Gone: /s/…/'
    """
    return LINK.sub(r"/\1/…", text)


def scrubbed(text: str) -> str:
    """Return a text without links, mail addresses, tokens and the ends of network addresses.

    Examples
    --------
    >>> scrubbed("anna@firm.example from 203.0.113.9")
    '…@… from 203.0.…'
    """
    text = MAIL.sub("…@…", without_links(text))
    text = BEARER.sub(r"\1 …", text)
    text = ADDRESS.sub(r"\1.…", text)
    return WIDE_ADDRESS.sub(r"\1:…", text)[:LONGEST]


def _statement(record: logging.LogRecord) -> str:
    """Return what a statement did, without its values."""
    sql = getattr(record, "sql", None)
    found = STATEMENT.match(sql) if isinstance(sql, str) else None
    verb, table = found.groups() if found else ("statement", None)
    seconds = getattr(record, "duration", None)
    took = f" {seconds * 1000:.1f} ms" if isinstance(seconds, float) else ""
    return " ".join(part for part in (str(verb).upper(), table) if part) + took


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith("django.db.backends"):
        return _statement(record)
    request = getattr(record, "request", None)
    if request is not None and record.name.startswith(("django.request", "django.security")):
        # Its own words hold the address asked for; the name of the page says as much.
        match = getattr(request, "resolver_match", None)
        route = match.view_name if match is not None else "unknown"
        return f"{getattr(record, 'status_code', '')} {getattr(request, 'method', '')} {route}"
    return scrubbed(record.getMessage())


def _reason(error: BaseException) -> str:
    """Return what an error may say: its kind, and of the database what has no values in it."""
    kind = type(error).__name__
    if isinstance(error, DatabaseError) and not isinstance(error, DataError):
        first = str(error).strip().partition("\n")[0]
        return f"{kind}: {scrubbed(first)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{kind}: {error.strerror}"
    code = getattr(error, "code", "")
    return f"{kind}: {code}" if isinstance(code, str) and code.isidentifier() else kind


def error_lines(error: BaseException) -> Iterator[str]:
    """Yield where an error happened, with those that caused it; no line of code, no value."""
    chain: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in chain:
        chain.append(here)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    for one in reversed(chain):
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        yield _reason(one)


class Lines(logging.Formatter):
    """One line for people, then where an error happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        shown: dict[str, Any] = getattr(record, "shown", {})
        parts = [record.levelname, record.name, _message(record)]
        parts += [f"{name}={value}" for name, value in shown.items()]
        number = number_of_request.get()
        if number:
            parts.append(f"request={number}")
        error = record.exc_info[1] if record.exc_info else None
        more = [f"  {line}" for line in error_lines(error)] if error else []
        # A line break in a message would let somebody write lines of their own.
        return "\n".join([" ".join(" ".join(parts).split()), *more])


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        body: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        number = number_of_request.get()
        if number:
            body["request"] = number
        body |= getattr(record, "shown", {})
        error = record.exc_info[1] if record.exc_info else None
        if error:
            body["error"] = _reason(error)
            body["trace"] = list(error_lines(error))
        return json.dumps(body, ensure_ascii=False, default=str)
