"""Between an entry of the file and the flat values of its boxes; what no box shows is kept as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mutualist.apps.ventures.described import fitting
from mutualist.apps.ventures.entries.boxes import table_rows
from mutualist.apps.ventures.entries.choices import POINTS

Flat = dict[str, Any]
_POINT_KEYS = frozenset(key for points in POINTS.values() for key, _label in points)
_RATE_KEYS = {"share": "share", "per_unit": "price"}


def unfold(part: str, entry: Any, parties: Sequence[str] = ()) -> Flat:
    """Return the values of an entry by the keys of its boxes."""
    if not isinstance(entry, Mapping):
        entry = {} if entry is None else {"value" if part == "drivers" else "amount": entry}
    flat = {key: value for key, value in entry.items() if not isinstance(value, Mapping)}
    for key, value in entry.items():
        if isinstance(value, Mapping) and key != "columns":
            flat |= {f"{key}.{inner}": one for inner, one in value.items()}
    extra = _UNFOLD.get(part)
    return flat | extra(entry, parties) if extra else flat


def _driver(entry: Mapping[str, Any], _parties: Sequence[str]) -> Flat:
    # A uniform range has no most likely value.
    way = next((w for w, points in POINTS.items() if any(k in entry for k, _ in points)), "")
    points = POINTS.get(way, ())
    return {"way": way or "quantiles"} | {
        f"point.{at}": entry.get(key) for at, (key, _label) in enumerate(points)
    }


def _term(entry: Mapping[str, Any], parties: Sequence[str]) -> Flat:
    stakes = entry.get("stakes")
    found = stakes if isinstance(stakes, Mapping) else {}
    return {f"stakes.{key}": found.get(key) for key in dict.fromkeys((*parties, *found))}


def _pair(entry: Mapping[str, Any], _parties: Sequence[str]) -> Flat:
    between = [*(entry.get("between") or ()), "", ""]
    return {"first": between[0], "second": between[1]}


def _table(entry: Mapping[str, Any], _parties: Sequence[str]) -> Flat:
    return {"columns": entry.get("columns"), "rows": entry.get("rows")}


_UNFOLD: Mapping[str, Callable[[Mapping[str, Any], Sequence[str]], Flat]] = {
    "drivers": _driver,
    "terms": _term,
    "correlations": _pair,
    "tables": _table,
}


def fold(part: str, flat: Mapping[str, Any], before: Any) -> Any:
    """Return the entry of some values; keys that no box shows are taken from what was there before."""
    if part == "pools":
        return before if isinstance(before, Mapping) else {}
    given = {key: value for key, value in flat.items() if value is not None and value != ""}
    extra = _FOLD.get(part)
    new = extra(given) if extra else _nested(given)
    if not isinstance(before, Mapping):
        return new
    return _in_order(_joined(_kept(part, before), new), before)


def _joined(kept: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Put together what was kept and what was read, one level deep."""
    found = dict(new)
    for key, value in kept.items():
        found[key] = {**value, **found.get(key, {})} if isinstance(value, Mapping) else value
    return found


def _in_order(entry: Any, before: Any) -> Any:
    """Put keys in the order they had: what was not changed reads as it did."""
    if not isinstance(entry, Mapping) or not isinstance(before, Mapping):
        return entry
    order = dict.fromkeys((*(key for key in before if key in entry), *entry))
    return {key: _in_order(entry[key], before.get(key)) for key in order}


def _kept(part: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the boxes of a part do not ask for."""
    if part == "parties" and isinstance(before.get("business"), Mapping):
        asked = {"mean", "sd"}
        inner = {key: one for key, one in before["business"].items() if key not in asked}
        return {"business": inner} if inner else {}
    return {}


def _nested(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        outer, dot, inner = key.partition(".")
        if dot:
            found.setdefault(outer, {})[inner] = value
        else:
            found[outer] = value
    return found


def _fold_driver(given: Mapping[str, Any]) -> dict[str, Any]:
    points = POINTS.get(str(given.get("way")), POINTS["quantiles"])
    figures = {
        key: given[f"point.{at}"]
        for at, (key, _label) in enumerate(points)
        if f"point.{at}" in given
    }
    rest = {
        key: value
        for key, value in given.items()
        if key not in _POINT_KEYS and key != "way" and not key.startswith("point.")
    }
    unit = {"unit": rest.pop("unit")} if "unit" in rest else {}
    found = unit | figures | rest
    # Without a choice of one's own, a family is chosen that takes the values.
    if "family" in found:
        return found
    return found | {"family": "normal"} if "mean" in found else fitting(found)


def _fold_term(given: Mapping[str, Any]) -> dict[str, Any]:
    found = _nested(given)
    rate = _RATE_KEYS.get(str(found.get("type")))
    tiers = found.get("tiers")
    if rate and tiers and not isinstance(tiers[0], Mapping):
        found["tiers"] = [
            ({} if limit is None else {"up_to": limit}) | {rate: value} for limit, value in tiers
        ]
    if found.get("tiers"):
        # With tiers the one rate beside them says nothing.
        found.pop(rate or "", None)
    return found


def _fold_pair(given: Mapping[str, Any]) -> dict[str, Any]:
    between = [str(given.get(key, "")) for key in ("first", "second")]
    rank = {"rank": given["rank"]} if "rank" in given else {}
    return {"between": between} | rank


def _fold_table(given: Mapping[str, Any]) -> dict[str, Any]:
    columns, rows = given.get("columns", {}), given.get("rows", [])
    if rows and not isinstance(rows[0], Mapping):
        rows = table_rows(list(columns), rows)
    return {"columns": columns, "rows": rows}


_FOLD: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "drivers": _fold_driver,
    "terms": _fold_term,
    "correlations": _fold_pair,
    "tables": _fold_table,
}
