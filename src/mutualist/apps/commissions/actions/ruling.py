"""Keeping rules: a new version, never a changed one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions import books
from mutualist.apps.commissions.books import refused
from mutualist.apps.commissions.kept import stored
from mutualist.apps.commissions.models import Invoice, RuleVersion
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission import (
    CommissionError,
    CommissionRules,
    check_versions,
    read_commission_rules,
)

#: Rules as a file; more is a slip of the hand.
MOST_CHARACTERS = 100_000
MOST_VERSIONS = 200


def read_text(text: str) -> CommissionRules:
    """Return the rules of a YAML text, or refuse it with everything that is wrong, each with its place."""
    if len(text) > MOST_CHARACTERS:
        raise ActionError(
            "rules_size",
            _("The rules have {length} characters; {most} are possible."),
            length=len(text),
            most=MOST_CHARACTERS,
        )
    try:
        source: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ActionError(
            "rules_yaml",
            _(
                "This is not YAML: line {line}, column {column}. Check indents, colons and quotes there."
            ),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from error
    except (ValueError, RecursionError) as error:
        # A date such as 2026-02-30, or thousands of brackets.
        raise ActionError(
            "rules_yaml_value",
            _("A value in the rules cannot be read: {error}."),
            error=str(error)[:100],
        ) from error
    try:
        return read_commission_rules(source)
    except CommissionError as error:
        raise refused(error, "rules") from error


@transaction.atomic
def save_rules(*, standing: Standing, text: str) -> RuleVersion:
    """Save a new version of the rules.

    A version without an end that is in force before the new one ends the day before it. Days for which an invoice has been
    booked keep the rules they had.

    Raises
    ------
    ActionError
        If the rules cannot be used, two versions were in force on one day, or booked invoices lie in its time.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    rules = read_text(text)
    book = books.opened(standing)
    kept = list(RuleVersion.objects.visible_to(standing))
    same: RuleVersion | None = next((one for one in kept if one.version == rules.version), None)
    if same is not None:
        if same.content == text:
            return same
        raise ActionError(
            "version_taken",
            _(
                "The version {version} exists already and is never changed. Give the new one another name under “version”."
            ),
            version=rules.version,
        )
    if len(kept) >= MOST_VERSIONS:
        raise ActionError(
            "too_many_versions",
            _("A programme has up to {most} versions of commission rules."),
            most=MOST_VERSIONS,
        )
    _require_unbooked(standing, rules.first, rules.last)
    open_one = next((one for one in kept if one.last is None and one.first < rules.first), None)
    if open_one is not None:
        open_one.last = rules.first - timedelta(days=1)
        open_one.save(update_fields=["last"])
    try:
        check_versions([*map(stored, kept), rules])
    except CommissionError as error:
        raise refused(error, "rules") from error
    made = RuleVersion.objects.create(
        programme_id=standing.programme,
        version=rules.version,
        first=rules.first,
        last=rules.last,
        content=text,
    )
    book.record("commissions.rules.saved", made, version=made.version, first=made.first.isoformat())
    return made


def _require_unbooked(standing: Standing, first: date, last: date | None) -> None:
    booked = Invoice.objects.visible_to(standing).filter(day__gte=first, voided_at__isnull=True)
    if last is not None:
        booked = booked.filter(day__lte=last)
    earliest = booked.order_by("-day").first()
    if earliest is not None:
        raise ActionError(
            "rules_booked",
            _(
                "Invoices up to {day} are booked by the rules of their day, and booked commissions keep their rules. Let the "
                "new version begin after that day, or void these invoices first."
            ),
            day=earliest.day.isoformat(),
        )
