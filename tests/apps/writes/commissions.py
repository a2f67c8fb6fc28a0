"""Every write of commissions, by programs and by forms, each with a programme that is ready for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from apps.commissions.steps import IBAN, OWN_IBAN, RULES, World, accounts, book, earning, make_world
from apps.rooms.cast import Cast
from apps.writes.scenarios import Ready, Write
from mutualist.apps.commissions.actions.paying import make_run
from mutualist.apps.commissions.actions.settling import approve
from mutualist.apps.commissions.models import Entry
from mutualist.apps.core.clock import today


def _api(world: World, name: str, body: Any, *more: Any) -> Write:
    return Write("POST", reverse(f"api:{name}", args=[world.programme.uid, *more]), body)


def _page(world: World, name: str, form: dict[str, str], *more: Any) -> Write:
    return Write(
        "POST", reverse(f"commissions:{name}", args=[world.programme.uid, *more]), form=form
    )


def _later() -> str:
    """Rules that begin tomorrow."""
    return RULES.replace('"2026.1"', '"next"').replace(
        "{from: 2026-01-01}", f"{{from: {today() + timedelta(days=1)}}}"
    )


def _invoice(world: World) -> dict[str, Any]:
    return {
        "number": "R-1",
        "day": today().isoformat(),
        "amount": "1000.00",
        "product": "licence",
        "partners": [{"partner": str(world.tauwerk.uid)}],
    }


def _paid(cast: Cast) -> tuple[World, Any]:
    world = _due(cast)
    run = make_run(standing=world.anna, currency="EUR", execute_on=today(), total=150_00)
    return world, run


def _due(cast: Cast) -> World:
    world = make_world(cast)
    made = earning(book(world))
    approve(standing=world.anna, earnings=[made.uid])
    accounts(world)
    return world


def _with(
    cast: Cast, name: str, body: Any, *, product: str = "licence", page: bool = False
) -> Write:
    """Write about an invoice that is booked."""
    world = make_world(cast)
    made = book(world, product=product)
    return (_page if page else _api)(world, name, body, made.uid)


def _approve(cast: Cast) -> Write:
    world = make_world(cast)
    return _api(world, "approve_commissions", {"earnings": [str(earning(book(world)).uid)]})


def _milestone(cast: Cast, *, page: bool) -> Write:
    world = make_world(cast)
    uid = earning(book(world, product="project")).uid
    if page:
        return _page(world, "milestone", {"key": "signed"}, uid)
    return _api(world, "confirm_commission_milestone", {"key": "signed"}, uid)


def _run(cast: Cast) -> Write:
    body = {"currency": "EUR", "total": "150.00", "execute_on": today().isoformat()}
    return _api(_due(cast), "make_payment_run", body)


def _reverse_run(cast: Cast) -> Write:
    world, run = _paid(cast)
    return _api(world, "reverse_payment_run", {"reason": "refused"}, run.uid)


_CANCEL = {"amount": "100.00", "day": f"{today():%Y-%m-%d}", "reason": "credit note"}
#: By the name of the operation. Anna asks.
COMMISSION_API: dict[str, Ready] = {
    "save_commission_rules": lambda cast: _api(
        make_world(cast), "save_commission_rules", {"text": _later()}
    ),
    "book_commission_invoice": lambda cast: _api(
        world := make_world(cast), "book_commission_invoice", _invoice(world)
    ),
    "cancel_commission_invoice": lambda cast: _with(cast, "cancel_commission_invoice", _CANCEL),
    "void_commission_invoice": lambda cast: _with(
        cast, "void_commission_invoice", {"reason": "mistake"}
    ),
    "approve_commissions": _approve,
    "confirm_commission_milestone": lambda cast: _milestone(cast, page=False),
    "make_payment_run": _run,
    "reverse_payment_run": _reverse_run,
}


def _form(world: World) -> dict[str, str]:
    body = _invoice(world)
    return {
        **{name: body[name] for name in ("number", "day", "amount", "product")},
        "currency": "EUR",
        "partner": world.tauwerk.name,
    }


def _approve_page(cast: Cast) -> Write:
    world = make_world(cast)
    return _page(world, "approve", {"earning": str(earning(book(world)).uid)})


def _run_page(cast: Cast) -> Write:
    form = {"currency": "EUR", "total": "15000", "execute_on": today().isoformat()}
    return _page(_due(cast), "payments", form)


def _run_back_page(cast: Cast) -> Write:
    world, run = _paid(cast)
    return _page(world, "run", {"reason": "refused"}, run.uid)


def _file_page(cast: Cast) -> Write:
    world, run = _paid(cast)
    return _page(world, "bank_file", {"format": "xml"}, run.uid)


def _reverse_page(cast: Cast) -> Write:
    world = _due(cast)
    entry = Entry.objects.get(kind="approval", programme=world.programme)
    return _page(world, "reverse", {"reason": "too early"}, entry.uid)


def _adjust_page(cast: Cast) -> Write:
    world = make_world(cast)
    form = {"amount": "5", "currency": "EUR", "reason": "goodwill"}
    return _page(world, "partner", form, world.tauwerk.uid)


def _link_page(cast: Cast) -> Write:
    world = make_world(cast)
    address = reverse("commissions:own_link", args=[world.token()])
    return Write("POST", address, form={"name": "Tauwerk", "iban": IBAN})


#: By the name of the route. Anna asks; the link asks for itself.
COMMISSION_PAGES: dict[str, Ready] = {
    "commissions:rules_new": lambda cast: _page(make_world(cast), "rules_new", {"text": _later()}),
    "commissions:invoice_new": lambda cast: _page(
        world := make_world(cast), "invoice_new", _form(world)
    ),
    "commissions:invoice": lambda cast: _with(
        cast, "invoice", {"do": "cancel", **_CANCEL}, page=True
    ),
    "commissions:approve": _approve_page,
    "commissions:milestone": lambda cast: _milestone(cast, page=True),
    "commissions:payer": lambda cast: _page(
        make_world(cast), "payer", {"name": "Nordwerk", "iban": OWN_IBAN}
    ),
    "commissions:payments": _run_page,
    "commissions:run": _run_back_page,
    "commissions:bank_file": _file_page,
    "commissions:reverse": _reverse_page,
    "commissions:partner": _adjust_page,
    "commissions:own_link": _link_page,
}
