"""What states, reasons, moves and mistakes are called on pages and in mails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.domain.programme.registration import Fault, State

STATES: dict[str, Any] = {
    State.DRAFT: _("draft"),
    State.SUBMITTED: _("received"),
    State.IN_REVIEW: _("being looked at"),
    State.ACTION_REQUIRED: _("question to the partner"),
    State.APPROVED: _("protected"),
    State.EXTENDED: _("protected, extended"),
    State.REJECTED: _("not accepted"),
    State.APPEALED: _("objected to"),
    State.WON: _("won"),
    State.LOST: _("lost"),
    State.EXPIRED: _("run out"),
    State.WITHDRAWN: _("withdrawn"),
    State.RELEASED: _("protection ended"),
}
#: How a state is coloured: good, warn, bad or nothing.
COLOURS = {
    State.APPROVED: "good",
    State.EXTENDED: "good",
    State.WON: "good",
    State.ACTION_REQUIRED: "warn",
    State.APPEALED: "warn",
    State.REJECTED: "bad",
    State.RELEASED: "bad",
}
#: What the vendor chooses from.
REJECTIONS: dict[str, Any] = {
    "duplicate": _("registered by another partner before"),
    "existing_customer": _("customer of ours already"),
    "too_early": _("too early: no project yet"),
    "outside_territory": _("outside the agreed territory"),
    "insufficient_information": _("too little information"),
    "direct_sales_active": _("our own sales are at it"),
    "customer_decided": _("the customer decided in writing"),
}
_TAKEN = _("this customer is being looked after already")
#: What the partner reads: nothing of it tells whether another partner has registered the customer.
TOLD_REJECTIONS: dict[str, Any] = {
    **REJECTIONS,
    "duplicate": _TAKEN,
    "existing_customer": _TAKEN,
    "direct_sales_active": _TAKEN,
    "customer_decided": _TAKEN,
}
LOSSES: dict[str, Any] = {
    "competitor": _("a competitor won"),
    "price": _("price"),
    "no_opportunity": _("there was no project"),
    "delay": _("delayed or cancelled"),
    "customer_deficiency": _("the customer cannot go on"),
    "legal": _("law, taxes or regulation"),
    "security": _("security or compliance"),
    "technical": _("technical limits"),
    "partner_gap": _("we lacked skill or people"),
    "people": _("people and relations"),
    "product": _("product or technology"),
    "financial": _("financing or contract"),
    "customer_experience": _("the customer's experience"),
    "other": _("another reason"),
}
MOVES: dict[str, Any] = {
    "submit": _("registered"),
    "take_up": _("taken up by the vendor"),
    "ask": _("question to the partner"),
    "approve": _("accepted"),
    "reject": _("not accepted"),
    "extend": _("extended"),
    "release": _("protection ended by the vendor"),
    "appeal": _("objected to"),
    "win": _("won"),
    "lose": _("lost"),
    "withdraw": _("withdrawn"),
    "expire": _("run out"),
}
RULINGS: dict[str, Any] = {
    "distinct": _("two different customers"),
    "second": _("accepted as second, with a part of the terms"),
    "customer": _("the customer decided in writing for this partner"),
}
#: What spoke for or against one customer.
EVIDENCE: dict[str, Any] = {
    "name": _("name"),
    "name_within": _("one name holds the other"),
    "name_rare": _("seldom name"),
    "form_other": _("other legal form"),
    "vat_equal": _("same VAT id"),
    "vat_other": _("other VAT id"),
    "register_equal": _("same entry in the register"),
    "register_other": _("other entry in the register"),
    "domain_equal": _("same domain"),
    "domain_other": _("other domain"),
    "postcode_equal": _("same postal code"),
    "region_equal": _("same region"),
    "postcode_other": _("other region"),
    "country_other": _("other country"),
}
DECISIONS: dict[str, Any] = {
    "same": _("the same customer"),
    "maybe": _("perhaps the same customer"),
}
FIELDS: dict[str, Any] = {
    "name": _("Customer"),
    "country": _("Country"),
    "postal_code": _("Postal code"),
    "domain": _("Web or mail domain"),
    "vat": _("VAT id"),
    "register": _("Entry in the register"),
}
_FAULTS: dict[str, Any] = {
    "name": _("Give the customer's name, up to 200 characters."),
    "country": _("“{value}” is no country code. Write two letters, such as {wanted}."),
    "postal_code": _("“{value}” is no postal code of this country. Write it like {wanted}."),
    "domain_form": _("“{value}” is no domain. Write it like {wanted}."),
    "vat_form": _("“{value}” is no VAT id. Write it like {wanted}, or leave it out."),
    "vat_check": _(
        "The check digit of “{value}” does not fit: one digit is probably wrong. Look it up once more."
    ),
    "register_form": _(
        "“{value}” is no entry of a register. Write it like “{wanted}”, or leave it out."
    ),
    "register_check": _("The check digit of “{value}” does not fit: one digit is probably wrong."),
    "register_court": _(
        "“{value}” needs its court: each court counts for itself. Write it like “{wanted}”."
    ),
    "figure": _("“{value}” does not fit here. Give a whole number: {wanted}."),
    "yes_no": _("“{value}” is neither yes nor no."),
    "version": _("Give the rules a name of up to 60 characters, such as {wanted}."),
    "unknown": _("There is no such rule. Take it out."),
    "schema": _("“{value}” is another kind of file; wanted is {wanted}."),
    "mapping": _("The rules have to be a list of names and values."),
    "remind_late": _(
        "The reminder after {value} hours would come after the answer is due ({wanted} hours)."
    ),
    "move": _("That is not possible while the project is “{value}”."),
}
#: Which field of rules is called what.
RULE_FIELDS: dict[str, Any] = {
    "period_days": _("Protection, in days"),
    "extension_days": _("One extension, in days"),
    "extensions": _("How many extensions"),
    "answer_hours": _("You answer within so many hours"),
    "remind_hours": _("You are reminded after so many hours"),
    "ask_before_days": _("The partner is asked so many days before the end"),
    "resubmit_after_days": _("Registered anew at the earliest after so many days"),
    "reply_days": _("The partner answers a question within so many days"),
    "appeal_days": _("Objections are possible for so many days"),
    "second_share": _("A second registrant gets this part of the terms, in per cent"),
    "customer_decides": _("The customer may decide in writing for another partner"),
}


def fault_words(fault: Fault) -> str:
    """Return what is wrong, in the language now active."""
    value = STATES.get(fault.value, fault.value) if fault.code == "move" else fault.value
    return str(_FAULTS[fault.code]).format(value=value, wanted=fault.wanted)


def told(faults: Iterable[Fault]) -> dict[str, str]:
    """Return the first mistake of every field."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.where, fault_words(fault))
    return found


def rejection_words(reason: str, *, vendor: bool) -> str:
    """Return a reason as its side may read it."""
    return str((REJECTIONS if vendor else TOLD_REJECTIONS).get(reason, reason))
