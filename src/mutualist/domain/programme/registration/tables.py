"""The lists behind names and domains: legal forms, filler words, endings, free mail; read once."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l"}
)
_JOINS = str.maketrans({"&": " und ", "+": " und "})


def folded(text: str) -> str:
    """Return text in small Latin letters, digits and single spaces: umlauts as ae, oe, ue, joins as und."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_GERMAN).translate(_JOINS)
    plain = unicodedata.normalize("NFKD", small)
    kept = [sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)]
    return " ".join("".join(kept).split())


@dataclass(frozen=True, slots=True)
class NameTable:
    """Spellings of legal forms as rows of words, with what they mean; words that say little.

    Attributes
    ----------
    forms
        Words of a spelling and the form it stands for.
    longest
        How many words the longest spelling has.
    states
        Spellings of states such as liquidation.
    filler
        Words shared by many firms.
    """

    forms: Mapping[tuple[str, ...], str]
    longest: int
    states: frozenset[tuple[str, ...]]
    filler: frozenset[str]


@dataclass(frozen=True, slots=True)
class DomainTable:
    """Endings below which domains are sold, and domains that say nothing about one firm."""

    endings: frozenset[str]
    nobodys: frozenset[str]


def _read(name: str) -> Any:
    return yaml.safe_load((files(__package__) / "data" / name).read_text("utf-8"))


@cache
def name_table() -> NameTable:
    """Return what is known about names."""
    content = _read("names.yaml")
    forms = {
        tuple(spelling.split()): form
        for form, spellings in content["forms"].items()
        for spelling in spellings
    }
    for spelling, form in _of_the_list():
        forms.setdefault(spelling, form)
    return NameTable(
        forms,
        max(map(len, forms)),
        frozenset(tuple(one.split()) for one in content["states"]),
        frozenset(content["filler"]),
    )


#: Names in the list that are parts of many firms' names, and so tell no form.
_WORDS = frozenset(
    {
        *(
            "verein",
            "stiftung",
            "anstalt",
            "trust",
            "fonds",
            "fund",
            "embassy",
            "kanton",
            "canton",
            "commune",
        ),
        *(
            "gemeinde",
            "comune",
            "district",
            "bezirk",
            "bund",
            "foundation",
            "fondation",
            "fondazione",
        ),
        *(
            "association",
            "cantone",
            "distretto",
            "fondo",
            "sparkasse",
            "genossenschaft",
            "cooperative",
        ),
        *(
            "confederation",
            "botschaft",
            "ambassade",
            "ambasciate",
            "prokura",
            "procuration",
            "procura",
        ),
        *("undivided", "indivisions", "indivisioni", "treuunternehmen", "partnership"),
    }
)


def _of_the_list() -> list[tuple[tuple[str, ...], str]]:
    """Return the spellings of the published list; the form of what names.yaml lacks is its code there."""
    found = []
    text = (files(__package__) / "data" / "elf.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        spellings = [row["name"], *row["abbreviations"].split(";")]
        words = [tuple(folded(one).split()) for one in spellings]
        found += [
            (one, row["elf"].lower())
            for one in words
            if one and not (len(one) == 1 and one[0] in _WORDS)
        ]
    return found


@cache
def domain_table() -> DomainTable:
    """Return what is known about domains."""
    content = _read("domains.yaml")
    return DomainTable(
        frozenset(content["endings"]),
        frozenset(content["free_mail"]) | frozenset(content["shared"]),
    )


@cache
def matching_table() -> Mapping[str, Any]:
    """Return the points for what agrees and what does not."""
    content: Mapping[str, Any] = _read("matching.yaml")
    return content
