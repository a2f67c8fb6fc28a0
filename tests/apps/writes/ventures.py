"""Every write of ventures, by programs and by forms, each with a venture that is ready for it."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from apps.rooms.cast import Cast, opened_room
from apps.ventures.steps import browser, described, of_organisation, of_room
from apps.ventures.whole_steps import sent
from apps.writes.scenarios import Ready, Write
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.forms.short import OwnForm, ShortForm

DEARER = {
    "terms": {**described()["terms"], "parts": {**described()["terms"]["parts"], "price": 210}}
}


def _shared(cast: Cast) -> Any:
    return of_room(cast.anna, opened_room(cast))


def _api(name: str, method: str, venture: Any, body: Any = None) -> Write:
    return Write(method, reverse(f"api:{name}", args=[venture.uid]), body)


def _describe(cast: Cast) -> Write:
    body = {"room": str(opened_room(cast).uid), "description": described()}
    return Write("POST", reverse("api:describe_venture"), body)


#: By the name of the operation. Anna asks.
VENTURE_API: dict[str, Ready] = {
    "describe_venture": _describe,
    "save_venture": lambda cast: _api(
        "save_venture", "PUT", _shared(cast), {"description": described(**DEARER), "version": 1}
    ),
    "delete_venture": lambda cast: _api("delete_venture", "DELETE", of_organisation(cast)),
    "keep_figures": lambda cast: _api(
        "keep_figures", "PUT", _shared(cast), {"best_alternative": 5000}
    ),
}


def _page(name: str, venture: Any, form: dict[str, str], *more: Any) -> Write:
    return Write("POST", reverse(f"ventures:{name}", args=[venture.uid, *more]), form=form)


def _typed(form: ShortForm) -> dict[str, str]:
    """What the form holds when it is shown."""
    return {name: str(form[name].value() or "") for name in form.fields}


def _new(_cast: Cast) -> Write:
    form = _typed(OwnForm(templates()["resale"], "Nordwerk Pumpen AG"))
    form |= {"template": "resale", "name": "Once", "second_name": "Tauwerk"}
    return Write("POST", reverse("ventures:new"), form=form)


def _edit(cast: Cast) -> Write:
    venture = of_organisation(cast)
    form = _typed(ShortForm(templates()["revenue_share"], described("revenue_share")))
    return _page("edit", venture, {**form, "terms-half-share": "40", "seen": "1"})


def _text(cast: Cast) -> Write:
    form = {"text": json.dumps(described(**DEARER)), "do": "save", "seen": "1"}
    return _page("text", _shared(cast), form)


def _whole(cast: Cast) -> Write:
    venture = _shared(cast)
    page = browser(cast.anna).get(reverse("ventures:whole", args=[venture.uid]))
    form = sent(page.content.decode()) | {"terms-0-price": "210", "do": "save"}
    return _page(
        "whole", venture, {name: value for name, value in form.items() if name != "idempotency_key"}
    )


def _restore(cast: Cast) -> Write:
    venture = _shared(cast)
    actions.save_version(
        actor=cast.anna, venture=venture.uid, description=described(**DEARER), seen=1
    )
    return _page("restore", venture, {"seen": "2"}, 1)


#: By the name of the route. Anna asks.
VENTURE_PAGES: dict[str, Ready] = {
    "ventures:new": _new,
    "ventures:edit": _edit,
    "ventures:whole": _whole,
    "ventures:text": _text,
    "ventures:restore": _restore,
    "ventures:keep": lambda cast: _page(
        "keep", _shared(cast), {"terms-parts-price": "210", "seen": "1"}
    ),
    "ventures:private": lambda cast: _page("private", _shared(cast), {"best_alternative": "5000"}),
}
