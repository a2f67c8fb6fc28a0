"""From data to PDF: Typst templates that are packaged with their fonts.

A template gets its data as JSON. Every text in it is a string and stays one; nothing a person wrote
is ever evaluated as markup. The result is tagged (PDF/UA-1), holds its fonts, and depends on neither
the fonts nor the clock of the machine.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).resolve().parent
TEMPLATES: Final = _HERE / "templates"
FONTS: Final = _HERE / "fonts"

_KEPT_FORMATS: Final = frozenset("\u00ad\u200b\u200c\u200d")
_UNSHOWN: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_SUBSTITUTE: Final = "\u25a1"
_LONG_RUN: Final = re.compile(r"\S{31,}")
_BREAKABLE: Final = re.compile(r"([/._@\-?&=]+)")
_ROUNDS: Final = 6


def typeset(template: str, data: Mapping[str, Any], *, timestamp: int = 0) -> bytes:
    """Return the PDF of a template filled with data.

    Parameters
    ----------
    template : str
        Name of a packaged template without its ending, such as ``board``.
    data : Mapping
        What the template shows; must be representable as JSON.
    timestamp : int
        Seconds since 1970 written into the document; the same data and timestamp give the
        same bytes.

    Notes
    -----
    PDF/UA forbids letters that no font can show. Typst names them; each is then replaced by a
    box, so that an emoji in an answer costs one letter and not the report.
    """
    import typst

    shown = _each_text(dict(data), _readable)
    for attempt in range(_ROUNDS + 1):
        if attempt == _ROUNDS:
            shown = _each_text(shown, _latin_only)
        try:
            return typst.compile(
                str(TEMPLATES / f"{template}.typ"),
                root=str(TEMPLATES),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(shown, ensure_ascii=False)},
                pdf_standards="ua-1",
                timestamp=timestamp,
            )
        except typst.TypstError as error:
            missing = _unshown(str(error.diagnostic))
            if not missing or attempt == _ROUNDS:
                raise
            shown = _each_text(shown, lambda text: _without(text, missing))  # noqa: B023
    raise AssertionError("unreachable")  # pragma: no cover


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return value if value.startswith("<svg") else change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(part, change) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each_text(part, change) for part in value]
    return value


def _readable(text: str) -> str:
    """Drop what cannot be seen and let very long words break."""
    kept = "".join(
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter == "\n"
        or letter in _KEPT_FORMATS
        or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return _LONG_RUN.sub(lambda run: _breakable(run[0]), kept)


def _breakable(run: str) -> str:
    pieces = _BREAKABLE.sub("\\1\u200b", run).split("\u200b")
    return "\u200b".join(
        "\u200b".join(piece[i : i + 12] for i in range(0, len(piece), 12))
        if len(piece) > 30
        else piece
        for piece in pieces
    )


def _unshown(diagnostic: str) -> list[str]:
    """Texts that no font can show, read from Typst's message (which writes them as Rust does)."""
    found = []
    for written in _UNSHOWN.findall(diagnostic):
        python = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: f"\\U{int(m[1], 16):08x}", written)
        found.append(ast.literal_eval(f'"{python}"'))
    return sorted(set(found), key=len, reverse=True)


def _without(text: str, missing: list[str]) -> str:
    for piece in missing:
        text = text.replace(piece, _SUBSTITUTE)
    return text


def _latin_only(text: str) -> str:
    return "".join(
        letter if ord(letter) < 0x180 or letter in "–—„“”‘’…€−●→\n" else _SUBSTITUTE
        for letter in text
    )
