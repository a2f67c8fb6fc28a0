"""Facts that may be stored: every row checked by the rules of today, and compared with what is known."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.language import reading
from mutualist.apps.programme.models import FactImport, FactRow, Relation
from mutualist.apps.programme.queries.facts import partner_id
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.check import Checker, FactProblem, fields_of
from mutualist.domain.programme.scoring.facts import Row
from mutualist.domain.programme.scoring.survey import Raw, survey
from mutualist.domain.shared.errors import MutualistError

MOST_TOLD = 30
#: So many errors and warnings are kept in memory; the others are only counted.
MOST_KEPT = 10_000
#: More than any number of a fact has, which are read with at most thirty before the point.
MOST_DIGITS = 80
BATCH = 2000

#: A fact as it is stored: relation, id, day, values.
Stored = tuple[int, str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows of one table that may be stored.

    Attributes
    ----------
    pieces
        The facts, compressed: a million of them would take a gigabyte, and a file on the disk would outlive us.
    problems
        What is said of rows that are taken.
    """

    table: str
    rules: RuleSet
    pieces: tuple[bytes, ...]
    problems: tuple[FactProblem, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is said of rows that are taken, in the language now active."""
        return tuple(one.message(reading()) for one in self.problems)

    def batches(self, source: FactImport | None = None) -> Iterator[list[FactRow]]:
        """Yield the facts as they are stored, so many at once as fit into memory."""
        moment = now()
        for piece in self.pieces:
            yield [
                FactRow(
                    relation_id=relation,
                    table=self.table,
                    external_id=external,
                    day=date.fromisoformat(day),
                    values=values,
                    imported_at=moment,
                    source=source,
                )
                for relation, external, day, values in json.loads(zlib.decompress(piece))
            ]


def checked_facts(standing: Standing, table: str, rows: Iterable[Raw]) -> Ready:
    """Check rows by the rules of today; see :func:`..actions.facts.import_facts`."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    version = version_on(standing.programme, today())
    if version is None:
        raise ActionError("no_rules", _("No rules are in force today: save some first."))
    rules = rules_of(version)
    found = Relation.objects.visible_to(standing).only("external_id", "uid")
    relations = {partner_id(one): one.pk for one in found}
    checker = Checker(rules, today(), MOST_KEPT)
    try:
        pieces = tuple(_checked(checker, relations, table, rows))
    except MutualistError as error:
        raise ActionError("facts", "{problems}", problems=str(error)) from error
    if checker.errors:
        raise _refused(checker)
    return Ready(table, rules, pieces, tuple(checker.found))


def _checked(
    checker: Checker, relations: dict[str, int], table: str, rows: Iterable[Raw]
) -> Iterator[bytes]:
    known = checker.rules.tables.get(table)
    whole = survey(rows, fields_of(known) if known else {})
    if whole.nameless is not None:
        raise ActionError(
            "facts_id",
            _(
                "Row {row} has no id. Each fact needs the id it has in your system, so that it is never counted twice."
            ),
            row=whole.nameless,
        )
    if known is None:
        checker.unknown_table(table)
        return
    found = checker.rows(known, rows, relations, whole)
    while batch := list(islice(found, BATCH)):
        if not checker.errors:
            stored = [_stored(relations[partner], known.date, row) for partner, row in batch]
            yield zlib.compress(json.dumps(stored, separators=(",", ":")).encode(), 1)


def _stored(relation: int, day_field: str, row: Row) -> Stored:
    values = {name: plain(value) for name, value in row.values.items()}
    return relation, row.id, values[day_field], values


def _refused(checker: Checker) -> ActionError:
    wrong = [one for one in checker.found if one.severity == "error"]
    told = [one.message(reading()) for one in wrong[:MOST_TOLD]]
    if checker.errors > MOST_TOLD:
        told.append(str(_("… and {count} more.")).format(count=checker.errors - MOST_TOLD))
    return ActionError("facts", "{problems}", problems="\n".join(told))


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
