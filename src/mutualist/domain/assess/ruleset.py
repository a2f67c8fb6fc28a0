"""Load a rule file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from mutualist.domain.assess import building
from mutualist.domain.assess.model import Ruleset
from mutualist.domain.assess.programs import Programs, formulas
from mutualist.domain.assess.runtime import people_test
from mutualist.domain.assess.vocabulary import Vocabulary
from mutualist.domain.shared.errors import MutualistError

CURRENT = "2026.2"
_VERSIONS = frozenset({CURRENT})


class RulesetError(MutualistError):
    """A rule file that cannot be used; ``problems`` says why, with line and key."""

    def __init__(self, message: str, problems: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def load_ruleset(text: str) -> Ruleset:
    """Read, check and compile a rule file.

    Parameters
    ----------
    text
        The YAML of the file.

    Returns
    -------
    Ruleset
        Frozen; hand it to :func:`mutualist.domain.assess.assess` or ``Room.from_dict``.

    Raises
    ------
    RulesetError
        If the file has mistakes; ``problems`` lists them with line and key.

    Examples
    --------
    >>> load_ruleset("version: 1").version
    Traceback (most recent call last):
    mutualist.domain.assess.ruleset.RulesetError: ...
    """
    from mutualist.domain.assess.lint import lint_ruleset

    problems = lint_ruleset(text)
    if problems:
        raise RulesetError("\n".join(str(problem) for problem in problems), tuple(problems))
    return ruleset_from_data(_read(text))


@cache
def builtin_ruleset(version: str = CURRENT) -> Ruleset:
    """Return a rule file that comes with the package; it is read once.

    Parameters
    ----------
    version
        For example ``"2026.2"``.

    Raises
    ------
    RulesetError
        If there is no such version.

    Examples
    --------
    >>> builtin_ruleset().items["5.1"].words["en"]
    'How do you earn in this initiative, at what per cent, and who pays you?'
    """
    if version not in _VERSIONS:
        known = ", ".join(sorted(_VERSIONS))
        raise RulesetError(f"There is no rule version {version!r}; known: {known}.")
    return ruleset_from_data(_read(builtin_text(version)))


def _read(text: str) -> Mapping[str, Any]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(text, loader)  # noqa: S506 - a safe loader, in C if built
    return data


def builtin_text(version: str = CURRENT) -> str:
    """Return the text of a rule file that comes with the package."""
    path = resources.files("mutualist.domain.assess").joinpath("data", f"ruleset-{version}.yaml")
    return path.read_text(encoding="utf-8")


def ruleset_from_data(data: Mapping[str, Any]) -> Ruleset:
    """Build a rule set from data that follows the schema; conditions are compiled and checked."""
    lists = MappingProxyType(
        {name: building.options(entries) for name, entries in data["lists"].items()}
    )
    items = {
        number: building.item_of(number, entry, lists) for number, entry in data["items"].items()
    }
    by_name = {item.name: item for item in items.values()}
    frame = {name: building.field_of(name, entry, lists) for name, entry in data["frame"].items()}
    pledges = tuple(building.pledge_of(entry) for entry in data["pledges"])
    named = tuple(building.formula_of(entry) for entry in data["formulas"])
    vocabulary = Vocabulary(
        by_name=by_name,
        lists=lists,
        frame=frame,
        pledges=tuple(pledge.key for pledge in pledges),
        formulas=formulas((formula.name, formula.of, formula.text) for formula in named),
    )
    nobody = frozenset(str(text).strip().casefold() for text in data["nobody"])
    ruleset = Ruleset(
        version=data["version"],
        title=building.words(data["title"]),
        questions=tuple(building.question_of(entry, items) for entry in data["questions"]),
        items=MappingProxyType(items),
        by_name=MappingProxyType(by_name),
        lists=lists,
        pledges=pledges,
        frame=MappingProxyType(frame),
        header=MappingProxyType(
            {name: building.field_of(name, entry, lists) for name, entry in data["header"].items()}
        ),
        formulas=named,
        measures=tuple(building.measure_of(entry) for entry in data["measures"]),
        gates=tuple(building.gate_of(entry) for entry in data["gates"]),
        rules=tuple(building.rule_of(entry) for entry in data["rules"]),
        nobody=nobody,
        kinds=MappingProxyType({entry["key"]: building.kind_of(entry) for entry in data["kinds"]}),
        scores=MappingProxyType(
            {key: building.words(entry) for key, entry in data["scores"].items()}
        ),
        thresholds=building.thresholds_of(data["result"]),
        conflicts=tuple(building.conflict_of(entry) for entry in data["conflicts"]),
        gaps=tuple(building.gap_of(entry) for entry in data["gaps"]),
        interests=building.interests_of(data["interests"]),
        moves=tuple(building.move_of(entry) for entry in data["moves"]),
        texts=MappingProxyType(
            {key: building.words(entry) for key, entry in data["texts"].items()}
        ),
        weaknesses=tuple(building.words(entry) for entry in data["weaknesses"]),
        source=data,
        programs=Programs(vocabulary, people_test(nobody)),
    )
    ruleset.programs.add_rules(ruleset.rules)
    ruleset.programs.add_measures(ruleset.measures)
    ruleset.programs.add_conflicts(ruleset.conflicts)
    ruleset.programs.add_gaps(ruleset.gaps)
    return ruleset
