"""Which terms would produce a split: today’s, the proposal, and what each change does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.levers import levers
from mutualist.apps.ventures.presenters.proposal import proposal_view
from mutualist.apps.ventures.presenters.simulator import FUTURES, SEED
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError
from mutualist.domain.venture.split import SplitError
from mutualist.domain.venture.split.texts import texts
from mutualist.library.split import compare_splits
from mutualist.library.terms import propose_terms
from mutualist.library.ventures import Venture


@require_safe
@known_person
def terms(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Show which terms would bring the venture closest to a split."""
    place = queries.get_venture(actor_of(request), venture)
    saved = queries.latest(place)
    contract = template(place.venture.template)
    names = {key: one.get("name", key) for key, one in saved.description["parties"].items()}
    context: dict[str, Any] = {"shown": place.venture, "place": place}
    try:
        found = Venture.from_dict(queries.computed_from(place, saved.description))
        rule = _add_rules(request, found, context)
        proposal = propose_terms(found, rule, n=FUTURES, seed=SEED)
    except (SplitError, VentureError) as error:
        context["problem"] = error.message(language())
        return render(request, "ventures/terms.html", context)
    context["proposal"] = proposal_view(
        proposal,
        saved.description,
        lambda name: contract.called(name, language(), names),
        found.description.currency,
    )
    known = levers(saved.description, contract, language())
    context["trying"] = _tried(venture, proposal, known)
    return render(request, "ventures/terms.html", context)


def _add_rules(request: HttpRequest, found: Venture, context: dict[str, Any]) -> str:
    """Put what may be chosen into the context, and return the rule that is."""
    compared = compare_splits(found.simulate(n=FUTURES, seed=SEED))
    usable = [one.rule for one in compared.splits if one.shares is not None]
    asked = request.GET.get("rule", "")
    rule = asked if asked in usable else compared.recommended.rule
    recommended = rule == compared.recommended.rule
    context |= {
        "rules": [(one, texts().name(one, language())) for one in usable],
        "rule": rule,
        "rule_name": texts().name(rule, language()),
        "reason": texts().reason(rule, language()),
        "because": compared.recommended.because(language()) if recommended else "",
    }
    return rule


def _tried(venture: UUID, proposal: Any, known: Any) -> str:
    """Return where the proposed terms are found in the simulator; nothing where a slider cannot say them."""
    proposed = {change.term: change.proposed for change in proposal.changes}
    moved = {}
    for lever in known:
        part, name, *_rate = lever.at.split(".")
        if part == "terms" and name in proposed and lever.kind in {"percent", "money"}:
            value = proposed.pop(name)
            value = 100 * value if lever.is_percent else value
            if lever.low <= value <= lever.high:
                moved[lever.key] = f"{value:.10g}"
    if proposed or not moved:
        return ""
    return f"{reverse('ventures:venture', args=[venture])}?{urlencode(moved)}"


urlpatterns = [path("ventures/<uuid:venture>/terms/", terms, name="terms")]
