"""Pairs of firms with tokens and rooms in which both sides have taken their seats; the second is partner of the first.

Arguments: how many pairs, how many rooms each.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

# Where another role owns the tables, only the command may make them.
if "MUTUALIST_DATABASE_OWNER_URL" not in os.environ:
    call_command("migrate", verbosity=0)

from apps.commissions.steps import IBAN, OWN_IBAN, PROGRAMME, RULES, START  # noqa: E402
from mutualist.apps.commissions.actions.paying import keep_account  # noqa: E402
from mutualist.apps.commissions.actions.ruling import save_rules  # noqa: E402
from mutualist.apps.core.actor import Actor  # noqa: E402
from mutualist.apps.identity import actions as identity  # noqa: E402
from mutualist.apps.identity.queries import actor_of  # noqa: E402
from mutualist.apps.programme.actions.partners import add_partner  # noqa: E402
from mutualist.apps.programme.actions.programmes import begin_programme  # noqa: E402
from mutualist.apps.programme.public import partner_standing, vendor_standing  # noqa: E402
from mutualist.apps.rooms import actions  # noqa: E402
from mutualist.apps.rooms.values import PartySpec  # noqa: E402


def firm(name: str) -> tuple[Actor, Any, str]:
    user = identity.create_user(email=f"{name}@example.org", name=name, language="en")
    organisation = identity.create_organisation(f"Firm of {name}", actor=actor_of(user))
    # The roles as they are now: the person has founded the firm since.
    return actor_of(user), organisation, identity.create_api_token("crash", actor=actor_of(user))


def room(anna: Actor, host: Any, clara: Actor, other: Any, number: int) -> str:
    made = actions.create_room(
        actor=anna,
        mode="two_sided",
        host=host,
        frame={"name": f"Crash {number}"},
        parties=[PartySpec("Here"), PartySpec("There")],
    )
    invited = actions.invite_answerer(
        actor=anna,
        room=made,
        seat="B",
        name=clara.name,
        email=f"{clara.name}@example.org",
        language="en",
    )
    actions.accept_link(actor=clara, token=invited.url.rstrip("/").rsplit("/", 1)[-1])
    actions.claim_seat(actor=clara, room=made, organisation=other)
    return str(made.uid)


def channel(anna: Actor, host: Any, clara: Actor, other: Any) -> dict[str, str]:
    """A programme of the first with the second as its partner, ready for all that partners do."""
    begun = begin_programme(
        actor=anna, organisation=host.uid, name="Crash", rules=PROGRAMME, since=START
    )
    vendor = vendor_standing(anna, begun.uid)
    made = add_partner(
        standing=vendor,
        name="There",
        organisation=other.pk,
        external_id="P-1",
        postal_code="70173",
    )
    save_rules(standing=vendor, text=RULES)
    keep_account(standing=vendor, name="Here", iban=OWN_IBAN, bic="COBADEFFXXX")
    keep_account(standing=partner_standing(clara, made.uid), name="There", iban=IBAN)
    return {"programme": str(begun.uid), "relation": str(made.uid), "partner": "P-1"}


pairs = []
for number in range(int(sys.argv[1])):
    anna, host, token = firm(f"anna{number}")
    clara, other, second = firm(f"clara{number}")
    many = range(number * 1000, number * 1000 + int(sys.argv[2]))
    rooms = [room(anna, host, clara, other, one) for one in many]
    more = channel(anna, host, clara, other)
    pairs.append({"A": token, "B": second, "rooms": rooms, **more})
print(json.dumps(pairs))
