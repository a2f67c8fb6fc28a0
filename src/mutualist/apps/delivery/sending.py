"""One call to one endpoint: to the judged address, without detours, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

from mutualist.apps.core import clock
from mutualist.apps.delivery.addresses import AddressError, Target, parse, resolve

Reason = Literal["", "status", "redirect", "gone", "timeout", "connection", "tls", "address", "key"]
#: Seconds for connecting, and for the whole call.
CONNECT, WHOLE = 5, 15
#: Addresses of a name that are tried one after the other.
TRIED = 3
#: Bytes of an answer that are read at all, and letters of it that are kept.
READ, KEPT = 4096, 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes
    ----------
    wait
        Seconds the other side asks us to wait, if it did.
    """

    reason: Reason
    status: int | None = None
    detail: str = ""
    excerpt: str = ""
    wait: float | None = None

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return not self.reason


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was judged, for the host the name belongs to."""

    def __init__(self, target: Target, numbers: Sequence[str]) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT)
        self._numbers = numbers[:TRIED]
        self._tls = ssl.create_default_context() if target.scheme == "https" else None

    def connect(self) -> None:
        """Connect to a number, never to the name; the certificate has to be the name's."""
        self.sock = self._first()
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)

    def _first(self) -> socket.socket:
        refused = OSError("no address")
        for number in self._numbers:
            try:
                return socket.create_connection((number, self.port), CONNECT)
            except OSError as error:
                refused = error
        raise refused


def call(address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send one POST request; never raises for what the other side or the network does."""
    try:
        target = parse(address)
        numbers = resolve(target)
    except AddressError as error:
        return Outcome("address", detail=error.code)
    connection = _Pinned(target, numbers)
    # Each read has a limit of its own; this one ends a server that sends a byte now and then.
    late = threading.Event()
    watch = threading.Timer(WHOLE, _cut, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        response = connection.getresponse()
        # An answer that was cut off looks like one whose headers have ended.
        return Outcome("timeout") if late.is_set() else _outcome(response)
    except ssl.SSLError as error:
        return Outcome("tls", detail=_line(str(error)))
    except TimeoutError:
        return Outcome("timeout")
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if late.is_set():
            return Outcome("timeout")
        return Outcome("connection", detail=_line(f"{type(error).__name__}: {error}"))
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It has just ended by itself.
            return


def _outcome(response: http.client.HTTPResponse) -> Outcome:
    status = response.status
    excerpt = _excerpt(response)
    if 200 <= status < 300:
        return Outcome("", status, excerpt=excerpt)
    reason: Reason = "redirect" if 300 <= status < 400 else "gone" if status == 410 else "status"
    return Outcome(reason, status, excerpt=excerpt, wait=_wait(response.headers.get("Retry-After")))


def _excerpt(response: http.client.HTTPResponse) -> str:
    try:
        return _line(response.read(READ).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        # The status has arrived and counts; what else it wanted to say took too long.
        return ""


def _wait(value: str | None) -> float | None:
    """Read ``Retry-After``: seconds or a date; anything else was not said."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


def _line(text: str) -> str:
    """Return one short line without characters that could do something."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:KEPT]
