"""What can be moved in a venture while looking at its futures: drivers, events, terms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from mutualist.apps.ventures.described import Template, find, share_of, three_of

#: More than this nobody moves by hand.
MOST = 14
STEPS = 40
RATES = ("share", "price", "amount", "rate", "minimum")


@dataclass(frozen=True, slots=True)
class Lever:
    """One slider.

    Attributes
    ----------
    key
        Name of the control, such as ``drivers-units``.
    kind
        ``three`` moves low, likely and high in proportion; ``percent``, ``money`` and ``stake`` set a value.
    """

    key: str
    label: str
    kind: str
    at: str
    value: float
    low: float
    high: float
    step: float

    @property
    def is_percent(self) -> bool:
        """Whether it is shown as per cent."""
        return self.kind in {"percent", "stake"}


def levers(venture: Mapping[str, Any], template: Template, lang: str) -> tuple[Lever, ...]:
    """Return what can be moved, in the order of the file."""
    parties = {key: party.get("name", key) for key, party in venture["parties"].items()}

    def called(name: str) -> str:
        return template.called(name, lang, parties)

    found = [
        *_drivers(venture, called),
        *_events(venture, called),
        *_terms(venture, called),
    ]
    return tuple(found[:MOST])


def _drivers(venture: Mapping[str, Any], called: Any) -> Iterator[Lever]:
    for name, driver in venture.get("drivers", {}).items():
        three = three_of(driver)
        if three is None or three[1] <= 0:
            continue
        low, likely, high = three
        yield _ranged(
            f"drivers.{name}", called(name), "three", likely, min(low, likely / 2), high * 1.25
        )


def _events(venture: Mapping[str, Any], called: Any) -> Iterator[Lever]:
    for name, event in venture.get("events", {}).items():
        share = share_of(event.get("probability")) if isinstance(event, Mapping) else None
        if share is not None:
            at = f"events.{name}.probability"
            yield Lever(_key(at), called(name), "percent", at, round(100 * share, 4), 0, 100, 1)


def _terms(venture: Mapping[str, Any], called: Any) -> Iterator[Lever]:
    for name, term in venture.get("terms", {}).items():
        if not isinstance(term, Mapping):
            continue
        if term.get("type") == "equity" and len(term.get("stakes", {})) == 2:
            first = share_of(next(iter(term["stakes"].values())))
            if first is not None:
                at = f"terms.{name}.stakes"
                yield Lever(_key(at), called(name), "stake", at, round(100 * first, 4), 0, 100, 1)
            continue
        for rate in RATES:
            if rate in term:
                yield from _rate(
                    f"terms.{name}.{rate}", called(_name(name, rate, term)), rate, term[rate]
                )


def _name(name: str, rate: str, term: Mapping[str, Any]) -> str:
    """Return the key of the words: a guarantee beside a rate has its own."""
    return f"{name}_{rate}" if rate == "minimum" and len(term) > 1 else name


def _rate(at: str, label: str, rate: str, value: Any) -> Iterator[Lever]:
    if rate == "share":
        share = share_of(value)
        if share is not None:
            yield Lever(_key(at), label, "percent", at, round(100 * share, 4), 0, 100, 1)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        yield _ranged(at, label, "money", value, 0, 2 * value)


def _ranged(at: str, label: str, kind: str, value: float, low: float, high: float) -> Lever:
    """Return a slider with round steps on which the present value is one."""
    step = _round_step((high - low) / STEPS)
    below = math.ceil((value - low) / step)
    if low >= 0 and below * step > value:
        # Nobody pays a price below nothing.
        below = math.floor(value / step)
    above = math.ceil((high - value) / step)
    return Lever(
        _key(at),
        label,
        kind,
        at,
        value,
        _clean(value - below * step),
        _clean(value + above * step),
        step,
    )


def _round_step(size: float) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    nice = next((factor for factor in (1, 2, 5) if size <= factor * power), 10)
    return _clean(nice * power)


def _clean(value: float) -> float:
    found = float(f"{value:.10g}")
    return int(found) if found == int(found) else found


def _key(at: str) -> str:
    return at.replace(".", "-")


def moved(
    venture: Mapping[str, Any], known: tuple[Lever, ...], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the venture with levers moved, and where each stands; what is no number stays where it was."""
    found = deepcopy(dict(venture))
    places = {}
    for lever in known:
        value = _within(lever, given.get(lever.key))
        places[lever.key] = value
        if value != lever.value:
            _move(found, lever, value)
    return found, places


def _within(lever: Lever, given: Any) -> float:
    try:
        value = float(given)
    except (TypeError, ValueError):
        return lever.value
    if not math.isfinite(value):
        return lever.value
    return _clean(min(lever.high, max(lever.low, value)))


def _move(venture: dict[str, Any], lever: Lever, value: float) -> None:
    *path, last = lever.at.split(".")
    holder = find(venture, ".".join(path))
    if lever.kind == "three":
        factor = value / lever.value
        for part in ("low", "likely", "high"):
            holder[last][part] *= factor
    elif lever.kind == "stake":
        first, second = holder[last]
        holder[last] = {first: value / 100, second: round(1 - value / 100, 9)}
    else:
        holder[last] = round(value / 100, 9) if lever.kind == "percent" else value
