"""Read what the abilities of partners are called."""

from __future__ import annotations

import re

from mutualist.domain.programme.rules.entries import Entries
from mutualist.domain.programme.rules.model import LONGEST_ABILITY, Words

#: Commas and bars part abilities in tables and forms, so no key holds one.
ABILITY = re.compile(rf"(?=\S)[^,;|\x00-\x1f]{{1,{LONGEST_ABILITY}}}(?<=\S)")


def read_abilities(entries: Entries) -> dict[str, Words]:
    """Read ``{key: words}``; two abilities of one name could not be told apart."""
    inner = entries.below("abilities")
    found: dict[str, Words] = {}
    names: dict[str, str] = {}
    for key in inner.values:
        if not ABILITY.fullmatch(key):
            inner.note("not_ability", value=key, longest=LONGEST_ABILITY)
            continue
        words = inner.words(key) or Words(key, key)
        for name in (key, words.de, words.en):
            first = names.setdefault(name.casefold(), key)
            if first != key:
                inner.note("taken", key, value=name, known=first)
        found[key] = words
    return found
