"""The way in and the agreement on a partner's page: what is to be ticked, what is to be accepted anew."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language

from mutualist.apps.programme.beside import Section
from mutualist.apps.programme.doors import partner_url
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.joining import last_acceptance, newest_agreement, steps_of
from mutualist.apps.programme.standing import Standing


def checklist_section(standing: Standing, relation: int) -> Section | None:
    """Return the steps that vendor and partner tick until the partner is active."""
    partner = Relation.objects.get(pk=relation)
    if partner.state != Relation.State.ONBOARDING:
        return None
    language = (get_language() or "en")[:2]
    own = standing.side == "partner"
    steps = [
        {
            "task": one.task,
            "words": one.words[language],
            "done": partner.steps_done.get(one.task, ""),
            "by": one.by,
            "may": standing.writes and (one.by == "partner" or not own),
        }
        for one in steps_of(partner)
        if one.by
    ]
    if not steps:
        return None
    url = (
        partner_url(standing, "programme:steps_own")
        if own
        else reverse("programme:ticking", args=[standing.programme_uid, partner.uid])
    )
    return Section("steps", "programme/_steps.html", {"steps": steps, "url": url})


def agreement_section(standing: Standing, relation: int) -> Section | None:
    """Return which version a partner accepted, and whether a newer one waits."""
    newest = newest_agreement(standing.programme)
    if newest is None:
        return None
    accepted = last_acceptance(relation)
    waits = accepted is None or accepted.agreement_id != newest.pk
    own = standing.side == "partner"
    url = partner_url(standing, "programme:agreement") if own and standing.writes else ""
    content = {"newest": newest, "accepted": accepted, "waits": waits, "url": url if waits else ""}
    return Section("agreement", "programme/_agreement.html", content)
