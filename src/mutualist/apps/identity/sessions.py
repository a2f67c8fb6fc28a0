"""Sessions of accounts: which there are, for how long they last, and how they end.

Seat links without an account have sessions, too; they hold no rights of an account and end with
the room, so nothing here concerns them.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.addresses import address_of, shortened
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.mail import absolute
from mutualist.apps.core.tokens import digest as digest_of
from mutualist.apps.core.tokens import new_token
from mutualist.apps.identity.mails import send_account_mail
from mutualist.apps.identity.models import KnownDevice, SignIn, User

#: What a session knows of itself: when it began, when it was last noted, its row and its key.
BEGAN, SEEN, ROW, KEY = "sign_in_began", "sign_in_seen", "sign_in", "sign_in_key"
NEW_DEVICE = "sign_in_device"
DEVICE_COOKIE = "device"
#: The last use is noted at most this often.
NOTE_EVERY = 300
DEVICE_DAYS = 365
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(agent: str) -> str:
    """Return browser and system as people call them; nothing else of what a browser sends is kept.

    Examples
    --------
    >>> device_name("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
    'Chrome, Linux'
    """
    found = [
        next((name for sign, name in signs if re.search(sign, agent)), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def begin(request: HttpRequest, user: User) -> None:
    """Note a session that just began; a mail goes out when the browser was never seen before."""
    _meet_device(request, user, _note(request, user), now())


def _note(request: HttpRequest, user: User) -> SignIn:
    session = request.session
    moment = now()
    session[BEGAN] = session[SEEN] = time.time()
    session[KEY] = session.session_key or ""
    row, _made = SignIn.objects.update_or_create(
        session_key=session[KEY],
        defaults={
            "user": user,
            "created": moment,
            "last_seen": moment,
            "device": device_name(request.headers.get("User-Agent", "")),
            "place": shortened(address_of(request)),
        },
    )
    session[ROW] = row.pk
    return row


def _meet_device(request: HttpRequest, user: User, row: SignIn, moment: datetime) -> None:
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    known = KnownDevice.objects.filter(user=user)
    seen = known.filter(digest=digest_of(token)).update(last_seen=moment) if token else 0
    if seen:
        return
    first = not known.exists()
    if not token or len(token) > 100:
        token, _unused = new_token()
        request.session[NEW_DEVICE] = token
    KnownDevice.objects.create(user=user, digest=digest_of(token), last_seen=moment)
    if not first:
        send_account_mail(
            "new_device",
            to=user.email,
            language=user.language,
            device=row.device or _("an unknown browser"),
            place=row.place,
            action_url=absolute(reverse("identity:sessions")),
        )


def browser_of(request: HttpRequest, account: str) -> str:
    """Return the digest of the browser's number if this account signed in with it before, else nothing.

    The number has 256 random bits and its digest stands beside the person: nobody can make one up,
    and one that another account got says nothing here.
    """
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    if not token or not account:
        return ""
    found = digest_of(token)
    known = KnownDevice.objects.filter(user__email=account, digest=found).exists()
    return found if known else ""


def keep_device(request: HttpRequest, response: HttpResponse) -> None:
    """Hand a browser the number by which it is known next time."""
    token = request.session.pop(NEW_DEVICE, "")
    if token:
        response.set_cookie(
            DEVICE_COOKIE,
            token,
            max_age=DEVICE_DAYS * 86_400,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_over(request: HttpRequest) -> bool:
    """Whether a session is too old or was left alone for too long."""
    moment = time.time()
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        return False
    too_old = moment - began > settings.SESSION_COOKIE_AGE
    return bool(too_old or moment - seen > settings.MUTUALIST_SESSION_IDLE)


def note_use(request: HttpRequest) -> None:
    """Note the use of a session now and then; a session from before this was noted is taken in."""
    session = request.session
    if BEGAN not in session:
        _note(request, request.user)  # type: ignore[arg-type]
    elif time.time() - session[SEEN] > NOTE_EVERY:
        session[SEEN] = time.time()
        SignIn.objects.filter(pk=session.get(ROW, 0)).update(last_seen=now())


def follow_key(request: HttpRequest) -> None:
    """Follow the session when its key changed, as it does with a new password."""
    session = request.session
    if session.session_key and ROW in session and session.get(KEY) != session.session_key:
        session[KEY] = session.session_key
        SignIn.objects.filter(pk=session[ROW]).update(session_key=session.session_key)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


def sign_ins_of(user: User) -> list[SignIn]:
    """Return the sessions of a person that still last; forget those that do not."""
    rows = list(SignIn.objects.filter(user=user))
    living = [row for row in rows if _store()().exists(row.session_key)]
    SignIn.objects.filter(pk__in=[row.pk for row in rows if row not in living]).delete()
    return living


def _end(rows: list[SignIn]) -> None:
    for row in rows:
        _store()().delete(row.session_key)
        row.delete()


@transaction.atomic
def end_session(row_id: int, *, actor: Actor) -> None:
    """End one session of the actor's."""
    row = SignIn.objects.filter(pk=row_id, user_id=actor.user_id or 0).first()
    if row is None:
        raise NotAllowed
    _end([row])
    record("identity.session.ended", actor=actor, obj=row.user, chain=f"person:{row.user_id}")


@transaction.atomic
def end_other_sessions(user: User, *, but: str | None, actor: Actor) -> int:
    """End all sessions of a person but the one with this key; return how many."""
    rows = [row for row in SignIn.objects.filter(user=user) if row.session_key != but]
    _end(rows)
    if rows:
        record("identity.sessions.ended", actor=actor, obj=user, chain=f"person:{user.pk}")
    return len(rows)


def sign_out(request: HttpRequest) -> None:
    """End the session of this browser and everything it holds."""
    request.signed_out = True  # type: ignore[attr-defined]
    row = request.session.get(ROW)
    if row is not None:
        SignIn.objects.filter(pk=row).delete()
    logout(request)
