"""Every write of ratings, promises, mails and calendars, by programs and by forms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.programme.cast import make_channel
from apps.rooms.cast import Cast
from apps.writes.scenarios import Ready, Write
from mutualist.apps.ratings.promises import make_promise

STARS = {"fairness": 4}
PROMISE = {"about": "answer", "every": "quarter", "amount": 24, "share": 90}


def _form(cast: Cast, name: str, form: dict[str, str]) -> Write:
    channel = make_channel(cast)
    return Write("POST", reverse(name, args=[channel.programme.uid]), form=form)


def _rate(cast: Cast, *, page: bool = False) -> Write:
    channel = make_channel(cast)
    place = [channel.programme.uid, channel.tauwerk.uid]
    if page:
        return Write("POST", reverse("ratings:rate", args=place), form={"fairness": "4"})
    return Write("PUT", reverse("api:rate_partner", args=place), {"stars": STARS})


def _rate_vendor(cast: Cast) -> Write:
    # Anna asks: her firm is a partner of its rival's programme here.
    channel = make_channel(cast)
    channel.tauwerk.organisation = cast.nordwerk
    channel.tauwerk.save()
    return Write("PUT", reverse("api:rate_vendor", args=[channel.tauwerk.uid]), {"stars": STARS})


def _end(cast: Cast, *, page: bool = False) -> Write:
    channel = make_channel(cast)
    made = make_promise(standing=channel.anna, about="payout", every="month", amount=720)
    place = [channel.programme.uid, made.uid]
    if page:
        return Write("POST", reverse("ratings:promise_end", args=place), form={})
    return Write("POST", reverse("api:finish_promise", args=place), {})


def _promise(cast: Cast) -> Write:
    channel = make_channel(cast)
    return Write("POST", reverse("api:create_promise", args=[channel.programme.uid]), PROMISE)


def _link(cast: Cast, to: str, form: dict[str, str]) -> Write:
    return Write("POST", make_channel(cast).link(to=to), form=form)


_SAID: dict[str, Any] = {name: str(value) for name, value in PROMISE.items()}
#: By the name of the operation. Anna asks.
RATING_API: dict[str, Ready] = {
    "rate_partner": _rate,
    "rate_vendor": _rate_vendor,
    "create_promise": _promise,
    "finish_promise": _end,
}
#: By the name of the route. Anna asks; a link asks for itself.
RATING_PAGES: dict[str, Ready] = {
    "ratings:rate": lambda cast: _rate(cast, page=True),
    "ratings:own_link": lambda cast: _link(cast, "rating/", {"fairness": "4"}),
    "ratings:promises": lambda cast: _form(
        cast, "ratings:promises", {**_SAID, "first": "2026-01-01"}
    ),
    "ratings:promise_end": lambda cast: _end(cast, page=True),
    "letters:letters": lambda cast: _form(cast, "letters:letters", {"vendor": "on"}),
    "letters:own_link": lambda cast: _link(cast, "calendar/", {"weekly": "stop"}),
}
