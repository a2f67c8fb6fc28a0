"""Hand out all open enquiries at once, as the preview showed it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.enquiries.actions.steps import locked, locked_intake, offer_to, require_writer
from mutualist.apps.enquiries.planning import plan_for
from mutualist.apps.programme.public import Standing


@transaction.atomic
def hand_out_all(*, standing: Standing, mark: str) -> int:
    """Offer every open enquiry to the partner of the plan; return how many.

    Raises
    ------
    ActionError
        If the plan is not the one that was looked at: enquiries, partners or their load changed meanwhile.
    """
    require_writer(standing, "vendor")
    intake = locked_intake(standing.programme)
    plan = plan_for(standing)
    if plan.mark != mark:
        raise ActionError(
            "enquiry_plan",
            _(
                "Enquiries or partners have changed since. Look at the new preview and hand out again."
            ),
            409,
        )
    done = 0
    for at, (row, chosen) in enumerate(plan.pairs):
        if chosen is None:
            continue
        held = locked(row.pk)
        offer_to(
            held,
            intake,
            int(chosen.partner),
            chosen.name,
            plan.why(at),
            standing.actor,
            "vendor",
        )
        done += 1
    return done
