"""YAML as room files and rule files use it: keys are text, no aliases, no key twice."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import yaml

from mutualist.domain.shared.nesting import MAX_DEPTH
from mutualist.library.errors import FileError
from mutualist.library.words import N_

#: A room of eight parties has some 3,000.
MAX_VALUES: Final = 100_000
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_DROPPED: Final = (
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:timestamp",
    "tag:yaml.org,2002:merge",
)


class _Loader(_Base):  # type: ignore[misc]
    """Only ``true`` and ``false`` are truth values; dates and months stay text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _DROPPED]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:  # noqa: ARG002
        # The signature is PyYAML's; everything here is built at once.
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if not isinstance(key_node, yaml.ScalarNode):
                raise FileError(N_("Line {line}: a key must be plain text."), line=mark.line + 1)
            key = key_node.value
            if key in result:
                raise FileError(
                    N_("Line {line}: the key {key} stands twice."),
                    line=mark.line + 1,
                    key=repr(key),
                )
            result[key] = self.construct_object(value_node, deep=True)
        return result


def _construct_map(loader: Any, node: Any) -> dict[str, Any]:
    return loader.construct_mapping(node)  # type: ignore[no-any-return]


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_map)
_BOOL: Final = re.compile("^(?:true|True|TRUE|false|False|FALSE)$")
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _BOOL, list("tTfF"))


def load(content: str, *, file: str = "") -> Any:
    """Read one YAML document.

    Raises
    ------
    FileError
        With the line, for what is no YAML, a key that stands twice, or an alias.
    """
    try:
        _look_through(content, file)
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except FileError as error:
        raise FileError(error.reason, file=file, **error.values) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError(
            N_("Line {line}, column {column} is not valid YAML: {reason}."),
            file=file,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            reason=error.problem or error.context or "",
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise FileError(N_("This is not valid YAML: {reason}."), file=file, reason=first) from error
    except RecursionError as error:
        raise FileError(N_("The file is nested too deeply."), file=file) from error


def _look_through(content: str, file: str) -> None:
    """Refuse what would break the reader before anything is built of it.

    Aliases could make a small file grow without end when its values are walked; the reader of
    YAML ends the whole program when brackets are nested some thousand deep.
    """
    depth = values = 0
    for event in yaml.parse(content, Loader=_Base):
        if isinstance(event, yaml.AliasEvent):
            raise FileError(
                N_("Line {line}: aliases (*{name}) are not possible in this file."),
                file=file,
                line=event.start_mark.line + 1 if event.start_mark else 1,
                name=event.anchor,
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        values += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH:
            raise FileError(N_("The file is nested too deeply."), file=file)
        if values > MAX_VALUES:
            raise FileError(
                N_("The file holds more than {limit} values; a room file has far fewer."),
                file=file,
                limit=MAX_VALUES,
            )


class _TextDumper(_Dumper):  # type: ignore[misc]
    """Quotes every text that YAML 1.1 readers would take for something else."""


def dump(document: Any) -> str:
    """Write YAML with the keys in their given order."""
    written: str = yaml.dump(
        document,
        Dumper=_TextDumper,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=None,
    )
    return written
