"""Find every message of the product in its templates and modules, without gettext's programs."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mutualist"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Message:
    """One message and where it stands."""

    id: str
    plural: str | None
    context: str | None
    where: str


def messages_of(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # What is left of the template is no Python: without indentation its lines can be read one by one.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
    for line, message, _comments, context in found:
        one = message if isinstance(message, tuple) else (message,)
        if one[0]:
            name = path.relative_to(SOURCE)
            plural = one[1] if len(one) > 1 else None
            yield Message(one[0], plural, context, f"{name}:{line}")


def said_in(path: Path) -> Iterator[Message]:
    """Messages of papers and workbooks: ``say("...")`` and headings of columns, context "report"."""
    if not {"reports", "library"} & set(path.relative_to(SOURCE).parts[:1]):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        at = {"say": 0, "Column": 1}.get(node.func.id)
        if at is None or len(node.args) <= at:
            continue
        for part in ast.walk(node.args[at]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                yield Message(part.value, None, "report", where)


def all_messages(under: str = "") -> Iterator[Message]:
    for path in sorted((SOURCE / under).rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "static" not in path.parts:
            yield from messages_of(path)
            if path.suffix == ".py":
                yield from said_in(path)


def missing(under: str = "") -> list[Message]:
    """Messages without a German translation, each once."""
    from mutualist.project.translations import read_catalogue

    catalogue = read_catalogue("de")
    seen: set[tuple[str, str | None]] = set()
    result = []
    for message in all_messages(under):
        key = (message.id, message.context)
        if key in seen:
            continue
        seen.add(key)
        entry = catalogue.get(message.id, context=message.context)
        strings = [] if entry is None else entry.string
        strings = [strings] if isinstance(strings, str) else strings
        if not strings or not all(strings):
            result.append(message)
    return result


if __name__ == "__main__":
    from django.conf import settings

    settings.configure(USE_I18N=True)
    for each in missing(*sys.argv[1:2]):
        print(
            f"#: {each.where}\nmsgid {each.id!r}"
            + (f" plural {each.plural!r}" if each.plural else "")
        )
