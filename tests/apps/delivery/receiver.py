"""A program that takes events, as somebody outside would write it, and a mail server that takes mails."""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from mutualist.library.webhooks import verify


@dataclass
class Receiver:
    """What arrived, and what the program answers.

    Attributes
    ----------
    answers
        Status, headers and body of the next answers; 204 when there are none left.
    """

    port: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=mutualist"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.requests]

    def checked(self, secret: str) -> list[str]:
        """Return the ids of what came, each with its signature checked."""
        now = time.time()
        return [verify(headers, body, secret, now=now) for headers, body in self.requests]


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.requests.append((dict(self.headers), body))
            found.before()
            status, headers, text = found.answers.pop(0) if found.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    server = Program(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Patient(socketserver.BaseServer):
    """A server whose callers may be killed in the middle of a sentence."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        assert isinstance(sys.exception(), OSError)


class Program(Patient, ThreadingHTTPServer):
    pass


class Office(Patient, socketserver.ThreadingTCPServer):
    pass


@dataclass
class Post:
    """Mails that arrived, and what the mail server answers to the next receivers."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@contextlib.contextmanager
def post_office() -> Iterator[Post]:
    """Speak as much SMTP as Python's client needs."""
    found = Post()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 here")
            for line in self.rfile:
                word = line[:4].upper().strip()
                if word == b"RCPT" and found.refusals:
                    self.say(found.refusals.pop(0))
                elif word == b"DATA":
                    self.say("354 go on")
                    found.mails.append(self.take().decode())
                    self.say("250 taken")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 well")

        def take(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                if not line:
                    raise ConnectionResetError("killed in the middle of a mail: it was not taken")
                lines.append(line)
            return b"".join(lines)

    server = Office(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dead_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
