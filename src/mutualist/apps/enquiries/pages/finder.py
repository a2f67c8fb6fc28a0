"""The partner finder that strangers see: a search, a contact form, both also within the vendor's own site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from csp.constants import NONE
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries.forms import AskForm, Offered, SearchForm
from mutualist.apps.enquiries.pages import searching
from mutualist.apps.enquiries.pages.telling import offered
from mutualist.apps.programme.public import (
    PartnerCard,
    ProgrammeCard,
    ability_names,
    cards_of_programme,
    level_names,
    programme_by_slug,
)
from mutualist.domain.programme.routing import Place
from mutualist.library.places import UnknownPlaceError, code_at, place_of

SHOWN = 30
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Shop:
    """A programme as strangers see it."""

    programme: ProgrammeCard
    cards: tuple[PartnerCard, ...]
    levels: dict[str, str]
    origins: tuple[str, ...]
    ability_names: dict[str, str]

    @property
    def offered(self) -> Offered:
        """What may be chosen."""
        return offered(self.cards, self.levels, self.ability_names)

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the levels, lowest first."""
        return tuple(self.levels)

    def level_of(self, card: PartnerCard) -> str:
        """Return what a partner's level is called."""
        return self.levels.get(card.level, "")


def _shop(slug: str) -> Shop:
    programme = programme_by_slug(slug)
    intake = queries.intake_of(programme.id) if programme else None
    if programme is None or intake is None or not intake.finder:
        raise Http404
    cards = cards_of_programme(programme.id, finder=True)
    day, language = today(), (get_language() or "en")[:2]
    levels = level_names(programme.id, day, language)
    abilities = ability_names(programme.id, day, language)
    return Shop(programme, cards, levels, tuple(intake.origins), abilities)


def for_everybody(view: View) -> View:
    """Give a page the programme; within a frame only the sites that the programme names may show it."""

    @wraps(view)
    def checked(request: HttpRequest, slug: str, *, framed: bool = False) -> HttpResponse:
        shop = _shop(slug)
        response = view(request, shop, framed)
        if framed:
            response.xframe_options_exempt = True
            ancestors = list(shop.origins) or [NONE]
            response._csp_replace = {"frame-ancestors": ancestors}  # type: ignore[attr-defined] # noqa: SLF001
            # Otherwise a site that isolates itself could not show it.
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return checked


def _url(shop: Shop, name: str, *, framed: bool) -> str:
    page = (
        {"finder": "embed", "ask": "embed_ask", "thanks": "embed_thanks"}[name] if framed else name
    )
    return reverse(f"enquiries:{page}", args=[shop.programme.slug])


def _context(shop: Shop, *, framed: bool, **more: Any) -> dict[str, Any]:
    names = ("finder", "ask", "thanks")
    urls = {f"{name}_url": _url(shop, name, framed=framed) for name in names}
    base = "enquiries/framed.html" if framed else "programme/page.html"
    return {"shop": shop, "framed": framed, "base": base, **urls, **more}


@require_safe
@for_everybody
def finder(request: HttpRequest, shop: Shop, framed: bool) -> HttpResponse:
    """Search partners by place, ability, language and level; the nearest first."""
    asked = request.GET if set(request.GET) & set(SearchForm.base_fields) else None
    form = SearchForm(shop.offered, asked)
    wanted = dict(form.cleaned_data) if form.is_valid() else {}
    here = _here(form, wanted)
    failed = asked is not None and bool(form.errors)
    rows = [] if failed else searching.found(shop.cards, wanted, here, shop.order)
    query = QueryDict(mutable=True)
    for name in set(request.GET) - {"page"}:
        query[name] = request.GET[name]
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = _context(
        shop,
        framed=framed,
        form=form,
        failed=failed,
        rows=[(card, km, shop.level_of(card)) for card, km in page],
        page=page,
        count=len(rows),
        within=wanted.get("within") if here else None,
        wider=[] if rows or failed else _wider(shop, wanted, here, query),
        query=query.urlencode(),
    )
    return render(request, "enquiries/finder.html", context, status=422 if failed else 200)


def _here(form: SearchForm, wanted: dict[str, Any]) -> Place | None:
    """Return where the search begins; a place that does not exist is said at its field."""
    if not wanted.get("postal_code"):
        if wanted.get("within"):
            form.add_error("postal_code", _("Write where you are; then the distance can be kept."))
        return None
    try:
        return place_of(*code_at(wanted.get("country") or "DE", wanted["postal_code"]))
    except UnknownPlaceError as error:
        form.add_error("postal_code", error.message((get_language() or "en")[:2]))
        return None


def _wider(
    shop: Shop, wanted: dict[str, Any], here: Place | None, query: QueryDict
) -> list[dict[str, Any]]:
    """Return which condition, left out, lets how many partners be found."""
    told = []
    for name in ("within", "level", "language", "ability"):
        if not wanted.get(name):
            continue
        count = len(searching.found(shop.cards, wanted | {name: None}, here, shop.order))
        if count:
            less = query.copy()
            less.pop(name, None)
            label = SearchForm.base_fields[name].label
            told.append({"label": label, "count": count, "query": less.urlencode()})
    return told


# It carries nobody's rights, and a frame on another site gets no cookie that could be compared.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@for_everybody
def ask(request: HttpRequest, shop: Shop, framed: bool) -> HttpResponse:
    """Take an enquiry from a customer and hand it out at once."""
    known = {str(card.uid): card for card in shop.cards}
    given = request.POST if request.method == "POST" else request.GET
    chosen = known.get(given.get("wanted", ""))
    names = ("country", "postal_code", "ability", "language", "wanted")
    initial = {name: request.GET[name] for name in names if request.GET.get(name)}
    if chosen is None:
        initial.pop("wanted", None)
    sent = request.POST if request.method == "POST" else None
    form = AskForm(shop.offered, sent, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.receive(
                actor=actor_of(request),
                programme=shop.programme.id,
                wish=form.wish,
                source="finder",
                consent=form.cleaned_data["consent"],
                again=False,
            )
        except ActionError as error:
            form.add_error("postal_code" if error.code == "enquiry_place" else None, error.message)
        else:
            waits = "1" if made.status == "received" else "0"
            return redirect(f"{_url(shop, 'thanks', framed=framed)}?vendor={waits}")
    status = 422 if request.method == "POST" else 200
    context = _context(shop, framed=framed, form=form, chosen=chosen)
    return render(request, "enquiries/ask.html", context, status=status)


@require_safe
@for_everybody
def thanks(request: HttpRequest, shop: Shop, framed: bool) -> HttpResponse:
    """Say what happens next: a partner is asked, or the vendor itself takes care."""
    hours = queries.intake_of(shop.programme.id).answer_hours
    by_vendor = request.GET.get("vendor") == "1"
    context = _context(shop, framed=framed, by_vendor=by_vendor, hours=hours)
    context["title"] = _("Your enquiry has arrived")
    return render(request, "enquiries/thanks.html", context)


_FRAMED = {"framed": True}
urlpatterns = [
    path("finder/<slug:slug>/", finder, name="finder"),
    path("finder/<slug:slug>/ask/", ask, name="ask"),
    path("finder/<slug:slug>/thanks/", thanks, name="thanks"),
    path("finder/<slug:slug>/embed/", finder, _FRAMED, name="embed"),
    path("finder/<slug:slug>/embed/ask/", ask, _FRAMED, name="embed_ask"),
    path("finder/<slug:slug>/embed/thanks/", thanks, _FRAMED, name="embed_thanks"),
]
