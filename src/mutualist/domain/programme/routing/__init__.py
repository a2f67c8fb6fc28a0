"""Hand enquiries to the partner who is able, near and free: one at a time with reasons, or many at once."""

from __future__ import annotations

from mutualist.domain.programme.routing.fairness import Fairness, fairness
from mutualist.domain.programme.routing.field import Field
from mutualist.domain.programme.routing.many import Assignment, assign
from mutualist.domain.programme.routing.model import (
    Candidate,
    Enquiry,
    Partner,
    Place,
    Refusal,
    Route,
)
from mutualist.domain.programme.routing.one import route, why_not
from mutualist.domain.programme.routing.weights import Weights, weights

__all__ = [
    "Assignment",
    "Candidate",
    "Enquiry",
    "Fairness",
    "Field",
    "Partner",
    "Place",
    "Refusal",
    "Route",
    "Weights",
    "assign",
    "fairness",
    "route",
    "weights",
    "why_not",
]
