"""Explain what is wrong with a rule file, with line and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from mutualist.domain.assess.references import reference_problems

Path = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class RulesetProblem:
    """Something wrong with a rule file.

    Attributes
    ----------
    line, column : int
        Where it is, counted from 1.
    key : str
        The same place by its keys: ``rules.S1.when``.
    message_de, message_en : str
        What is wrong and how to put it right.
    """

    line: int
    column: int
    key: str
    message_de: str
    message_en: str

    def message(self, lang: str = "en") -> str:
        """Return the message in a language."""
        return self.message_de if lang == "de" else self.message_en

    def __str__(self) -> str:
        """Return line, key and message in English."""
        return f"line {self.line}, {self.key}: {self.message_en}"


def lint_ruleset(text: str) -> list[RulesetProblem]:
    """Return everything that is wrong with a rule file, in the order of its lines.

    YAML first; then the schema; then what the schema cannot say: names that do not exist, ids that stand twice, conditions
    that cannot be read or compare what cannot be compared, placeholders in words that nothing fills.

    Parameters
    ----------
    text
        The YAML of the file.

    Examples
    --------
    >>> from mutualist.domain.assess.ruleset import builtin_text
    >>> lint_ruleset(builtin_text())
    []
    >>> broken = builtin_text().replace("Y.control = us", "Y.kontrol = us", 1)
    >>> [(problem.key, problem.message_en) for problem in lint_ruleset(broken)]
    [('rules.S3.when', "The name 'kontrol' is not known here. Did you mean 'control'?")]
    """
    try:
        root = yaml.compose(text, _Loader)
        data = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        return [_yaml_problem(error)]
    if root is None or not isinstance(data, Mapping):
        de, en = "Die Datei ist leer oder keine Zuordnung.", "The file is empty or not a mapping."
        return [RulesetProblem(1, 1, "", de, en)]
    places = _Places(root, data)
    found = [*_twice(root, places), *_schema_problems(data, places)]
    if not found:
        found = [places.problem(path, de, en, at) for path, de, en, at in reference_problems(data)]
    return sorted(set(found))


def _yaml_problem(error: yaml.YAMLError) -> RulesetProblem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = getattr(error, "problem", None) or str(error)
    return RulesetProblem(
        line, column, "", f"Das ist kein gültiges YAML: {what}.", f"This is not valid YAML: {what}."
    )


class _Places:
    """Finds line, column and readable key of a path."""

    def __init__(self, root: yaml.Node, data: Mapping[str, Any]) -> None:
        self.root = root
        self.data = data

    def node(self, path: Path) -> tuple[yaml.Node, bool]:
        """Return the node of a path, or the last one on the way that exists; and whether it is the whole path."""
        node: yaml.Node = self.root
        for part in path:
            inner = self._child(node, part)
            if inner is None:
                return node, False
            node = inner
        return node, True

    @staticmethod
    def _child(node: yaml.Node, part: str | int) -> yaml.Node | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            return node.value[part]  # type: ignore[no-any-return]
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        return next((value for key, value in pairs if key.value == str(part)), None)

    def key(self, path: Path) -> str:
        """Return a path with ids in the place of positions."""
        parts = []
        here: Any = self.data
        for part in path:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                here = None
            name = part
            if isinstance(part, int) and isinstance(here, Mapping):
                name = next(
                    (here[label] for label in ("id", "key", "name", "number") if label in here),
                    part,
                )
            parts.append(str(name))
        return ".".join(parts)

    def problem(self, path: Path, de: str, en: str, at: int = 0) -> RulesetProblem:
        """Make a problem at a path; ``at`` is the place inside a text of one line."""
        node, whole = self.node(path)
        mark, end = node.start_mark, node.end_mark
        column = mark.column + 1
        if whole and at and isinstance(node, yaml.ScalarNode) and mark.line == end.line:
            column += at + (1 if node.style in {"'", '"'} else 0)
        return RulesetProblem(mark.line + 1, column, self.key(path), de, en)


def _twice(root: yaml.Node, places: _Places) -> Iterator[RulesetProblem]:
    """Yield keys that stand twice in a mapping; YAML would silently keep the last."""
    todo: list[tuple[yaml.Node, Path]] = [(root, ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, yaml.SequenceNode):
            todo += [(entry, (*path, index)) for index, entry in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            seen = set()
            for key, value in node.value:
                if key.value in seen:
                    yield RulesetProblem(
                        key.start_mark.line + 1,
                        key.start_mark.column + 1,
                        places.key((*path, key.value)),
                        f"Der Schlüssel „{key.value}“ steht hier zum zweiten Mal.",
                        f"The key {key.value!r} stands here for the second time.",
                    )
                seen.add(key.value)
                todo.append((value, (*path, key.value)))


def _schema_problems(data: Mapping[str, Any], places: _Places) -> Iterable[RulesetProblem]:
    import json
    from importlib import resources

    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    file = resources.files("mutualist.domain.assess").joinpath("data", "ruleset.schema.json")
    validator = Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))
    for error in validator.iter_errors(data):
        inner = best_match([error]) or error
        de, en = _schema_words(inner)
        path = tuple(inner.absolute_path)
        if inner.validator == "additionalProperties":
            path = (*path, *_extra_keys(inner)[:1])
        yield places.problem(path, de, en)


def _extra_keys(error: Any) -> list[str]:
    # YAML also takes numbers and dates as keys.
    return [str(key) for key in error.instance if key not in error.schema.get("properties", {})]


def _schema_words(error: Any) -> tuple[str, str]:
    """Return what a violation of the schema means."""
    value, rule = error.instance, error.validator_value
    shown = repr(value) if len(repr(value)) < 60 else f"{repr(value)[:57]}…"
    types = {
        "object": ("eine Zuordnung", "a mapping"),
        "array": ("eine Liste", "a list"),
        "string": ("ein Text", "text"),
        "number": ("eine Zahl", "a number"),
        "integer": ("eine ganze Zahl", "a whole number"),
        "boolean": ("true oder false", "true or false"),
    }
    match error.validator:
        case "required":
            missing = ", ".join(key for key in rule if key not in value)
            return f"Es fehlt: {missing}.", f"Missing: {missing}."
        case "additionalProperties":
            extra, known = (
                ", ".join(_extra_keys(error)),
                ", ".join(error.schema.get("properties", {})),
            )
            return (
                f"Den Schlüssel „{extra}“ gibt es hier nicht. Möglich sind: {known}.",
                f"There is no key {extra!r} here. Possible are: {known}.",
            )
        case "type":
            de, en = types.get(rule, (str(rule), str(rule)))
            return f"Hier gehört {de} hin, da steht {shown}.", f"This must be {en}, found {shown}."
        case "enum" | "const":
            allowed = ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
            return (
                f"Den Wert {shown} gibt es hier nicht. Möglich sind: {allowed}.",
                f"The value {shown} is not possible here. Possible are: {allowed}.",
            )
    return (
        f"{shown} passt nicht ({error.validator}: {rule}).",
        f"{shown} does not fit ({error.validator}: {rule}).",
    )
