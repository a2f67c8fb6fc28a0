"""Six ventures to begin with, as data: title and explanation in both languages, and a description to change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import yaml

from mutualist.domain.venture.problems import refuse

TEMPLATES: Final = (
    "revenue_share",
    "supplier_contract",
    "resale",
    "joint_development",
    "joint_company",
    "licence",
)


@cache
def _read(name: str) -> Mapping[str, Any]:
    folder = files("mutualist.domain.venture").joinpath("data").joinpath("templates")
    return cast(
        "Mapping[str, Any]", yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text("utf-8"))
    )


def template(name: str) -> Mapping[str, Any]:
    """Return a template: ``de`` and ``en`` with title and about, and ``venture``, a description.

    Raises
    ------
    VentureError
        For a name that there is none of.

    Examples
    --------
    >>> template("resale")["en"]["title"]
    'Resale with margin'
    """
    if name not in TEMPLATES:
        raise refuse("template", "unknown_value", value=name, known=TEMPLATES)
    return deepcopy(_read(name))


def with_parties(venture: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a description in which the first parties have these ids and names.

    Parameters
    ----------
    venture
        A description with as many parties as names, or more.
    names
        New id to name, in the order of the description's parties.

    Raises
    ------
    VentureError
        When there are more names than parties.

    Examples
    --------
    >>> changed = with_parties(template("resale")["venture"], {"N": "Nord", "T": "Tau"})
    >>> changed["terms"]["dealer_price"]["to"]
    'N'
    """
    old = list(venture["parties"])
    if len(names) > len(old):
        raise refuse("parties", "party_count", value=len(names), allowed=len(old))
    renamed = dict(zip(old, names, strict=False))
    described = dict(venture)
    described["parties"] = {
        renamed.get(party, party): {
            **entry,
            "name": names.get(renamed.get(party, ""), entry["name"]),
        }
        for party, entry in venture["parties"].items()
    }
    described["lines"] = {
        name: _owned(line, renamed, ("party",)) for name, line in venture.get("lines", {}).items()
    }
    described["terms"] = {
        name: _term(term, renamed) for name, term in venture.get("terms", {}).items()
    }
    described["options"] = {
        name: _owned(option, renamed, ("party", "to"))
        for name, option in venture.get("options", {}).items()
    }
    described["contributions"] = [
        _owned(one, renamed, ("party",)) for one in venture.get("contributions", ())
    ]
    return described


def _owned(entry: Any, renamed: Mapping[str, str], keys: tuple[str, ...]) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {
        key: renamed.get(value, value) if key in keys else value for key, value in entry.items()
    }


def _term(term: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    changed = _owned(term, renamed, ("from", "to"))
    if "stakes" in changed:
        stakes = changed["stakes"].items()
        changed["stakes"] = {renamed.get(party, party): stake for party, stake in stakes}
    return cast("dict[str, Any]", changed)
