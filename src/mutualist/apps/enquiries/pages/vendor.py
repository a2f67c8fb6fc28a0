"""The vendor's side: one enquiry, new ones, tables of them, how they are handed out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute
from mutualist.apps.enquiries import actions, exports, queries
from mutualist.apps.enquiries.forms import (
    MOST_LISTED,
    REASONS,
    EnquiryForm,
    FileForm,
    HandForm,
    IntakeForm,
    Offered,
    PartnerSearchForm,
    ReasonForm,
)
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.enquiries.pages import telling
from mutualist.apps.enquiries.reading import read_wishes
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.public import (
    Found,
    Standing,
    level_names,
    names_for_reader,
    partners_found,
    programmes_of,
)
from mutualist.domain.programme.routing.lifecycle import moves
from mutualist.library.routing_tables import TableError


def _offered(standing: Standing) -> Offered:
    cards = queries.partners_of(standing).values()
    lang = (get_language() or "en")[:2]
    levels = level_names(standing.programme, today(), lang)
    return telling.offered(cards, levels, names_for_reader(standing.programme))


@require_http_methods(["GET", "POST"])
@for_vendor
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Enter an enquiry by hand."""
    if not standing.writes:
        raise NotAllowed
    form = EnquiryForm(_offered(standing), request.POST or None)
    known = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter(standing=standing, wish=form.wish, again=_again(request))
        except ActionError as error:
            form.add_error("postal_code" if error.code == "enquiry_place" else None, error.message)
            known = str(error.params.get("uid", ""))
        else:
            return redirect("enquiries:enquiry", standing.programme_uid, made.uid)
    status = 422 if request.method == "POST" else 200
    context = vendor_context(standing, "enquiries", form=form, known=known)
    return render(request, "enquiries/new.html", context, status=status)


def _again(request: HttpRequest) -> bool:
    """Whether somebody was told that it came in already, and means another."""
    return request.POST.get("again") == "1"


@require_http_methods(["GET", "POST"])
@for_vendor
def importing(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Take in a table of enquiries, all or none."""
    if not standing.writes:
        raise NotAllowed
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    known = False
    if request.method == "POST" and form.is_valid():
        try:
            wishes = read_wishes(form.cleaned_data["file"].read())
            again = _again(request)
            count = actions.enter_all(standing=standing, wishes=wishes, again=again)
        except TableError as error:
            problems = error.message(request.LANGUAGE_CODE[:2]).splitlines()
        except ActionError as error:
            problems = error.message.splitlines()
            known = error.code == "enquiries_again"
        else:
            _say_taken_in(request, count, len(wishes))
            return redirect("enquiries:board", standing.programme_uid)
    status = 422 if request.method == "POST" else 200
    context = vendor_context(standing, "enquiries", form=form, problems=problems, known=known)
    return render(request, "enquiries/importing.html", context, status=status)


def _say_taken_in(request: HttpRequest, count: int, rows: int) -> None:
    said = ngettext("%(count)s enquiry taken in.", "%(count)s enquiries taken in.", count)
    messages.success(request, said % {"count": count})
    if count < rows:
        known = ngettext(
            "%(count)s came in before, by its external_id, and stays as it is.",
            "%(count)s came in before, by their external_id, and stay as they are.",
            rows - count,
        )
        messages.info(request, known % {"count": rows - count})


@require_http_methods(["GET", "POST"])
@for_vendor
def one(request: HttpRequest, standing: Standing, enquiry: UUID) -> HttpResponse:
    """Show an enquiry: why this partner, why not others; hand it on, close it, open it again."""
    row = queries.enquiry_for(standing, enquiry)
    forms = _forms(standing, row, request)
    move = request.POST.get("move", "")
    if request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        form = forms.get(move)
        try:
            _require_possible(move, forms)
            if form is None or form.is_valid():
                _act(standing, row, move, form.cleaned_data if form else {}, _seen(request))
                messages.success(request, _("Done."))
                return redirect("enquiries:enquiry", standing.programme_uid, row.uid)
        except ActionError as error:
            return _page(request, standing, row, forms, error.message, error.status)
    return _page(request, standing, row, forms, "", 422 if request.method == "POST" else 200)


def _require_possible(move: str, forms: dict[str, Any]) -> None:
    if move not in forms:
        raise ActionError(
            "enquiry_move", _("That is not possible now. Read the enquiry again."), 409
        )


def _seen(request: HttpRequest) -> int | None:
    written = request.POST.get("seen", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _forms(standing: Standing, row: Enquiry, request: HttpRequest) -> dict[str, Any]:
    """Return what the vendor may do, each with its form or none."""
    possible = moves(row.status, "vendor")
    sent = request.POST.get("move", "") if request.method == "POST" else ""

    def data(move: str) -> Any:
        return request.POST if sent == move else None

    found: dict[str, Any] = {}
    if "offer" in possible:
        found["hand"] = HandForm(
            _choices(_looked_for(standing, row, request), request.POST.get("relation", "")),
            data("hand"),
        )
        found["route"] = None
    if "win" in possible:
        found["win"] = None
        found["lose"] = ReasonForm(REASONS["lose"], data("lose"))
    if "close" in possible:
        found["close"] = ReasonForm(REASONS["close"], data("close"))
    if "reopen" in possible:
        found["reopen"] = None
    return found if standing.writes else {}


def _looked_for(standing: Standing, row: Enquiry, request: HttpRequest) -> Found:
    """Return the partners to choose from: all of few; of many those near, or those that are looked for."""
    near = (row.country, row.postal_code)
    return partners_found(standing, request.GET.get("find", "")[:80], near=near, most=MOST_LISTED)


def _choices(found: Found, chosen: str) -> list[tuple[str, str]]:
    listed = [
        (str(one.uid), f"{one.name} ({one.country} {one.postal_code})") for one in found.listed
    ]
    if chosen and found.every > len(listed) and chosen not in {uid for uid, _name in listed}:
        # From a list that was another; whether there is such a partner the action says.
        listed.append((chosen, chosen))
    return listed


def _act(
    standing: Standing, row: Enquiry, move: str, data: dict[str, Any], seen: int | None
) -> None:
    if move == "hand":
        actions.hand_to(standing=standing, enquiry=row.uid, relation=data["relation"], seen=seen)
    elif move == "route":
        actions.route_again(standing=standing, enquiry=row.uid, seen=seen)
    elif move == "win":
        actions.win(standing=standing, enquiry=row.uid, seen=seen)
    elif move == "lose":
        actions.lose(standing=standing, enquiry=row.uid, seen=seen, **data)
    elif move == "close":
        actions.close(standing=standing, enquiry=row.uid, seen=seen, **data)
    else:
        actions.reopen(standing=standing, enquiry=row.uid, seen=seen)


def _page(
    request: HttpRequest,
    standing: Standing,
    row: Enquiry,
    forms: dict[str, Any],
    problem: str,
    status: int,
) -> HttpResponse:
    offers = row.offers.select_related("relation")
    looked = _looked_for(standing, row, request) if "hand" in forms else None
    context = vendor_context(
        standing,
        "enquiries",
        row=row,
        here=telling.called(row),
        about=telling.about(row),
        status=telling.status_of(row),
        source=telling.source_of(row),
        reason=telling.reason_of(row),
        nobody=telling.nobody_of(row),
        offers=[telling.offer_told(offer) for offer in offers],
        forms=forms,
        looked=looked,
        searching=PartnerSearchForm(request.GET) if looked and looked.every > MOST_LISTED else None,
        problem=problem,
    )
    return render(request, "enquiries/enquiry.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_vendor
def settings(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show and change how enquiries are handed out, and where the finder is shown."""
    intake = queries.intake_of(standing.programme)
    names = ("answer_hours", "attempts", "open_days", "finder")
    initial = {name: getattr(intake, name) for name in names}
    initial["origins"] = "\n".join(intake.origins)
    form = IntakeForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        if form.is_valid():
            data = dict(form.cleaned_data)
            data["origins"] = data["origins"].splitlines()
            try:
                actions.save_intake(standing=standing, **data)
            except ActionError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("enquiries:settings", standing.programme_uid)
    slug = next(
        (card.slug for card in programmes_of(standing.actor) if card.id == standing.programme), ""
    )
    context = vendor_context(
        standing,
        "enquiries",
        form=form,
        finder=absolute(reverse("enquiries:finder", args=[slug])),
        embed=absolute(reverse("enquiries:embed", args=[slug])),
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "enquiries/settings.html", context, status=status)


@require_safe
@for_vendor
def export(_request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:
    """Answer with all enquiries as CSV or XLSX."""
    return exports.table(standing, kind)


_HOME = "programmes/<uuid:programme>/enquiries/"
urlpatterns = [
    path(f"{_HOME}new/", new, name="new"),
    path(f"{_HOME}import/", importing, name="import"),
    path(f"{_HOME}settings/", settings, name="settings"),
    path(f"{_HOME}enquiries.csv", export, {"kind": "csv"}, name="csv"),
    path(f"{_HOME}enquiries.xlsx", export, {"kind": "xlsx"}, name="xlsx"),
    path(f"{_HOME}<uuid:enquiry>/", one, name="enquiry"),
]
