"""What every part of the JSON API takes and gives: strict objects in, one form of error out."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, ModelWrapValidatorHandler, model_validator


def _number(value: Any) -> Any:
    """Refuse what would be converted: to a program "5" and true are no numbers."""
    if isinstance(value, bool | str):
        raise ValueError("Input should be a number")  # noqa: TRY004 - only this is reported
    return value


#: A whole number, written as one: 5 or 5.0.
Whole = Annotated[int, BeforeValidator(_number)]


class In(Schema):
    """What a program sends: an object with the named keys and no other; nothing is converted."""

    model_config = ConfigDict(extra="forbid", from_attributes=False)

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(
        cls,
        values: Any,
        handler: ModelWrapValidatorHandler[In],
        info: Any,  # noqa: ARG003
    ) -> Any:
        # The framework's own would take anything with attributes, a list or a number, for an object.
        return handler(values)


class ProblemOut(Schema):
    """One thing that is wrong with what was sent."""

    party: str | None = None
    item: str | None = None
    code: str
    message: str


class ErrorOut(Schema):
    """Why a request was not carried out; nothing was stored."""

    code: str
    message: str
    problems: list[ProblemOut] = Field(default_factory=list)


class ConflictOut(ErrorOut):
    """Somebody else changed the same thing; both versions, and the one to send to overwrite."""

    mine: Any = None
    theirs: Any = None
    version: int = 0


#: What any operation may answer instead of doing what it was asked.
REFUSED: dict[int, type[Schema]] = {
    400: ErrorOut,
    401: ErrorOut,
    404: ErrorOut,
    409: ConflictOut,
    422: ErrorOut,
}
