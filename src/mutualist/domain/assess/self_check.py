"""What one party's own answers say alone, and what of them the others may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess.model import Ruleset
from mutualist.domain.assess.rooms import Room

if TYPE_CHECKING:
    from mutualist.domain.assess.findings import Finding

Sheet = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """What one party's answers alone would trigger.

    ``findings`` say nothing about the other side; ``open_items`` are the numbers of its core items that are unknown.
    """

    findings: tuple[Finding, ...]
    open_items: tuple[str, ...]


def preview(
    answers: Sheet,
    party: str,
    parties: Mapping[str, str],
    frame: Mapping[str, Any],
    ruleset: Ruleset,
) -> Preview:
    """Return what one party's own answers alone would trigger.

    The room is computed with everybody else's answers unknown. An unknown answer fires nothing, so whatever is found
    rests on the party's own answers, and nothing about the other side can be in it.

    Parameters
    ----------
    answers
        The party's sheet.
    party
        Its id.
    parties
        Id to name of all parties, in the order of the room.
    frame
        The frame of the room.
    ruleset
        The rule file.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> seen = preview({"5.6": "shared", "5.1": [{"source": "fixed_price", "percent": 100, "payer": "B"}]}, "A",
    ...                {"A": "Nordwerk", "B": "Tauwerk"}, {}, builtin_ruleset())
    >>> [finding.rule for finding in seen.findings]
    ['S1', 'H4']
    """
    from mutualist.domain.assess.verdict import assess

    alone = {one: answers if one == party else {} for one in parties}
    room = Room(ruleset, frame, parties, MappingProxyType(alone))
    verdict = assess(room)
    own = f":{party}"
    findings = tuple(
        replace(finding, items=tuple(item for item in finding.items if item.endswith(own)))
        for finding in verdict.findings
        if finding.group != "gate" and any(item.endswith(own) for item in finding.items)
    )
    unknown = tuple(code.removesuffix(own) for code in verdict.open_items if code.endswith(own))
    return Preview(_once(findings), unknown)


def own_preview(
    answers: Sheet,
    party: str,
    parties: Mapping[str, str],
    frame: Mapping[str, Any],
    ruleset: Ruleset,
) -> tuple[Finding, ...]:
    """Return the findings of :func:`preview`."""
    return preview(answers, party, parties, frame, ruleset).findings


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out findings whose sentence is said already: with three parties some come once for each other party."""
    seen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.text.de), finding)
    return tuple(seen.values())


def visible_answers(answers: Sheet, ruleset: Ruleset) -> dict[str, Any]:
    """Return what the other side may see of a sheet after the opening.

    Items of which only the finding, only mutual yes or nothing is shown are left out; of items that are half and half only
    the shown fields remain. The header stays.

    Parameters
    ----------
    answers
        The whole sheet of the other party.
    ruleset
        The rule file.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> visible_answers({"1.4": "gt3", "2.3": "no", "6.3": {"decision": 3, "financed": 9}}, builtin_ruleset())
    {'1.4': 'gt3', '6.3': {'decision': 3}}
    """
    visible: dict[str, Any] = {}
    for number, value in answers.items():
        item = ruleset.items.get(number)
        if item is None:
            if number == "header":
                visible[number] = value
        elif item.shown == "opening":
            visible[number] = value
        elif item.shown == "split":
            visible[number] = (
                {field: value[field] for field in item.shown_fields if field in value}
                if isinstance(value, Mapping)
                else value
            )
    return visible
