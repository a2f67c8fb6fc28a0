"""What lies ahead of partners, and why a score changed: as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.ahead.differences import Difference, Part, Step
from mutualist.domain.programme.ahead.falling import falling
from mutualist.domain.programme.ahead.forecasting import Forecast
from mutualist.domain.programme.ahead.paths import Path, Paths
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.numbers import day_shown, shown
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.score import score
from mutualist.domain.programme.scoring.wording import Wording
from mutualist.domain.programme.status.model import Held
from mutualist.library.programme_results import as_exact, as_number, open_for
from mutualist.library.words import N_, text

FORECAST, PATH, DIFF = "forecast/1", "path/1", "diff/1"
PARTS: Mapping[str, str] = {
    "track": N_("another way of counting is better now"),
    "region": N_("another region is better now"),
    "cap": N_("the limit of the whole"),
    "total": N_("the formula of the total"),
}
WHYS: Mapping[str, str] = {
    "facts": N_("the facts were changed"),
    "rules": N_("new rules"),
    "time": N_("time"),
}


class Telling:
    """Words for what lies ahead, in one language and under the rules of a case."""

    def __init__(self, case: Case, language: str) -> None:
        self.case, self.language = case, "de" if language == "de" else "en"

    def rules(self, step: Step) -> RuleSet:
        """Return the rules of a step."""
        known = [one for one in self.case.versions if one.version == step.version]
        return known[0] if known else self.case.rules(step.day)

    def level(self, name: str | None, rules: RuleSet) -> str:
        """Return what a level is called."""
        if name is None:
            return text(N_("no level"), self.language)
        levels = [one for each in (rules, *self.case.versions) for one in each.levels]
        return next((one.words.of(self.language) for one in levels if one.name == name), name)

    def points(self, value: Fraction) -> str:
        """Return points with their sign."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + shown(abs(value), self.language)

    def part(self, part: Part, rules: RuleSet) -> str:
        """Return what a part is about."""
        if part.kind == "metric":
            sets = [one for one in (rules, *self.case.versions) if part.key in one.metrics]
            return Wording(sets[0], self.language).metric(part.key) if sets else part.key
        return text(PARTS[part.kind], self.language)

    def head(self, step: Step) -> str:
        """Return the first line of a step: day, what it is, total before and after, level."""
        rules = self.rules(step)
        said = f"{day_shown(step.day, self.language)}  {self.points(step.after - step.before)}  "
        said += f"{shown(step.before, self.language)} → {shown(step.after, self.language)}"
        if step.level_before != step.level_after:
            before, after = (
                self.level(one, rules) for one in (step.level_before, step.level_after)
            )
            said += f"  {before} → {after}"
        return f"{said}  ({text(WHYS[step.why], self.language)})"

    def lines(self, step: Step) -> list[str]:
        """Return a step in lines."""
        rules = self.rules(step)
        found = [self.head(step)]
        found += [f"  {self.points(part.points)}  {self.part(part, rules)}" for part in step.parts]
        said = dict.fromkeys(one.message(rules, self.language) for one in step.causes)
        return [*found, *(f"  {one}" for one in said)]

    def held(self, one: Held, rules: RuleSet) -> str:
        """Return why a level is held, in a sentence."""
        names = {level.name: level.words.of(self.language) for level in rules.levels}
        return one.message(self.language, names)

    # -- JSON -----------------------------------------------------------------------------------------

    def step(self, step: Step) -> dict[str, Any]:
        """Return a step for JSON."""
        rules = self.rules(step)
        return {
            "day": step.day.isoformat(),
            "why": step.why,
            "rules_version": step.version,
            "total": [as_number(step.before), as_number(step.after)],
            "change_exact": as_exact(step.after - step.before),
            "level": [step.level_before, step.level_after],
            "parts": [
                {
                    "kind": part.kind,
                    "key": part.key,
                    "points": as_number(part.points),
                    "points_exact": as_exact(part.points),
                    "text": self.part(part, rules),
                }
                for part in step.parts
            ],
            "causes": [
                {
                    "code": one.kind,
                    "measure": one.measure,
                    "table": one.table,
                    "evidence": list(one.rows),
                    "text": one.message(rules, self.language),
                }
                for one in step.causes
            ],
        }


def difference_entry(partner: str, found: Difference, telling: Telling) -> dict[str, Any]:
    """Return the difference of one partner, for ``diff/1``."""
    return {
        "id": partner,
        "total": [as_number(found.before), as_number(found.after)],
        "change_exact": as_exact(found.change),
        "level": [found.level_before, found.level_after],
        "by_metric": {name: as_exact(points) for name, points in found.by_metric().items()},
        "steps": [telling.step(one) for one in found.steps],
    }


def difference_text(name: str, found: Difference, telling: Telling) -> str:
    """Return why a score changed, in lines."""
    language = telling.language
    days = f"{day_shown(found.first, language)} – {day_shown(found.last, language)}"
    total = f"{shown(found.before, language)} → {shown(found.after, language)}"
    lines = [f"{name}: {days}: {total} ({telling.points(found.change)})"]
    if not found.steps:
        lines.append("  " + text(N_("Nothing has changed."), language))
    for step in found.steps:
        lines += [f"  {one}" for one in telling.lines(step)]
    return "\n".join(lines)


def forecast_entry(partner: str, found: Forecast, telling: Telling) -> dict[str, Any]:
    """Return the forecast of one partner, for ``forecast/1``."""
    rules = telling.case.rules(found.now.as_of)
    return {
        "id": partner,
        "level": found.now.level,
        "total": as_number(found.now.total),
        "losses": [
            {
                "level": one.level,
                "day": one.day.isoformat(),
                "then": one.then,
                "causes": list(one.reasons(rules, telling.language)),
            }
            for one in falling(found)
        ],
        "held": [
            {
                "day": one.day.isoformat(),
                "level": one.level,
                "earned": one.earned,
                "code": one.why,
                "grace_until": one.grace_until.isoformat() if one.grace_until else None,
                "term_until": one.term_until.isoformat() if one.term_until else None,
                "text": telling.held(one, rules),
            }
            for one in found.held
        ],
        "rules_known_until": found.beyond.isoformat() if found.beyond else None,
        "steps": [telling.step(one) for one in found.steps],
    }


def forecast_text(name: str, found: Forecast, telling: Telling) -> str:
    """Return what comes, in lines: the losses first."""
    language, rules = telling.language, telling.case.rules(found.now.as_of)
    level = telling.level(found.now.level, rules)
    lines = [f"{name}: {level}, {shown(found.now.total, language)}"]
    in_danger = falling(found)
    for loss in in_danger:
        said = text(
            N_("{level} is lost on {day}."),
            language,
            level=telling.level(loss.level, rules),
            day=day_shown(loss.day, language),
        )
        lines.append(f"  ⚠ {said}")
    if not in_danger:
        said = text(
            N_("No level is lost by {day}."), language, day=day_shown(found.until, language)
        )
        lines.append(f"  {said}")
    lines += [
        f"  {day_shown(one.day, language)}  {telling.held(one, rules)}" for one in found.held[1:]
    ]
    if found.beyond:
        said = text(
            N_("The rules are known until before {day}; after that they are taken to go on."),
            language,
            day=day_shown(found.beyond, language),
        )
        lines.append(f"  {said}")
    for step in found.steps:
        lines += [f"  {one}" for one in telling.lines(step)]
    return "\n".join(lines)


def way_text(path: Path, rules: RuleSet, language: str) -> str:
    """Return a way as people say it: 2 × an introduction (+8)."""
    counted = [
        (f"{count} × " if count > 1 else "") + rules.steps[name].words.of(language)
        for name, count in path.counts.items()
    ]
    sign = "+" if path.gain > 0 else ""
    said = " + ".join(counted)
    return f"{said} ({sign}{shown(path.gain, language)})" if path.gain else said


def shortest_text(found: Paths, rules: RuleSet, language: str) -> str:
    """Return the cheapest way and the next one, in a line; empty where there is none."""
    ways = [way_text(one, rules, language) for one in found.paths[:2]]
    return text(N_(" or "), language).join(ways)


def path_entry(partner: str, found: Paths, telling: Telling) -> dict[str, Any]:
    """Return the ways of one partner, for ``path/1``."""
    rules = telling.case.rules(found.now.as_of)
    return {
        "id": partner,
        "level": found.now.level,
        "total": as_number(found.now.total),
        "target": found.target,
        "reached": found.reached,
        "proven": found.proven,
        "text": shortest_text(found, rules, telling.language),
        "paths": [
            {
                "actions": dict(one.counts),
                "money": as_number(one.money),
                "hours": as_number(one.hours),
                "days": one.days,
                "gain": as_number(one.gain),
                "gain_exact": as_exact(one.gain),
                "total": as_number(one.after.total),
                "level": one.after.level,
                "region": one.region,
                "lasts": one.lasts,
                "text": way_text(one, rules, telling.language),
            }
            for one in found.paths
        ],
    }


def _explained(found: Paths, telling: Telling) -> Score:
    """Return the score of now with what it rests on: a search keeps none of it."""
    case, day = telling.case, found.now.as_of
    return score(case.on(day), case.rules(day), day, cutoffs=case.cutoffs)


def path_text(name: str, found: Paths, telling: Telling) -> str:
    """Return the ways up, in lines."""
    language, rules = telling.language, telling.case.rules(found.now.as_of)
    level = telling.level(found.now.level, rules)
    lines = [f"{name}: {level}, {shown(found.now.total, language)}"]
    if found.target is None:
        lines.append("  " + text(N_("The highest level is reached."), language))
        return lines[0] + "\n" + lines[1]
    target = telling.level(found.target, rules)
    if found.reached:
        said = text(N_("{level} is reached already."), language, level=target)
        return f"{lines[0]}\n  {said}"
    if not found.paths:
        said = text(
            N_("With the actions that the rules name, {level} cannot be reached. Open: {what}."),
            language,
            level=target,
            what=open_for(_explained(found, telling), rules, found.target, language),
        )
        return f"{lines[0]}\n  {said}"
    head = text(N_("Ways to {level}, cheapest first:"), language, level=target)
    lines.append(f"  {head}")
    for place, path in enumerate(found.paths, 1):
        cost = text(
            N_("{money} {currency}, {hours} hours, {days} days"),
            language,
            money=shown(path.money, language),
            currency=rules.currency,
            hours=shown(path.hours, language),
            days=path.days,
        )
        lines.append(f"  {place}. {way_text(path, rules, language)}: {cost}")
        if not path.lasts:
            said = text(
                N_("In {days} days, when this is done, something else will be missing."),
                language,
                days=path.days,
            )
            lines.append(f"     ⚠ {said}")
    if not found.proven:
        said = text(N_("No cheaper way was found; that there is none is not proven."), language)
        lines.append(f"  {said}")
    return "\n".join(lines)


def document(
    schema: str, rules: Sequence[RuleSet], partners: Sequence[Mapping[str, Any]], **said: Any
) -> dict[str, Any]:
    """Return a whole document."""
    versions = [{"id": one.id, "version": one.version} for one in rules]
    return {"schema": schema, "rules": versions, **said, "partners": list(partners)}
