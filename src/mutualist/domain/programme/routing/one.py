"""One enquiry: who could serve it, who is asked first and why, and why not the others."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from mutualist.domain.programme.routing.field import Field, Numbers, Places, kilometres, on_sphere
from mutualist.domain.programme.routing.model import Candidate, Enquiry, Refusal, Route
from mutualist.domain.programme.routing.weights import PARTS

#: Scores are compared to this many decimals, so that noise of the last digit decides nothing.
DECIMALS = 9


def route(field: Field, enquiry: Enquiry, most: int = 5) -> Route:
    """Find the partners for an enquiry.

    Conditions first, then points: nearness, free capacity, a fair share, answers in time, level. Equal scores fall to
    the nearer partner, then to the first by id.

    Parameters
    ----------
    most
        How many candidates to return.

    Returns
    -------
    Route
        Without candidates if nobody meets all conditions.
    """
    failed = field.conditions(enquiry)
    able = ~np.logical_or.reduce(list(failed.values()))
    found = np.flatnonzero(able)
    told: dict[str, int] = {}
    open_ = np.ones(len(field), dtype=bool)
    for name, who in failed.items():
        told[name] = int((who & open_).sum())
        open_ &= ~who
    ranked = _ranked(field, enquiry, found, most)
    candidates = tuple(candidate_at(field, enquiry, int(at)) for at in ranked)
    return Route(
        enquiry.id,
        candidates,
        len(found),
        MappingProxyType({name: count for name, count in told.items() if count}),
    )


def _distances(field: Field, enquiry: Enquiry, found: Places) -> Numbers:
    here = on_sphere([enquiry.place])[0]
    return kilometres(field.points[found], here)


def _ranked(field: Field, enquiry: Enquiry, found: Places, most: int) -> Places:
    km = _distances(field, enquiry, found)
    score = np.round(field.steady[found] + field.nearness(km), DECIMALS)
    if len(found) > most:
        # Only those that tie with the last wanted one, or are better, need to be put in order.
        least = np.partition(score, -most)[-most]
        found, km, score = (values[score >= least] for values in (found, km, score))
    order = np.lexsort((found, np.nan_to_num(np.round(km, 3), nan=np.inf), -score))
    ranked: Places = found[order][:most]
    return ranked


def candidate_at(field: Field, enquiry: Enquiry, at: int) -> Candidate:
    """Return the partner at a place of the field with the points it has for an enquiry."""
    partner = field.partners[at]
    distance = float(_distances(field, enquiry, np.array([at]))[0])
    km = None if np.isnan(distance) else distance
    parts = dict(zip(PARTS, map(float, field.standing[at]), strict=True))
    parts["nearness"] = float(field.nearness(np.array([distance]))[0])
    return Candidate(partner.id, partner.name, sum(parts.values()), MappingProxyType(parts), km)


def why_not(field: Field, enquiry: Enquiry, partner: str) -> Refusal | None:
    """Say why a partner is not the one who is asked; None if it is.

    Raises
    ------
    KeyError
        If there is no such partner.
    """
    at = field.index[partner]
    name = field.partners[at].name
    for code, who in field.conditions(enquiry).items():
        if who[at]:
            return Refusal(partner, name, code, _quoted(field, enquiry, at, code))
    best = route(field, enquiry, 1).best
    if best is None or best.partner == partner:
        return None
    mine = candidate_at(field, enquiry, at)
    behind = max(PARTS, key=lambda part: best.parts[part] - mine.parts[part])
    said = {"points": best.score - mine.score, "name": best.name, "value": behind}
    return Refusal(partner, name, "behind", said)


def _quoted(field: Field, enquiry: Enquiry, at: int, code: str) -> dict[str, object]:
    partner = field.partners[at]
    if code == "ability":
        return {"value": ", ".join(sorted(enquiry.abilities - partner.abilities))}
    if code == "capacity":
        return {"value": partner.load, "most": partner.capacity}
    plain = {
        "certificate": enquiry.certificate,
        "language": enquiry.language,
        "area": enquiry.country,
    }
    return {"value": plain[code]} if code in plain else {}
