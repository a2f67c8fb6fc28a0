"""Reading heads of audit chains from what people have of them: mails, downloads, a few lines read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from mutualist.domain.shared import Head, find_heads, head_of
from mutualist.library.errors import FileError
from mutualist.library.files import Source, load_json, name_of, read_bytes
from mutualist.library.signatures import holds
from mutualist.library.words import N_

# A saved mail begins with lines such as "Received: ..." or "From: ...".
_MAIL = re.compile(rb"(?:[A-Za-z-]+:[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){2,}")


def read_heads(source: Source) -> tuple[Head, ...]:
    """Read every head in a file: a saved mail, text copied from one, a download, JSON.

    Raises
    ------
    FileError
        When there is none.
    """
    name = name_of(source)
    raw = read_bytes(source)
    found = tuple(dict.fromkeys(head for text in _texts(raw) for head in _in_text(text)))
    if not found:
        raise FileError(
            N_("No head of a log was found: it begins with “mutualist-head/1”."), file=name
        )
    return found


def _in_text(text: str) -> tuple[Head, ...]:
    if text.lstrip().startswith("{"):
        try:
            head = head_of(load_json(text))
        except FileError:
            head = None
        if head is not None:
            return (head,)
    return find_heads(text)


def _texts(raw: bytes) -> Iterator[str]:
    """Yield the texts of a file; those of a mail are decoded first."""
    yield raw.decode("utf-8", errors="replace")
    start = _MAIL.search(raw)
    if start is None:
        return
    # Programs that keep several mails in one file begin each with a line "From ...".
    for piece in re.split(rb"(?m)^From [^\n]*\n", raw[start.start() :]):
        message = message_from_bytes(piece, policy=policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                yield _content(part)


def _content(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        # An unknown character set or broken encoding hides a mail's words, not what is plain in it.
        return str(part.get_payload())


def signed_by(head: Head, key: str | None = None) -> bool:
    """Whether a head is signed by the key in it, which is `key` if one is given."""
    return key in {None, head.key} and holds(head.key, head.message, head.signature)
