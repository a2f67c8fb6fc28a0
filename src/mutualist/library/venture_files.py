"""Read venture files and tables of states: YAML or JSON, a mapping at the top."""

from __future__ import annotations

import os
from collections.abc import Mapping
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


def write_parquet(target: Path, columns: Mapping[str, Any], about: str) -> None:
    """Write columns to a Parquet file beside its place and move it there when it is whole.

    Parameters
    ----------
    target
        The file; one that exists is replaced.
    columns
        Name to one-dimensional array.
    about
        JSON text kept in the file's metadata as ``mutualist``.

    Raises
    ------
    FileError
        When the folder does not exist or can't be written to.
    """
    import pyarrow as pa
    from pyarrow import parquet

    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        table = pa.table(dict(columns)).replace_schema_metadata({"mutualist": about})
        parquet.write_table(table, part)
        part.replace(target)
    except OSError as error:
        # The writer of the file tells of the part it writes; people know the file by its own name.
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FileError(
            N_("The file can't be written: {reason}."), file=str(target), reason=reason
        ) from error
    finally:
        part.unlink(missing_ok=True)
