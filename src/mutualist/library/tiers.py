"""Tiers that somebody declared, beside the tiers their own answers earn: a checklist's rules applied to real partners."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

from mutualist.domain.programme.presets import preset
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.score import score
from mutualist.library.errors import FileError
from mutualist.library.packed import origin, rows
from mutualist.library.words import N_

TIERS: Final = ("bronze", "silver", "gold", "platinum")
PRESET: Final = "quality-scale"
_RULES: Final = ("rule", "tier")
_ANSWERS: Final = ("version", "domain", "rule", "status", "comment")
_PARTS: Final = ("version", "domain", "name", "quality_scale", "n_codeowners")
_STATUS: Final = frozenset({"done", "todo", "exempt"})
_NUMBERS: Final = re.compile(r"(\d{4})\.(\d{1,2})(?:\.|$)")


@dataclass(frozen=True, slots=True)
class Standing:
    """One integration of a release.

    Attributes
    ----------
    declared
        What it calls itself: a tier, a special case, or empty.
    earned
        The tier its answers earn; empty for none.
    missing
        Rules that keep it from the next tier.
    """

    domain: str
    name: str
    declared: str
    earned: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What the comparison gives for one release.

    Attributes
    ----------
    day
        The day that was scored: the first of the release's month.
    rules
        Number of rules in force by tier.
    not_in_force
        Rules of the table that nobody answers in this release: they joined later.
    integrations, answering
        How many there are, and how many answer the checklist.
    declared
        How often each tier, special case or nothing ("") is declared.
    compared, equal
        How many declare a tier, and for how many it is the one earned.
    lower, higher
        Those that declare less than they earn, and more.
    undeclared
        Those that declare nothing and earn a tier nevertheless.
    special
        Special cases that answer the checklist.
    unanswered
        Those that declare a tier without any answer.
    without_reason
        Answers that say a rule does not apply, without a reason: they do not count.
    """

    version: str
    day: dt.date
    rules: Mapping[str, int]
    not_in_force: tuple[str, ...]
    integrations: int
    answering: int
    declared: Mapping[str, int]
    compared: int
    equal: int
    lower: tuple[Standing, ...]
    higher: tuple[Standing, ...]
    undeclared: tuple[Standing, ...]
    special: tuple[Standing, ...]
    unanswered: tuple[str, ...]
    without_reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the comparison gives, by release, earlier ones first."""

    preset: str
    origin: str
    releases: tuple[Release, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return ``tiers-evaluation/1``."""
        return {
            "schema": "tiers-evaluation/1",
            "preset": self.preset,
            "origin": self.origin,
            "releases": [{**asdict(one), "day": one.day.isoformat()} for one in self.releases],
        }


@dataclass(frozen=True, slots=True)
class _Release:
    """The answers and integrations of one release as they are in the files."""

    version: str
    day: dt.date
    answers: Mapping[str, Sequence[Mapping[str, str]]]
    parts: Sequence[Mapping[str, str]]


def evaluate_tiers(folder: str | Path) -> Evaluation:
    """Return what integrations declare beside what they earn, release by release.

    The rules of the preset ``quality-scale`` decide; which rules there are, and of which tier, says the folder. A rule that
    nobody answers in a release was not in force then.

    Parameters
    ----------
    folder : path
        With ``rules.csv`` (rule, tier), ``rule_status.csv`` (version, domain, rule, status, comment) and
        ``integrations.csv`` (version, domain, name, quality_scale, n_codeowners), each perhaps with ``.gz``.

    Raises
    ------
    FileError
        When a file or a field is missing, a tier, rule or status is unknown, or a rule is answered twice.
    """
    home = Path(folder)
    tiers = _tiers(home)
    releases = _releases(home, tiers)
    if not releases:
        raise FileError(N_("No release with answers to the checklist."), file=str(folder))
    found = tuple(_compared(one, tiers) for one in releases)
    return Evaluation(PRESET, origin(home), found)


def release_rules(tiers: Mapping[str, str], answered: Iterable[str]) -> RuleSet:
    """Return the preset with the rules of a release instead of its own."""
    asked = set(answered)
    content = yaml.safe_load(preset(PRESET).text)
    for tier in TIERS:
        names = [name for name, own in tiers.items() if own == tier and name in asked]
        content["lists"][f"{tier}_rules"] = [{"item": name} for name in names]
    return read_rules(content)


def release_facts(
    part: Mapping[str, str], answers: Sequence[Mapping[str, str]], day: dt.date
) -> Facts:
    """Return the facts of one integration; one outside of the scale is a special case."""
    declared, owners = part["quality_scale"], part["n_codeowners"].strip()
    partner = {
        "id": part["domain"],
        "name": part["name"],
        "special": declared if declared and declared not in TIERS else None,
        "owners": _fraction(owners),
        "works_with": None,
    }
    given = tuple(
        Row(
            one["rule"],
            {
                "answered": day,
                "replaced": None,
                "rule": one["rule"],
                "status": one["status"],
                "comment": one["comment"].strip() or None,
            },
        )
        for one in answers
    )
    return Facts(partner, {"answers": given})


def _fraction(written: str) -> Fraction | None:
    return Fraction(written) if written.isdigit() else None


def _compared(release: _Release, tiers: Mapping[str, str]) -> Release:
    asked = {one["rule"] for answers in release.answers.values() for one in answers}
    rules = release_rules(tiers, asked)
    found: dict[str, list[Standing]] = defaultdict(list)
    equal = 0
    for part in release.parts:
        answers = release.answers.get(part["domain"])
        if answers is None:
            continue
        scored = score(release_facts(part, answers, release.day), rules, release.day, explain=False)
        one = _standing(part, scored)
        kind = _kind(one)
        equal += kind == "equal"
        found[kind].append(one)
    answering = release.answers.keys()
    return Release(
        version=release.version,
        day=release.day,
        rules={tier: len(rules.lists[f"{tier}_rules"].items) for tier in TIERS},
        not_in_force=tuple(name for name in tiers if name not in asked),
        integrations=len(release.parts),
        answering=sum(part["domain"] in answering for part in release.parts),
        declared=dict(sorted(Counter(part["quality_scale"] for part in release.parts).items())),
        compared=equal + len(found["lower"]) + len(found["higher"]),
        equal=equal,
        lower=tuple(found["lower"]),
        higher=tuple(found["higher"]),
        undeclared=tuple(one for one in found["undeclared"] if one.earned),
        special=tuple(found["special"]),
        unanswered=tuple(
            part["domain"]
            for part in release.parts
            if part["quality_scale"] in TIERS and part["domain"] not in answering
        ),
        without_reason=tuple(
            f"{one['domain']}: {one['rule']}"
            for answers in release.answers.values()
            for one in answers
            if one["status"] == "exempt" and not one["comment"].strip()
        ),
    )


def _standing(part: Mapping[str, str], scored: Score) -> Standing:
    earned = scored.level or ""
    rest = TIERS[TIERS.index(earned) + 1 :] if earned else TIERS
    missing = scored.metrics[f"{rest[0]}_share"].missing if rest else ()
    return Standing(part["domain"], part["name"], part["quality_scale"], earned, missing)


def _kind(one: Standing) -> str:
    if not one.declared:
        return "undeclared"
    if one.declared not in TIERS:
        return "special"
    declared, earned = TIERS.index(one.declared), TIERS.index(one.earned) if one.earned else -1
    return "equal" if declared == earned else "lower" if declared < earned else "higher"


def _tiers(home: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in enumerate(rows(home, "rules.csv", _RULES), 2):
        if row["tier"] not in TIERS:
            raise FileError(
                N_("Line {line}: there is no tier {value}. Possible are: {known}."),
                file=str(home / "rules.csv"),
                line=line,
                value=row["tier"],
                known=", ".join(TIERS),
            )
        found[row["rule"]] = row["tier"]
    return found


def _releases(home: Path, tiers: Mapping[str, str]) -> list[_Release]:
    answers = _answers(home, tiers)
    parts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(home, "integrations.csv", _PARTS):
        parts[row["version"]].append(row)
    found = [_Release(name, _day(name, home), own, parts[name]) for name, own in answers.items()]
    return sorted(found, key=lambda one: (one.day, one.version))


def _answers(
    home: Path, tiers: Mapping[str, str]
) -> Mapping[str, Mapping[str, Sequence[dict[str, str]]]]:
    """Read the answers by release and integration."""
    found: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[str, str, str]] = set()
    file = str(home / "rule_status.csv")
    for line, row in enumerate(rows(home, "rule_status.csv", _ANSWERS), 2):
        key = (row["version"], row["domain"], row["rule"])
        if row["rule"] not in tiers:
            said = N_("Line {line}: the rule {value} is not in rules.csv.")
            raise FileError(said, file=file, line=line, value=row["rule"])
        if row["status"] not in _STATUS:
            said = N_("Line {line}: there is no status {value}. Possible are: {known}.")
            known = ", ".join(sorted(_STATUS))
            raise FileError(said, file=file, line=line, value=row["status"], known=known)
        if key in seen:
            said = N_("Line {line}: {value} is answered twice for {domain}.")
            raise FileError(said, file=file, line=line, value=row["rule"], domain=row["domain"])
        seen.add(key)
        found[row["version"]][row["domain"]].append(row)
    return found


def _day(version: str, home: Path) -> dt.date:
    """Return the first day of the month a release is named after."""
    named = _NUMBERS.match(version)
    if named is None or not 1 <= int(named[2]) <= 12:
        said = N_("The release {value} is not named by year and month, as 2025.12.4.")
        raise FileError(said, file=str(home / "rule_status.csv"), value=version)
    return dt.date(int(named[1]), int(named[2]), 1)
