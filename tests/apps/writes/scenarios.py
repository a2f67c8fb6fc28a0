"""Every write of the JSON API and of the pages, each with a room that is ready for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import (
    Cast,
    fill,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.delivery import actions as hooks
from mutualist.apps.delivery.models import Endpoint
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Membership, OrganisationInvitation, User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer

DEADLINE = "2090-01-31"
PERSON = {"name": "Jonas", "email": "jonas@nordwerk.example", "language": "de"}


@dataclass(frozen=True)
class Write:
    """One request that changes something."""

    method: str
    path: str
    body: Any = None
    form: Mapping[str, str] = field(default_factory=dict)


Ready = Callable[[Cast], Write]


def room_api(name: str, room: Any, **more: Any) -> str:
    return reverse(f"api:{name}", kwargs={"uid": room.uid, **more})


def page(name: str, room: Any, *parts: Any) -> str:
    return reverse(f"rooms:{name}", args=[room.uid, *parts])


def colleague(cast: Cast, room: Any) -> Any:
    actions.add_colleague(actor=cast.anna, room=room, **PERSON)
    return Answerer.objects.get(room=room, name="Jonas")


def both_sealed(cast: Cast) -> Any:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    return room


def anna_sealed(cast: Cast) -> Any:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    return room


def _create(cast: Cast) -> Write:
    body = {
        "frame": {"name": "Once", "offer": "Pumps"},
        "parties": [{"name": "Nordwerk"}, {"name": "Tauwerk", "email": "once@tauwerk.example"}],
    }
    return Write("POST", reverse("api:create_room"), body)


def _answering(cast: Cast) -> Any:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    return room


def _person(verb: str) -> Ready:
    def ready(cast: Cast) -> Write:
        room = room_of_two(cast)
        return Write("POST", room_api(verb, room, person=colleague(cast, room).pk))

    return ready


def on(name: str, method: str, room: Callable[[Cast], Any], body: Any = None, **more: Any) -> Ready:
    return lambda cast: Write(method, room_api(name, room(cast), **more), body)


def webhook(cast: Cast) -> Any:
    Endpoint.objects.filter(organisation=cast.nordwerk).delete()
    address = f"https://93.184.216.34/{uuid4()}"
    return hooks.add_endpoint(cast.nordwerk.uid, address=address, actor=cast.anna)[0]


def dead_letter(cast: Cast) -> tuple[Any, Any]:
    endpoint = webhook(cast)
    letter = hooks.send_test(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    type(letter).objects.filter(pk=letter.pk).update(state="dead")
    return endpoint, letter


def _hook(name: str, method: str, body: Any = None) -> Ready:
    def ready(cast: Cast) -> Write:
        place = {"uid": cast.nordwerk.uid, "webhook": webhook(cast).uid}
        return Write(method, reverse(f"api:{name}", kwargs=place), body)

    return ready


def _dead(name: str, method: str, *, one: bool) -> Ready:
    def ready(cast: Cast) -> Write:
        endpoint, letter = dead_letter(cast)
        place = {"uid": cast.nordwerk.uid, "webhook": endpoint.uid}
        place |= {"delivery": letter.uid} if one else {}
        return Write(method, reverse(f"api:{name}", kwargs=place))

    return ready


def _add_webhook(cast: Cast) -> Write:
    Endpoint.objects.filter(organisation=cast.nordwerk).delete()
    path = reverse("api:add_webhook", args=[cast.nordwerk.uid])
    return Write("POST", path, {"address": f"https://93.184.216.34/{uuid4()}"})


#: By the name of the operation. Anna asks.
API_WRITES: dict[str, Ready] = {
    "create_room": _create,
    "change_frame": on("change_frame", "PUT", room_of_two, {"name": "Twice"}),
    "delete_room": on("delete_room", "DELETE", open_two_sided),
    "move_deadline": on("move_deadline", "PUT", room_of_two, {"deadline": DEADLINE}),
    "invite": on("invite", "POST", room_of_two, PERSON, seat="A"),
    "resend": _person("resend"),
    "revoke": _person("revoke"),
    "save_answer": on(
        "save_answer", "PUT", _answering, {"value": "open", "version": 1}, item="1.4"
    ),
    "seal": on("seal", "POST", _answering, {"confirm_open_items": True}),
    "take_back": on("take_back", "DELETE", anna_sealed),
    "press_open": on("press_open", "POST", both_sealed),
    "start_round": on("start_round", "POST", opened_room, {}),
    "agree_binding": on("agree_binding", "POST", opened_room, {"text": "We bind ourselves."}),
    "set_consent": on("set_consent", "PUT", opened_room, {"consent": True}),
    "close": on("close", "POST", opened_room, {"outcome": "parted"}),
    "add_webhook": _add_webhook,
    "change_webhook": _hook("change_webhook", "PATCH", {"kinds": []}),
    "remove_webhook": _hook("remove_webhook", "DELETE"),
    "rotate_secret": _hook("rotate_secret", "POST"),
    "pause_webhook": _hook("pause_webhook", "PUT", {"paused": True}),
    "test_webhook": _hook("test_webhook", "POST"),
    "resend_all": _dead("resend_all", "POST", one=False),
    "discard_all": _dead("discard_all", "DELETE", one=False),
    "resend_one": _dead("resend_one", "POST", one=True),
    "discard_one": _dead("discard_one", "DELETE", one=True),
}
#: These take a body but store nothing.
API_READS = {"compute", "verdict", "lint_rules"}


def _form(
    name: str, room: Callable[[Cast], Any], form: Mapping[str, str] | None = None, *parts: Any
) -> Ready:
    return lambda cast: Write("POST", page(name, room(cast), *parts), form=form or {})


def _person_form(verb: str) -> Ready:
    def ready(cast: Cast) -> Write:
        room = room_of_two(cast)
        return Write("POST", page(f"person_{verb}", room, colleague(cast, room).pk))

    return ready


def _convened(cast: Cast) -> Any:
    """Anna answers in Greta's room."""
    from apps.rooms.cast import FRAME, PartySpec, come_in

    room = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
    )
    for seat, who in (("A", cast.anna), ("B", cast.clara)):
        name = who.name
        mail = f"{name.lower()}@example.org"
        invited = actions.invite_answerer(
            actor=cast.greta, room=room, seat=seat, name=name, email=mail, language="en"
        )
        come_in(invited, who)
    return room


def _new(cast: Cast) -> Write:
    form = {
        "mode": "two_sided",
        "name": "Once",
        "offer": "Pumps",
        "relation": "none",
        "horizon": "5",
        "currency": "EUR",
        "opens": "all_press",
        "party-TOTAL_FORMS": "1",
        "party-INITIAL_FORMS": "0",
        "party-0-name": "Tauwerk",
        "party-0-person": "Paul",
        "party-0-email": "paul@tauwerk.example",
        "party-0-language": "de",
    }
    return Write("POST", reverse("rooms:new"), form=form)


def _organisation(name: str, form: Mapping[str, str], *parts: Callable[[Cast], Any]) -> Ready:
    def ready(cast: Cast) -> Write:
        found = [part(cast) for part in parts]
        return Write(
            "POST", reverse(f"identity:{name}", args=[cast.nordwerk.uid, *found]), form=form
        )

    return ready


def _ben(cast: Cast) -> int:
    member, _new = Membership.objects.get_or_create(
        user_id=cast.ben.user_id, organisation=cast.nordwerk, defaults={"role": "reader"}
    )
    return member.pk


def _invited(cast: Cast) -> int:
    taken = OrganisationInvitation.objects.count()
    mail = f"guest{taken}@nordwerk.example"
    return identity.invite_member(
        cast.nordwerk.uid, email=mail, role="member", language="en", actor=cast.anna
    ).pk


def _token(cast: Cast) -> Write:
    from mutualist.apps.identity.queries import tokens_of

    identity.create_api_token("old", actor=cast.anna)
    newest = tokens_of(cast.anna).first()
    return Write("POST", reverse("identity:revoke_token", args=[newest.pk]))


def _account(**form: str) -> Ready:
    return lambda _cast: Write("POST", reverse("identity:account"), form=form)


#: By the name of the route. Anna asks.
PAGE_WRITES: dict[str, Ready] = {
    "rooms:new": _new,
    "rooms:deadline": _form("deadline", room_of_two, {"deadline": DEADLINE}),
    "rooms:remind": _form("remind", room_of_two),
    "rooms:seal": _form("seal", _answering, {"confirm_open_items": "yes"}),
    "rooms:take_back": _form("take_back", anna_sealed),
    "rooms:open": _form("open", both_sealed),
    "rooms:share": _form("share", _convened, {"share": "yes"}),
    "rooms:delete": _form("delete", open_two_sided),
    "rooms:people": _form("people", room_of_two, {"seat": "A", **PERSON}),
    "rooms:person_resend": _person_form("resend"),
    "rooms:person_revoke": _person_form("revoke"),
    "rooms:person_lead": _person_form("lead"),
    "rooms:person_remove": _person_form("remove"),
    "rooms:claim": lambda cast: Write(
        "POST", page("claim", _convened(cast)), form={"organisation": str(cast.nordwerk.uid)}
    ),
    "rooms:answer": _form("answer", room_of_two, {"version-1.4": "0:none", "1.4.value": "gt3"}, 1),
    "rooms:answers_workbook": _form(
        "answers_workbook",
        room_of_two,
        {"step": "confirm", "payload": '{"1.4": "gt3"}', "versions": '{"1.4": 0}'},
    ),
    "rooms:pledges": _form("pledges", opened_room, {"intent": "consent-yes"}),
    "rooms:part": _form("part", opened_room),
    "rooms:next_round": _form("next_round", opened_room, {"deadline": DEADLINE}),
    "identity:organisation": lambda _cast: Write(
        "POST", reverse("identity:organisation"), form={"name": "Once AG"}
    ),
    "identity:members": _organisation(
        "members", {"email": "new@nordwerk.example", "role": "member", "language": "en"}
    ),
    "identity:change_role": _organisation("change_role", {"role": "member"}, _ben),
    "identity:remove_member": _organisation("remove_member", {}, _ben),
    "identity:revoke_invitation": _organisation("revoke_invitation", {}, _invited),
    "identity:account": _account(form="name", name="Anna Once"),
    "identity:revoke_token": _token,
}


def program(actor: Actor) -> str:
    """Return a token of an actor."""
    return identity.create_api_token("writes", actor=actor)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    # What happens when somebody comes with a new device is over before anything is counted.
    client.get(reverse("identity:account"))
    return client


def windows(client: Client, number: int) -> list[Client]:
    """Return further windows of one browser."""
    found = [Client() for _ in range(number)]
    for one in found:
        for name, morsel in client.cookies.items():
            one.cookies[name] = morsel.value
    return found


def send(client: Client, write: Write, *, token: str = "", key: str = "") -> Any:
    """Send a write once: a program by its token, a browser by its form."""
    if token:
        headers = {"Authorization": f"Bearer {token}"}
        if key:
            headers["Idempotency-Key"] = key
        body = "" if write.body is None else json.dumps(write.body)
        return client.generic(
            write.method, write.path, body, content_type="application/json", headers=headers
        )
    form = {**write.form, "idempotency_key": key} if key else dict(write.form)
    return client.post(write.path, form)


#: What says nothing about the effect: who is signed in, what is remembered of the request itself.
ASIDE = {
    "django_session",
    "core_idempotencykey",
    "core_audithead",
    "core_cache",
    "identity_usersession",
}


def rows() -> dict[str, int]:
    """Return how many rows each table has: in one statement, because it is asked hundreds of times."""
    names = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table not in ASIDE and not model._meta.proxy
    )
    counts = (f"(SELECT count(*) FROM {connection.ops.quote_name(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        return dict(zip(names, cursor.fetchone(), strict=True))


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {table: after[table] - n for table, n in before.items() if after[table] != n}
