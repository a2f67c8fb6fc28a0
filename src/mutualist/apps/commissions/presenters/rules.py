"""Rules as a table that a person reads without knowing the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mutualist.apps.commissions.books import language
from mutualist.domain.programme.commission import NO_LEVEL, CommissionRules
from mutualist.domain.programme.commission.model import Cap, Product, Rate
from mutualist.domain.programme.commission.money import minor, percent_said, said
from mutualist.domain.programme.commission.problems import texts


@dataclass(frozen=True, slots=True)
class RulesRow:
    """A product: its name, what each level gets, and further sentences."""

    name: str
    rates: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesTable:
    """Rules by product and level, and what holds for all."""

    levels: tuple[str, ...]
    rows: tuple[RulesRow, ...]
    notes: tuple[str, ...]


def rules_table(rules: CommissionRules, levels: Mapping[str, str]) -> RulesTable:
    """Return rules by product and level, levels called as the reader knows them."""
    lang = language()
    notes = [
        _("%(name)s: + %(rate)s, added to the rate%(when)s")
        % {"name": one.words[lang], "rate": percent_said(one.rate, lang), "when": _when(one.mark)}
        for one in rules.additions
    ]
    notes += [
        _("%(name)s: %(rate)s, applied after all additions%(when)s")
        % {"name": one.words[lang], "rate": percent_said(one.rate, lang), "when": _when(one.mark)}
        for one in rules.promotions
    ]
    if rules.minimum:
        least = " / ".join(
            said(amount, currency, lang) for currency, amount in rules.minimum.items()
        )
        notes.append(_("Paid out from %(amount)s on.") % {"amount": least})
    return RulesTable(
        (_("no level"), *(levels.get(one, one) for one in rules.levels)),
        tuple(_row(one, rules) for one in rules.products.values()),
        tuple(notes),
    )


def _when(mark: str) -> str:
    return _(" (invoices marked “%(mark)s”)") % {"mark": mark} if mark else ""


def _row(product: Product, rules: CommissionRules) -> RulesRow:
    lang = language()
    levels = (NO_LEVEL, *rules.levels)
    if product.rate.by_level:
        rates = tuple(percent_said(product.rate.by_level[level], lang) for level in levels)
    else:
        rates = (_other(product.rate, rules.currency),) * len(levels)
    notes = [_cap(one) for one in product.caps]
    if product.kind == "margin":
        notes.append(_("Margin: the partner buys below list price."))
    if product.schedule.milestones:
        stones = ", ".join(
            f"{product.schedule.words[name][lang]} {percent_said(share, lang)}"
            for name, share in product.schedule.milestones
        )
        notes.append(_("Earned by milestones: %(stones)s.") % {"stones": stones})
    elif product.schedule.every:
        every = {"month": _("months"), "quarter": _("quarters"), "year": _("years")}[
            product.schedule.every
        ]
        notes.append(
            _("Spread over %(parts)s %(every)s.")
            % {"parts": product.schedule.parts, "every": every}
        )
    if product.clawback.within is not None:
        notes.append(
            _("Taken back when the customer cancels within %(months)s months.")
            % {"months": product.clawback.within}
        )
    return RulesRow(product.words[lang], rates, tuple(notes))


def _other(rate: Rate, currency: str) -> str:
    lang = language()
    if rate.flat:
        amounts = " / ".join(said(amount, name, lang) for name, amount in rate.flat.items())
        return _("%(amount)s per unit") % {"amount": amounts} if rate.each_unit else amounts
    parts = [
        _("%(rate)s above %(bound)s")
        % {
            "rate": percent_said(tier.rate, lang),
            "bound": said(minor(tier.above, currency), currency, lang),
        }
        for tier in rate.tiers
    ]
    return "; ".join(parts)


def _cap(cap: Cap) -> str:
    lang, words = language(), texts("terms")
    amounts = " / ".join(said(amount, currency, lang) for currency, amount in cap.amounts.items())
    return _("At most %(amount)s %(per)s %(each)s.") % {
        "amount": amounts,
        "per": words[cap.per][lang],
        "each": words[cap.each][lang],
    }
