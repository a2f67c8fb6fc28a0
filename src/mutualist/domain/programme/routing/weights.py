"""Weights of routing as data: read once, with the words for every reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

PARTS = ("nearness", "free", "fairness", "response", "level")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts.

    Attributes
    ----------
    shares
        By part; they add up to one.
    half_km
        Kilometres at which nearness is one half.
    words
        Of parts, as ``part.nearness``, of a choice, as ``chosen.points``, and of refusals, by language.
    """

    version: str
    shares: Mapping[str, float]
    half_km: float
    response_unknown: float
    most_times_mean: float
    words: Mapping[str, Mapping[str, str]]


def read_weights(source: Mapping[str, Any]) -> Weights:
    """Read weights from a mapping.

    Raises
    ------
    ValueError
        If the parts are not those there are, or their weights do not add up to one, or one is below zero.
    """
    parts = source["parts"]
    if set(parts) != set(PARTS):
        raise ValueError(f"weights name {sorted(parts)}; there are {sorted(PARTS)}")
    shares = {name: float(parts[name]["weight"]) for name in PARTS}
    # As they are written: 0.5 + 0.2 + 0.1 + 0.1 + 0.1 is exactly one, and the sum is told without an exponent.
    total = sum(Decimal(str(share)) for share in shares.values())
    if total != 1:
        raise ValueError(f"weights add up to {total:f}; they have to add up to 1")
    least = min(shares, key=lambda name: shares[name])
    if shares[least] < 0:
        raise ValueError(f"the weight of {least} is {shares[least]}; no weight may be below 0")
    words = {f"part.{name}": parts[name]["words"] for name in PARTS}
    words |= {f"chosen.{name}": said for name, said in source["chosen"].items()}
    words |= source["refusals"]
    return Weights(
        str(source["version"]),
        MappingProxyType(shares),
        float(parts["nearness"]["half_km"]),
        float(source["response_unknown"]),
        float(source["most_times_mean"]),
        MappingProxyType(words),
    )


@cache
def weights() -> Weights:
    """Return the weights that come with the product.

    Examples
    --------
    >>> weights().version
    '2026.1'
    """
    content = files("mutualist.domain.programme.routing").joinpath("data", "weights-2026.1.yaml")
    return read_weights(yaml.safe_load(content.read_text("utf-8")))
