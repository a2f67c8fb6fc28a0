"""Read a game from a mapping, as a file holds it; parties are counted from 1 there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.split import forms
from mutualist.domain.venture.split.coalitions import Floats
from mutualist.domain.venture.split.game import MOST_PARTIES, Game
from mutualist.domain.venture.split.problems import SplitError
from mutualist.domain.venture.split.texts import shown

FORMS: Final = ("v", "cost", "bankruptcy", "airport", "two_additive", "largest_claim", "nash")
_BESIDE: Final = ("unions", "graph", "outside", "weights", "most", "stakes", "parties")
_ABOUT: Final = ("id", "name", "about", "source", "schema")
_LARGEST = 1e15


def read_game(document: Any) -> Game:
    """Return the game a mapping describes.

    Parameters
    ----------
    document
        One of ``v`` or ``cost`` (values of all coalitions: singles, pairs, triples, each in order), ``bankruptcy`` (with
        ``claims`` and ``estate``), ``airport``, ``largest_claim`` (figures per party), ``two_additive`` (``own`` and
        ``synergy``, with keys like ``"1,2"``) or ``nash`` (``pie`` and ``outside``); optionally ``unions``, ``graph``,
        ``outside``, ``weights``, ``most``, ``stakes`` and ``parties`` (names).

    Raises
    ------
    SplitError
        When something is wrong; says where, what was found, and what to do.

    Examples
    --------
    >>> read_game({"airport": [30, 45]}).values.tolist()
    [0.0, -30.0, -45.0, -45.0]
    """
    if not isinstance(document, Mapping) or not any(form in document for form in FORMS):
        raise SplitError("no_game", value=shown(document, "en"), allowed=", ".join(FORMS))
    given = [form for form in FORMS if form in document]
    if len(given) > 1:
        raise SplitError("one_form", value=", ".join(given))
    for key in document:
        if key not in {*FORMS, *_BESIDE, *_ABOUT}:
            known = ", ".join((*FORMS, *_BESIDE))
            raise SplitError("unknown_key", value=str(key), allowed=known)
    game = _formed(given[0], document[given[0]])
    return _completed(game, document)


def _formed(form: str, body: Any) -> Game:
    if form in {"v", "cost"}:
        return Game.listed(_numbers(body, form), cost=form == "cost")
    if form == "airport":
        return Game(-forms.airport(_amounts(body, form)), cost=True)
    if form == "largest_claim":
        return Game(forms.largest_claim(_amounts(body, form)))
    if form == "bankruptcy":
        claims = _amounts(_part(body, form, "claims"), "bankruptcy.claims")
        estate = _number(_part(body, form, "estate"), "bankruptcy.estate")
        if estate < 0:
            raise SplitError("negative", "bankruptcy.estate", value=estate)
        if estate > sum(claims):
            total = float(sum(claims))
            raise SplitError(
                "estate_above_claims", "bankruptcy.estate", value=estate, allowed=total
            )
        return Game(forms.bankruptcy(claims, estate))
    if form == "two_additive":
        own = _few(_numbers(_part(body, form, "own"), "two_additive.own"))
        return Game(forms.two_additive(own, _synergies(body.get("synergy", {}), len(own))))
    outside = _few(_numbers(_part(body, form, "outside"), "nash.outside"))
    whole = _number(_part(body, form, "pie"), "nash.pie")
    game = Game(forms.pie(len(outside), whole), outside=np.array(outside))
    if "weights" in body:
        game = replace(game, weights=_weights(body["weights"], "nash.weights", game))
    return game


def _completed(game: Game, document: Mapping[str, Any]) -> Game:
    """Add what stands beside the values."""
    n = game.parties
    more: dict[str, Any] = {}
    if document.get("parties") is not None:
        more["names"] = _names(document["parties"], n)
    if document.get("unions") is not None:
        more["unions"] = _unions(document["unions"], n)
    if document.get("graph") is not None:
        more["links"] = _links(document["graph"], n)
    if document.get("outside") is not None:
        outside = _per_party(document["outside"], "outside", n)
        more["outside"] = -outside if game.cost else outside
    if document.get("most") is not None:
        most = _per_party(document["most"], "most", n)
        more["most"] = -most if game.cost else most
    for key in ("weights", "stakes"):
        if document.get(key) is not None:
            more[key] = _weights(document[key], key, game)
    return replace(game, **more) if more else game


def _part(body: Any, form: str, key: str) -> Any:
    if not isinstance(body, Mapping) or key not in body:
        allowed = {"bankruptcy": "claims, estate", "two_additive": "own, synergy"}
        known = allowed.get(form, "pie, outside, weights")
        found = shown(body, "en")
        raise SplitError("no_game", f"{form}.{key}", value=found, allowed=known)
    return body[key]


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SplitError("not_number", place, value=shown(value, "en"))
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise SplitError("not_finite", place, value=shown(value, "en"))
    return float(value)


def _numbers(value: Any, place: str) -> list[float]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise SplitError("not_list", place, value=shown(value, "en"))
    if len(value) >= 1 << MOST_PARTIES:
        many = len(value).bit_length()
        raise SplitError("too_many", place, value=many, allowed=MOST_PARTIES)
    return [_number(one, f"{place}.{i}") for i, one in enumerate(value, 1)]


def _few(values: list[float]) -> list[float]:
    if not values:
        raise SplitError("too_few")
    if len(values) > MOST_PARTIES:
        raise SplitError("too_many", value=len(values), allowed=MOST_PARTIES)
    return values


def _amounts(value: Any, place: str) -> list[float]:
    """Return one figure per party, none negative."""
    figures = _few(_numbers(value, place))
    for i, figure in enumerate(figures, 1):
        if figure < 0:
            raise SplitError("negative", f"{place}.{i}", value=figure)
    return figures


def _per_party(value: Any, place: str, parties: int) -> Floats:
    figures = _numbers(value, place)
    if len(figures) != parties:
        raise SplitError("wrong_count", place, value=len(figures), allowed=parties)
    return np.array(figures)


def _weights(value: Any, place: str, game: Game) -> Floats:
    figures = _per_party(value, place, game.parties)
    for i, figure in enumerate(figures, 1):
        if figure < 0:
            raise SplitError("negative", f"{place}.{i}", value=float(figure))
    if not figures.sum() > 0:
        raise SplitError("no_weight", place)
    return figures


def _party(value: Any, place: str, parties: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= parties:
        raise SplitError("not_party", place, value=shown(value, "en"), allowed=parties)
    return value - 1


def _names(value: Any, parties: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        raise SplitError("bad_names", "parties", value=shown(value, "en"))
    if len(value) != parties:
        raise SplitError("wrong_count", "parties", value=len(value), allowed=parties)
    if len(set(value)) != parties:
        raise SplitError("bad_names", "parties", value=shown(value, "en"))
    return tuple(value)


def _unions(value: Any, parties: int) -> tuple[tuple[int, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(union, list) for union in value):
        raise SplitError("not_list", "unions", value=shown(value, "en"))
    unions = tuple(tuple(_party(one, "unions", parties) for one in union) for union in value)
    seen: set[int] = set()
    for one in (one for union in unions for one in union):
        if one in seen:
            raise SplitError("twice", "unions", value=one + 1)
        seen.add(one)
    for one in range(parties):
        if one not in seen:
            raise SplitError("missing_party", "unions", value=one + 1)
    return tuple(union for union in unions if union)


def _links(value: Any, parties: int) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        raise SplitError("not_list", "graph", value=shown(value, "en"))
    links = []
    for link in value:
        if not isinstance(link, list) or len(link) != 2 or link[0] == link[1]:
            raise SplitError("not_pair", "graph", value=shown(link, "en"))
        first, second = (_party(one, "graph", parties) for one in link)
        links.append((first, second))
    return tuple(links)


def _synergies(value: Any, parties: int) -> dict[tuple[int, int], float]:
    if not isinstance(value, Mapping):
        raise SplitError("not_pair", "two_additive.synergy", value=shown(value, "en"))
    found = {}
    for key, amount in value.items():
        place = f"two_additive.synergy.{key}"
        parts = str(key).split(",")
        if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
            raise SplitError("not_pair", place, value=str(key))
        pair = sorted(_party(int(part), place, parties) for part in parts)
        if pair[0] == pair[1]:
            raise SplitError("not_pair", place, value=str(key))
        found[pair[0], pair[1]] = _number(amount, place)
    return found
