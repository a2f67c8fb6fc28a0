"""Cents as people read them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template

from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.models import Invoice
from mutualist.apps.commissions.presenters.telling import product_said
from mutualist.domain.programme.commission.money import percent_said, said

register = template.Library()


@register.filter
def cents(amount: int | None, currency: str) -> str:
    """Write whole cents with their currency: 1.234,56 EUR."""
    return said(amount or 0, currency, language())


@register.filter
def product(invoice: Invoice) -> str:
    """Write the product of an invoice as its rules call it."""
    return product_said(invoice)


@register.filter
def share(value: Any) -> str:
    """Write an exact share as a percentage."""
    return percent_said(Fraction(str(value)), language())
