"""Read venture files and tables of states: YAML or JSON, a mapping at the top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutualist.library.errors import FileError
from mutualist.library.files import Source, load_json, load_yaml, name_of, read_text
from mutualist.library.words import N_


def read_mapping(source: Source) -> dict[str, Any]:
    """Read the mapping of a YAML or JSON file; ``"-"`` is standard input.

    Raises
    ------
    FileError
        When the file can't be read or holds something else.
    """
    name = name_of(source)
    content = read_text(source)
    suffix = Path(name).suffix.lower()
    if suffix not in {"", ".yaml", ".yml", ".json"} and isinstance(source, str | Path):
        raise FileError(
            N_("The ending {suffix} is unknown. Known are .yaml, .yml and .json."),
            file=name,
            suffix=repr(suffix),
        )
    as_json = suffix == ".json" or (not suffix and content.lstrip().startswith("{"))
    document = load_json(content, file=name) if as_json else load_yaml(content, file=name)
    if not isinstance(document, dict):
        raise FileError(N_("The file holds no mapping of names and values."), file=name)
    return document
