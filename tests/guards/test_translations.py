from __future__ import annotations

import re

from guards.catalogue import all_messages, missing
from mutualist.project.translations import read_catalogue

FIELDS = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def fields(text: str) -> set[str]:
    return {one or two for one, two in FIELDS.findall(text)}


def test_every_message_has_its_german() -> None:
    lacking = [f"{m.where}: {m.id!r}" for m in missing()]
    assert not lacking, "\n".join(lacking)


def test_no_translation_is_left_over() -> None:
    used = {(m.id, m.context) for m in all_messages()}
    kept = [
        m.id
        for m in read_catalogue("de")
        if m.id and ((m.id if isinstance(m.id, str) else m.id[0]), m.context) not in used
    ]
    assert not kept


def test_translations_keep_the_fields() -> None:
    wrong = []
    for message in read_catalogue("de"):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set().union(*map(fields, ids))
        wrong += [ids[0] for text in strings if ids[0] and not fields(text) <= wanted]
        wrong += [ids[0] for text in strings[-1:] if ids[0] and fields(text) != wanted]
    assert not wrong


def test_german_addresses_politely_and_never_apologises() -> None:
    forbidden = re.compile(r"\bleider\b|\b(du|dein|deine|dir|dich)\b", re.IGNORECASE)
    for message in read_catalogue("de"):
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not any(forbidden.search(text) for text in strings), message.id
