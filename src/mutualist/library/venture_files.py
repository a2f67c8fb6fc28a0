"""Read and write venture files (YAML, JSON, workbook), read tables of states, write scenarios."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutualist.domain.venture import Description, read_description
from mutualist.library.errors import FileError
from mutualist.library.files import Source, load_json, load_yaml, name_of, read_bytes, read_text
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


def read_venture(source: Source) -> Description:
    """Read and check a venture; what is wrong in a workbook is told with its cell.

    Raises
    ------
    FileError
        When the file can't be read; ``WorkbookError`` with one problem per cell.
    VentureError
        With everything in it that is wrong.
    """
    name = name_of(source)
    if Path(name).suffix.lower() in {".yaml", ".yml", ".json"}:
        return read_description(read_mapping(source))
    if isinstance(source, str | Path) and Path(name).suffix.lower() not in {"", ".xlsx"}:
        raise FileError(
            N_("The ending {suffix} is unknown. Known are .yaml, .yml, .json and .xlsx."),
            file=name,
            suffix=repr(Path(name).suffix),
        )
    # Standard input and open files are known by their first bytes.
    raw = read_bytes(source)
    if raw.startswith(b"PK\x03\x04") or Path(name).suffix.lower() == ".xlsx":
        from mutualist.library.venture_workbook import read_venture_workbook

        return read_venture_workbook(raw, name)
    content = io.BytesIO(raw)
    content.name = name
    return read_description(read_mapping(content))


def dump_venture(source: Mapping[str, Any], suffix: str, lang: str = "en") -> bytes:
    """Return a venture file: workbook for ``.xlsx``, JSON for ``.json``, else YAML."""
    if suffix == ".xlsx":
        from mutualist.library.venture_workbook import venture_workbook

        return venture_workbook(source, lang)
    if suffix == ".json":
        return (json.dumps(source, ensure_ascii=False, indent=1) + "\n").encode()
    from mutualist.library.yamlfile import dump

    return dump(dict(source)).encode()


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
