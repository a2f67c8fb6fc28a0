"""`mutualist evaluate tiers`: what integrations declare beside what their own answers earn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.library.tiers import Release, Standing

HELPS: Final = {
    "tiers": (
        N_("Compare declared tiers with those that the answers to a checklist earn."),
        N_(
            "The folder has rules.csv, rule_status.csv and integrations.csv, each perhaps with .gz. "
            "The preset quality-scale decides; a rule nobody answers in a release was not in force then."
        ),
    ),
}
NAMES: Final = {
    "": N_("none"),
    "bronze": N_("Bronze"),
    "silver": N_("Silver"),
    "gold": N_("Gold"),
    "platinum": N_("Platinum"),
}


def tiers(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help=N_("Folder with a checklist, answers and tiers.")),
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Compare declared tiers with those that the answers to a checklist earn."""
    from mutualist.library.tiers import evaluate_tiers

    found = evaluate_tiers(folder)
    if json_:
        deliver(as_json(found.to_dict()))
        return DONE
    for release in found.releases:
        print("\n".join(_told(release)) + "\n")
    if found.origin:
        print(_("Data: {origin}", origin=found.origin))
    return DONE


def _told(release: Release) -> Iterator[str]:
    """Tell what a release gives, line by line."""
    rules = ", ".join(f"{_(NAMES[tier])} {count}" for tier, count in release.rules.items())
    yield _("{version}: rules {rules}", version=release.version, rules=rules)
    yield _(
        "  {answering} of {count} integrations answer the checklist.",
        answering=_count(release.answering),
        count=_count(release.integrations),
    )
    if release.compared:
        yield _(
            "  {equal} of {compared} that declare a tier earn exactly it; {lower} earn more, {higher} less.",
            equal=_count(release.equal),
            compared=_count(release.compared),
            lower=_count(len(release.lower)),
            higher=_count(len(release.higher)),
        )
    yield from _listed(_("Declared lower than earned"), release.lower)
    yield from _listed(_("Declared higher than earned"), release.higher, missing=True)
    yield from _listed(_("Nothing declared, a tier earned"), release.undeclared)
    yield from _listed(_("Special case with answers"), release.special)
    for head, names in (
        (_("Tier declared without any answer"), release.unanswered),
        (_("Rule exempt without a reason"), release.without_reason),
        (_("Not in force yet"), release.not_in_force),
    ):
        if names:
            yield f"  {head} ({_count(len(names))}): {', '.join(names)}"


def _listed(head: str, standings: tuple[Standing, ...], *, missing: bool = False) -> Iterator[str]:
    if not standings:
        return
    yield f"  {head} ({_count(len(standings))}):"
    for one in standings:
        declared, earned = (_(NAMES.get(tier, tier)) for tier in (one.declared, one.earned))
        lacking = f" ({', '.join(one.missing)})" if missing else ""
        yield f"    {one.domain}: {declared} → {earned}{lacking}"


def _count(value: int) -> str:
    return number(value, lang())
