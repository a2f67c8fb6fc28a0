"""Facts that may be stored: every row checked by the rules of today, and compared with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.models import FactImport, FactRow, Relation
from mutualist.apps.programme.queries.facts import partner_id
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.check import Checked, check_facts
from mutualist.domain.shared.errors import MutualistError

MOST_TOLD = 30
#: More than any number of a fact has, which are read with at most thirty before the point.
MOST_DIGITS = 80


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows of one table that may be stored.

    Attributes
    ----------
    relations
        The partners of the programme, by what files call them.
    """

    table: str
    rules: RuleSet
    relations: dict[str, Relation]
    checked: Checked

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is said of rows that are taken."""
        language = (get_language() or "en")[:2]
        return tuple(
            one.message(language)
            for one in self.checked.problems
            if one.severity == "warning" and one.table == self.table
        )

    def facts(self, source: FactImport | None = None) -> Iterator[FactRow]:
        """Yield the facts as they are stored."""
        date_field, moment = self.rules.tables[self.table].date, now()
        for partner in self.checked.facts:
            for row in partner.rows.get(self.table, ()):
                day = row.values[date_field]
                assert isinstance(day, date)
                yield FactRow(
                    relation=self.relations[partner.id],
                    table=self.table,
                    external_id=row.id,
                    day=day,
                    values={name: plain(value) for name, value in row.values.items()},
                    imported_at=moment,
                    source=source,
                )


def checked_facts(standing: Standing, table: str, rows: Iterable[tuple[int, Any]]) -> Ready:
    """Check rows by the rules of today; see :func:`..actions.facts.import_facts`."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    version = version_on(standing.programme, today())
    if version is None:
        raise ActionError("no_rules", _("No rules are in force today: save some first."))
    rules = rules_of(version)
    relations = {partner_id(one): one for one in Relation.objects.visible_to(standing)}
    return Ready(table, rules, relations, _checked(list(relations), table, list(rows), rules))


def _checked(partners: list[str], table: str, rows: list[Any], rules: RuleSet) -> Checked:
    language = (get_language() or "en")[:2]
    without = [number for number, row in rows if not str(row.get("id") or "").strip()]
    if without:
        raise ActionError(
            "facts_id",
            _(
                "Row {row} has no id. Each fact needs the id it has in your system, so that it is never counted twice."
            ),
            row=without[0],
        )
    known = [(at, {"id": one, "name": one}) for at, one in enumerate(partners, 1)]
    try:
        checked = check_facts(known, {table: rows}, rules, today())
    except MutualistError as error:
        raise ActionError("facts", "{problems}", problems=str(error)) from error
    # What is said of partners is about their profile, which this file does not change.
    wrong = [one for one in checked.errors if one.table == table]
    if wrong:
        told = [one.message(language) for one in wrong[:MOST_TOLD]]
        if len(wrong) > MOST_TOLD:
            told.append(str(_("… and {count} more.")).format(count=len(wrong) - MOST_TOLD))
        raise ActionError("facts", "{problems}", problems="\n".join(told))
    return checked


#: Pairs of partner and id, each looked up once in the index; two lists beside each other would be tried in every
#: combination, which takes hours for a million rows. The first table leads, so that SQLite does not guess.
_KNOWN = """
WITH wanted (relation, external) AS (VALUES {pairs})
SELECT fact.* FROM wanted CROSS JOIN programme_factrow fact
WHERE fact.relation_id = wanted.relation AND fact."table" = %s AND fact.external_id = wanted.external
"""
_PAIR = "(CAST(%s AS bigint), CAST(%s AS text))"


def known_rows(batch: list[FactRow]) -> dict[tuple[int, str], FactRow]:
    """Return the stored facts that rows of one table would replace."""
    statement = _KNOWN.format(pairs=", ".join([_PAIR] * len(batch)))
    wanted = [value for one in batch for value in (one.relation_id, one.external_id)]
    stored = FactRow.objects.raw(statement, [*wanted, batch[0].table])
    return {(one.relation_id, one.external_id): one for one in stored}


def plain(value: Value) -> Any:
    """Return a value as JSON keeps it: numbers exactly, as text."""
    if isinstance(value, Fraction):
        with localcontext() as exact:
            exact.prec = MOST_DIGITS
            return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return value.isoformat() if isinstance(value, date) else value
