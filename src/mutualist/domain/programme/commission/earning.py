"""What partners earn by an invoice: rate of the level on that day, additions before promotions, split, caps.

One function computes it, for a booking, a preview and a replay years later; it knows nothing but its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from mutualist.domain.programme.commission.capping import cap
from mutualist.domain.programme.commission.model import (
    NO_LEVEL,
    CapKey,
    CommissionRules,
    Credit,
    Earned,
    Earnings,
    Extra,
    Invoice,
    Product,
    Step,
)
from mutualist.domain.programme.commission.money import (
    allocate,
    half_up,
    major,
    plain,
)
from mutualist.domain.programme.commission.money import digits as decimals
from mutualist.domain.programme.commission.problems import CommissionError, Problem, refuse
from mutualist.domain.programme.commission.spreading import first_of_months
from mutualist.domain.programme.commission.versions import convert

NOTHING_USED: Final[Mapping[CapKey, int]] = MappingProxyType({})
NO_TURNOVER: Final[Mapping[str, Fraction]] = MappingProxyType({})


def earn(
    invoice: Invoice,
    rules: CommissionRules,
    credited: Sequence[Credit],
    *,
    used: Mapping[CapKey, int] = NOTHING_USED,
    turnover: Mapping[str, Fraction] = NO_TURNOVER,
) -> Earnings:
    """Compute the commission of an invoice for all partners credited for it.

    Parameters
    ----------
    invoice
        What the customer was charged.
    rules
        The version in force on the day of the invoice.
    credited
        The partners, their shares (together exactly 1) and the levels they held on that day.
    used
        What of each cap earlier invoices have used.
    turnover
        What each partner has sold of this product in the calendar year before, in the currency of the rules; for tiers
        counted by year.

    Returns
    -------
    Earnings
        Whole cents. The sum over the partners is the exact commission rounded half up once; each partner has its exact
        share rounded down or up (largest remainders).

    Raises
    ------
    CommissionError
        With everything that stands in the way, each with a remedy.

    Examples
    --------
    The growth margin of a published programme: base 20 % and growth 15 % are added, then 10 % promotion multiplies.

    >>> from mutualist.domain.programme.commission.reading import read_commission_rules
    >>> from datetime import date
    >>> rules = read_commission_rules({
    ...     "schema": "commission/1", "id": "m", "version": "1", "effective": {"from": "2026-01-01"},
    ...     "products": {"licence": {"kind": "margin", "rate": "20 %"}},
    ...     "additions": [{"id": "growth", "rate": "15 %"}], "promotions": [{"id": "launch", "rate": "10 %"}],
    ... })
    >>> invoice = Invoice("R-1", date(2026, 5, 4), 10000, "EUR", "licence")
    >>> earned = earn(invoice, rules, [Credit("tauwerk")])
    >>> 10000 - earned.amount
    5850
    """
    product = _checked(invoice, rules, credited)
    currency = rules.payout or invoice.currency
    bases = allocate(invoice.amount, [credit.share for credit in credited])
    exact, steps = [], []
    for credit, base in zip(credited, bases, strict=True):
        amount, why = _exact(invoice, rules, product, credit, base, turnover)
        exact.append(amount)
        steps.append(why)
    gross = _rounded(invoice, product, exact, currency, rules)
    months = first_of_months(invoice.covers_from or invoice.day, invoice.months)
    cells = {
        (at, month): cents
        for at, part in enumerate(gross)
        for month, cents in zip(months, allocate(part, [1] * len(months)), strict=True)
    }
    names = [credit.partner for credit in credited]
    cells, usage, cuts = cap(cells, invoice, product.caps, names, currency, rules, used)
    return Earnings(
        invoice,
        rules.version,
        tuple(
            Earned(
                partner=credit.partner,
                level=credit.level,
                base=bases[at],
                gross=gross[at],
                amount=sum(cells[at, month] for month in months),
                currency=currency,
                months=tuple((month, cells[at, month]) for month in months),
                steps=(*_split_step(credit, bases[at], invoice), *steps[at], *cuts[at]),
            )
            for at, credit in enumerate(credited)
        ),
        usage,
    )


def _checked(invoice: Invoice, rules: CommissionRules, credited: Sequence[Credit]) -> Product:
    found: list[Problem] = []
    if invoice.amount <= 0:
        found.append(
            Problem("amount", "not_positive", {"value": plain(invoice.amount, invoice.currency)})
        )
    if not 1 <= invoice.months <= 120:
        found.append(Problem("months", "bad_months", {"value": invoice.months}))
    if not rules.holds(invoice.day):
        found.append(Problem("day", "no_version", {"day": invoice.day}))
    if not credited:
        found.append(Problem("partners", "no_partner"))
    found += _credited_wrongly(rules, credited)
    product = rules.product(invoice.product)
    if product is None:
        values = {"product": invoice.product, "known": ", ".join(rules.products)}
        found.append(Problem("product", "no_rule", values))
    else:
        found += [
            Problem(name, f"no_{name}", {"product": invoice.product})
            for name in ("subscription", "customer")
            if any(one.per == name for one in product.caps) and not getattr(invoice, name)
        ]
    if found or product is None:
        raise CommissionError(found)
    return product


def _credited_wrongly(rules: CommissionRules, credited: Sequence[Credit]) -> list[Problem]:
    names = [credit.partner for credit in credited]
    found = [
        Problem("partners", "split_twice", {"partner": name})
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    for credit in credited:
        if credit.share <= 0:
            values = {"partner": credit.partner, "value": credit.share}
            found.append(Problem("partners", "split_zero", values))
        if credit.level not in {NO_LEVEL, *rules.levels}:
            values = {"level": credit.level, "known": ", ".join(rules.levels)}
            found.append(Problem("levels", "level_unknown", values))
    total = sum((credit.share for credit in credited), Fraction(0))
    if credited and total != 1:
        found.append(Problem("partners", "split_sum", {"total": total}))
    return found


def _split_step(credit: Credit, base: int, invoice: Invoice) -> tuple[Step, ...]:
    if credit.share == 1:
        return ()
    values = {"share": credit.share, "base": (base, invoice.currency)}
    return (Step("split", {**values, "whole": (invoice.amount, invoice.currency)}),)


def _exact(
    invoice: Invoice,
    rules: CommissionRules,
    product: Product,
    credit: Credit,
    base: int,
    turnover: Mapping[str, Fraction],
) -> tuple[Fraction, list[Step]]:
    """Return the exact commission or margin, in smallest units of the invoice's currency."""
    told = {
        "product": invoice.product,
        "level": credit.level,
        "day": invoice.day,
        "marks": invoice.marks,
    }
    if product.rate.flat:
        main, steps = _flat(invoice, product, credit)
    elif product.rate.tiers:
        main, steps = _by_tiers(
            invoice, rules, product, base, turnover.get(credit.partner, Fraction(0))
        )
    else:
        rate = product.rate.by_level[credit.level]
        main = base * rate
        steps = [Step("rate", {"product": product.words, "level": credit.level, "rate": rate})]
    added = _holding(rules.additions, product, told)
    main += base * sum((extra.rate for extra in added), Fraction(0))
    steps += [Step("addition", {"name": extra.words, "rate": extra.rate}) for extra in added]
    promotions = _holding(rules.promotions, product, told)
    if product.kind == "margin":
        price = base - main
        for extra in promotions:
            price *= 1 - extra.rate
            steps.append(Step("promotion_price", {"name": extra.words, "rate": extra.rate}))
        return base - price, steps
    for extra in promotions:
        main *= 1 + extra.rate
        steps.append(Step("promotion", {"name": extra.words, "rate": extra.rate}))
    return main, steps


def _holding(extras: Sequence[Extra], product: Product, told: Mapping[str, object]) -> list[Extra]:
    # The product of the rule, not the name on the invoice: "other" stands for many names.
    asked = {**told, "product": product.id}
    return [extra for extra in extras if extra.applies(**asked)]  # type: ignore[arg-type] # as in the mapping above


def _flat(invoice: Invoice, product: Product, credit: Credit) -> tuple[Fraction, list[Step]]:
    amount = product.rate.flat.get(invoice.currency)
    if amount is None:
        known = ", ".join(product.rate.flat)
        raise refuse(
            "currency", "no_flat", currency=invoice.currency, product=product.id, known=known
        )
    units = invoice.units if product.rate.each_unit else Fraction(1)
    code = "flat_units" if product.rate.each_unit else "flat"
    values = {"amount": (amount, invoice.currency), "units": units, "product": product.words}
    return amount * units * credit.share, [Step(code, values)]


def _by_tiers(
    invoice: Invoice, rules: CommissionRules, product: Product, base: int, before: Fraction
) -> tuple[Fraction, list[Step]]:
    """Go through the tiers in the currency of the rules; the outcome is a share of the base, so no rounding happens."""
    here = convert(
        major(base, invoice.currency), invoice.currency, rules.currency, invoice.day, rules
    )
    start = before if product.rate.counted == "year" else Fraction(0)
    tiers = product.rate.tiers
    if product.rate.whole:
        reached = [tier for tier in tiers if tier.above < start + here][-1]
        values = {"rate": reached.rate, "reached": start + here, "currency": rules.currency}
        return base * reached.rate, [Step("tier_whole", values)]
    main, steps = Fraction(0), []
    ends = [*(tier.above for tier in tiers[1:]), None]
    for tier, end in zip(tiers, ends, strict=True):
        top = start + here if end is None else min(start + here, end)
        part = max(top - max(start, tier.above), Fraction(0))
        if not part:
            continue
        main += base * (part / here) * tier.rate
        values = {"rate": tier.rate, "part": part, "currency": rules.currency}
        steps.append(Step("tier_slice", values))
    return main, steps


def _rounded(
    invoice: Invoice,
    product: Product,
    exact: Sequence[Fraction],
    currency: str,
    rules: CommissionRules,
) -> tuple[int, ...]:
    """Round the sum once and share out its cents; of a margin it is the partner's price that is rounded."""
    together = sum(exact, Fraction(0))
    if product.kind == "margin":
        together = Fraction(invoice.amount - half_up(invoice.amount - together))
    rate = convert(Fraction(1), invoice.currency, currency, invoice.day, rules)
    scale = rate * Fraction(10) ** (decimals(currency) - decimals(invoice.currency))
    return allocate(half_up(together * scale), exact)
