"""A write that is sent twice has one effect: the second request gets the answer of the first.

A program names its write with the header ``Idempotency-Key``; every form of a page carries a fresh
key in a hidden field (the tag ``csrf_token`` writes both). The middleware runs such a request in one
transaction together with the row that remembers its answer, so there is never one without the other.
What is kept of the answer is encrypted: it may hold what nobody else may read.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.messages import add_message, get_messages
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.answers import Kept, UnreadableAnswer, pack, unpack
from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, Unauthorized
from mutualist.apps.core.models import IdempotencyKey
from mutualist.apps.core.overload import busy_answer, is_busy, refusal
from mutualist.apps.core.tokens import digest

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"
REPLAYED = "Idempotency-Replayed"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: How long a repeated request waits for the first one to end, in seconds.
PATIENCE = 10.0
API = "/api/"
#: The account library guards its own forms; a kept answer of a sign-in would sign in whoever repeats it.
SIGNING_IN = "allauth."
NOT_PART_OF_IT = frozenset({"csrfmiddlewaretoken", FIELD})

#: Each says whether an actor may still see what the address is about.
may_see: list[Callable[[Actor, Mapping[str, Any]], bool]] = []


class InProgress(ActionError):
    """The first request with this key has not ended yet."""

    def __init__(self) -> None:
        super().__init__(
            "in_progress",
            _("The same request is still being carried out. Please try again in a moment."),
            status=409,
        )


class KeyReused(ActionError):
    """The key belongs to another request of the same caller."""

    def __init__(self) -> None:
        super().__init__(
            "key_reused",
            _(
                "This Idempotency-Key was used for another request. Each write needs a key of its own."
            ),
        )


class AnswerLost(ActionError):
    """The write was carried out, but its answer cannot be given once more."""

    def __init__(self) -> None:
        super().__init__(
            "answer_lost",
            _("This request was carried out before. Its answer is no longer at hand."),
            status=409,
        )


class BadKey(ActionError):
    """The header holds no usable key."""

    def __init__(self) -> None:
        super().__init__(
            "invalid_key",
            _("Idempotency-Key: please send 1 to 255 printable ASCII characters without blanks."),
        )


@dataclass(slots=True)
class Attempt:
    """One request that carries a key.

    Attributes
    ----------
    caller
        Who asks: a key of somebody else is another key.
    key
        Digest of the key; of a form also of what was filled in, so that a form sent again with
        other content is a new write and no mistake.
    content
        Digest of the request; compared under a secret only, since answers can be guessed.
    answer
        The answer of the first request, if this is a repetition.
    left_out
        Whether nothing is to be remembered of it.
    instead
        What a repetition gets in place of an answer that shows a secret once.
    """

    caller: str
    key: str
    content: bytes
    answer: Kept | None = None
    left_out: bool = False
    instead: HttpResponse | None = None

    def find(self) -> IdempotencyKey | None:
        """Return the row of an earlier request."""
        return IdempotencyKey.objects.filter(caller=self.caller, key=self.key).first()

    def claim(self) -> IdempotencyKey | None:
        """Take the key for this request; on PostgreSQL this waits for whoever is taking it, too."""
        try:
            with transaction.atomic(), _lock_timeout(PATIENCE):
                return IdempotencyKey.objects.create(
                    caller=self.caller, key=self.key, status=0, answer=b"", created=now()
                )
        except IntegrityError:
            return None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == "55P03":
                raise InProgress from error
            raise

    def settle(self, request: HttpRequest, row: IdempotencyKey, response: HttpResponse) -> None:
        """Remember the answer of a write that was carried out, and of no other."""
        if response.status_code >= 500:
            transaction.set_rollback(True)
        elif response.status_code >= 400 or self.left_out or response.streaming:
            # Nothing was carried out, or part of it as without a key: the next attempt runs anew.
            row.delete()
        else:
            row.status = (self.instead or response).status_code
            row.request_hash, row.answer = pack(
                Kept.of(self.instead or response, _said(request), sees=_sees(request)),
                self.content,
                self._place(),
            )
            row.save(update_fields=["status", "request_hash", "answer"])

    def read(self, row: IdempotencyKey) -> Kept:
        """Return the answer that was kept, if it belongs to this very request."""
        try:
            kept, is_same = unpack(
                row.status, row.request_hash, bytes(row.answer), self.content, self._place()
            )
        except UnreadableAnswer as error:
            raise AnswerLost from error
        if not is_same:
            raise KeyReused
        return kept

    def _place(self) -> bytes:
        return f"{self.caller}\x00{self.key}".encode()


def leave_out(request: HttpRequest) -> None:
    """Remember nothing of this request: it stores nothing, or repeating it does no harm.

    A view that changes the session itself has to say so: a repeated answer would not change it again.
    """
    attempt: Attempt | None = getattr(request, "attempt", None)
    if attempt is not None:
        attempt.left_out = True


def keep_instead(request: HttpRequest, answer: HttpResponse) -> None:
    """Remember another answer than the one given: it shows a secret that is kept nowhere."""
    attempt: Attempt | None = getattr(request, "attempt", None)
    if attempt is not None:
        attempt.instead = answer


def forget_old_keys(moment: datetime | None = None) -> int:
    """Delete what is older than ``MUTUALIST_REPLAY_HOURS``; return how many rows. Called by the clock."""
    oldest = (moment or now()) - timedelta(hours=settings.MUTUALIST_REPLAY_HOURS)
    return IdempotencyKey.objects.filter(created__lt=oldest).delete()[0]


class IdempotencyMiddleware:
    """Carry out a write with a key once; stands inside of whatever says who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.attempt = None  # type: ignore[attr-defined]
        try:
            attempt = _attempt(request)
            if attempt is None:
                return self.get_response(request)
            request.attempt = attempt  # type: ignore[attr-defined]
            with _running.alone(attempt.caller, attempt.key):
                return self._once(request, attempt)
        except ActionError as error:
            return refusal(request, error)
        except OperationalError as error:
            if not is_busy(error):
                raise
            return busy_answer(request, error)

    def _once(self, request: HttpRequest, attempt: Attempt) -> HttpResponse:
        row = attempt.find()
        if row is None:
            with transaction.atomic():
                claimed = attempt.claim()
                if claimed is not None:
                    response = self.get_response(request)
                    attempt.settle(request, claimed, response)
                    return response
            row = attempt.find()
            if row is None:
                raise InProgress
        attempt.answer = attempt.read(row)
        # The request goes on to the door of the view: whoever may not pass gets no answer either.
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Give the first answer again, once protection against forged forms has been passed."""
        attempt: Attempt | None = request.attempt  # type: ignore[attr-defined]
        if attempt is None or attempt.answer is None:
            return None
        actor = actor_of(request)
        if request.path.startswith(API) and actor.is_anonymous:
            return refusal(request, Unauthorized())
        if request.path.startswith(API) and actor.held_back:
            # The door of the API refuses, before anything is carried out.
            return None
        if attempt.answer.sees and not all(check(actor, kwargs) for check in may_see):
            raise Http404
        for level, text, tags in attempt.answer.said:
            add_message(request, level, text, tags)
        response = attempt.answer.response()
        response[REPLAYED] = "true"
        return response


class _Running:
    """The keys at work in this process: a second request with the same key waits for the first."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._changed = threading.Condition()

    @contextmanager
    def alone(self, *key: str) -> Iterator[None]:
        """Run the block while no other request with this key runs."""
        name = (key[0], key[1])
        with self._changed:
            if not self._changed.wait_for(lambda: name not in self._keys, timeout=PATIENCE):
                raise InProgress
            self._keys.add(name)
        try:
            yield
        finally:
            with self._changed:
                self._keys.discard(name)
                self._changed.notify_all()


_running = _Running()


@contextmanager
def _lock_timeout(seconds: float) -> Iterator[None]:
    """Wait no longer than this for a lock; SQLite has waited when the transaction began."""
    if connection.vendor != "postgresql":
        yield
        return
    change = "SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)"
    with connection.cursor() as cursor:
        cursor.execute(change, [str(round(seconds * 1000))])
        before = cursor.fetchone()[0]
        yield
        cursor.execute(change, [before])


def _attempt(request: HttpRequest) -> Attempt | None:
    """Return the attempt of a write that names itself; all other requests run as they come."""
    named = request.headers.get(HEADER)
    # A program has no form whose key could stand in for the header: nothing is to be looked up.
    unnamed = named is None and request.path.startswith(API)
    if request.method not in WRITES or unnamed or _signs_in(request):
        return None
    if named is not None and (not 1 <= len(named) <= 255 or not _is_plain(named)):
        raise BadKey
    try:
        filled_in = "" if named else request.POST.get(FIELD, "")
    except UnreadablePostError:
        return None
    if not named and not _is_plain(filled_in):
        return None
    caller = _caller(request)
    if caller is None:
        return None
    content = _content(request)
    if named:
        return Attempt(caller, hashlib.sha256(b"header\x00" + named.encode()).hexdigest(), content)
    key = hmac.new(filled_in.encode(), content, "sha256").hexdigest()
    return Attempt(caller, key, content)


def _is_plain(key: str) -> bool:
    return 1 <= len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key


def _signs_in(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).func.__module__.startswith(SIGNING_IN)
    except Resolver404:
        return True


def _caller(request: HttpRequest) -> str | None:
    """Name whoever asks, without a name: token, account, browser with seat links, other browser."""
    if request.path.startswith(API):
        kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
        return f"token:{digest(token)}" if kind.lower() == "bearer" and token else None
    actor = actor_of(request)
    if actor.user_id is not None:
        return f"user:{actor.user_id}"
    if actor.kind == "link":
        return f"link:{digest(request.session.session_key or '')}"
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return f"browser:{digest(cookie)}" if cookie else None


def _content(request: HttpRequest) -> bytes:
    """Return a digest of all that makes up a request: method, address, body."""
    joined = hashlib.sha256()
    for part in _parts(request):
        joined.update(len(part).to_bytes(8, "big") + part)
    return joined.digest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield str(request.method).encode()
    yield request.get_full_path().encode()
    yield request.headers.get("If-Match", "").encode()
    try:
        form = request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}
        if not form:
            yield request.body
            return
    except RawPostDataException:
        pass
    for name in sorted(set(request.POST) - NOT_PART_OF_IT):
        yield name.encode()
        yield from (value.encode("utf-8", "surrogatepass") for value in request.POST.getlist(name))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}\x00{file.name}".encode("utf-8", "surrogatepass")
            yield from file.chunks()
            file.seek(0)


def _said(request: HttpRequest) -> tuple[tuple[int, str, str], ...]:
    """Return what the person is told on the next page."""
    queued = getattr(get_messages(request), "_queued_messages", ())
    return tuple((one.level, str(one.message), one.extra_tags or "") for one in queued)


def _sees(request: HttpRequest) -> bool:
    """Whether the caller may see what it was about, now that it is done: not after a deletion."""
    match = request.resolver_match
    return match is not None and all(check(actor_of(request), match.kwargs) for check in may_see)
