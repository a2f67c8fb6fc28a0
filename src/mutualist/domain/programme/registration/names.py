"""Names of companies: what is the name, what the legal form, and what two spellings have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mutualist.domain.programme.registration.tables import folded, name_table

# "SiemensAG": a form in capitals glued to a name in small letters.
_GLUED = re.compile(r"(?<=[a-zäöüß]{3})(?<!\bInv)(AG|GmbH|KG|SE|KGaA|OHG)\b")
#: Forms of so few letters stand for something else in the middle of a name.
SHORT = 2
#: So many words after the first count for the sound of a name.
MOST_SOUNDS = 3
_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("[sz]?sch|sh"), "8"),
    (re.compile("ch|ck|g|k|q|c"), "4"),
    (re.compile("x"), "48"),
    (re.compile("dt|th|d|t"), "2"),
    (re.compile("b|p"), "1"),
    (re.compile("f|v|w"), "3"),
    (re.compile("s|z"), "8"),
    (re.compile("l"), "5"),
    (re.compile("m|n"), "6"),
    (re.compile("r"), "7"),
    (re.compile("[aeiouyjh]"), ""),
)
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name, taken apart.

    Attributes
    ----------
    words
        The words without legal form and state, umlauts as ae, oe, ue.
    form
        Which legal form, by its short name; nothing if none was recognised.
    strong
        The words that tell this firm from others.
    key
        Sorted strong words with umlauts reduced: equal for "Müller", "Mueller" and "Muller".
    """

    words: tuple[str, ...]
    form: str
    strong: tuple[str, ...]
    key: str

    @property
    def compact(self) -> str:
        """All words in one, umlauts reduced."""
        return reduced("".join(self.words))

    @property
    def sound(self) -> str:
        """How the first strong word sounds in German, and how the others begin, roughly."""
        first, *others = self.strong
        return sound_of(first) + "".join(sorted(sound_of(one)[:1] for one in others[:MOST_SOUNDS]))


def reduced(text: str) -> str:
    """Return text with ae, oe, ue as a, o, u: umlauts are written in three ways."""
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def sound_of(word: str) -> str:
    """Return a key that words of one sound share, after the Cologne phonetics (Postel 1969), simplified."""
    text = reduced(word)
    for pattern, sign in _SOUNDS:
        text = pattern.sub(sign, text)
    head = "0" if word[:1] in "aeiouyjh" else ""
    return _TWICE.sub(r"\1", head + text) or word


@lru_cache(maxsize=4096)
def company_name(text: str) -> CompanyName:
    """Take a company's name apart."""
    table = name_table()
    words = folded(_GLUED.sub(r" \1", text)).split()
    words = _without(words, table.states)
    rest, form = _formed(words)
    while rest and rest[-1] in {"und", "co"}:
        rest = rest[:-1]
    left = tuple(rest or words or [folded(text) or text.strip() or "?"])
    strong = tuple(one for one in left if one not in table.filler) or left
    return CompanyName(left, form, strong, reduced(" ".join(sorted(strong))))


def _without(words: list[str], endings: frozenset[tuple[str, ...]]) -> list[str]:
    for size in (2, 1):
        if len(words) > size and tuple(words[-size:]) in endings:
            return words[:-size]
    return words


def _formed(words: list[str]) -> tuple[list[str], str]:
    """Return the words without the legal form, and the form: the longest spelling, best at the end."""
    table = name_table()
    best: tuple[bool, int, int] | None = None
    for start in range(len(words)):
        for size in range(min(table.longest, len(words) - start), 0, -1):
            if tuple(words[start : start + size]) not in table.forms:
                continue
            at_end = start + size == len(words)
            if start == 0 or (size == 1 and not at_end and len(words[start]) <= SHORT):
                continue
            best = max(best or (False, 0, 0), (at_end, size, -start))
    if best is None:
        return words, ""
    size, start = best[1], -best[2]
    return words[:start] + words[start + size :], table.forms[tuple(words[start : start + size])]
