from __future__ import annotations

import typing
from collections import defaultdict
from typing import Any

import pytest
from ninja import Schema
from pydantic import BaseModel

from guards import openapi
from mutualist.project.api import api


def test_the_committed_description_is_current() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.current(), (
        "run: python tests/guards/openapi.py"
    )


def classes_within(annotation: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Add the classes of schemas that an annotation names, and those that their fields name."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in found:
            found.add(annotation)
            for field in annotation.model_fields.values():
                classes_within(field.annotation, found)
    else:
        for part in typing.get_args(annotation):
            classes_within(part, found)
    return found


def described() -> set[type[BaseModel]]:
    """Return the classes of all bodies and answers of the API."""
    found: set[type[BaseModel]] = set()
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                for model in (*operation.models, *operation.response_models.values()):
                    classes_within(model, found)
    return found


def shared(classes: set[type[BaseModel]]) -> dict[str, list[str]]:
    """Return the names that several classes have, with the modules they are from; wrappers of the framework aside."""
    by_name = defaultdict(set)
    for one in classes:
        if one.__module__ != "abc":
            by_name[one.__name__].add(one.__module__)
    return {name: sorted(modules) for name, modules in by_name.items() if len(modules) > 1}


def test_no_two_schemas_share_a_name() -> None:
    """The description knows schemas by name alone: of two with one name, one would silently be described as the other."""
    classes = described()
    # Fewer would mean that bodies and answers are looked for in the wrong place.
    assert len([one for one in classes if one.__module__.startswith("mutualist.")]) > 100
    assert shared(classes) == {}


@pytest.mark.parametrize("wrapped", [False, True])
def test_two_of_one_name_would_be_found(wrapped: bool) -> None:
    one = type("PartOut", (Schema,), {"__module__": "a"})
    two = type("PartOut", (Schema,), {"__module__": "b"})
    if wrapped:
        outer = {"__module__": "c", "__annotations__": {"parts": list[two] | None}}
        two = type("WholeOut", (Schema,), outer)
    assert shared(classes_within(one, set()) | classes_within(two, set())) == {
        "PartOut": ["a", "b"]
    }
