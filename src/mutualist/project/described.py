"""The headers of the JSON API, told at each operation: repeated writes, states, a server that is busy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import NinjaAPI

READS = ("/compute", "/verdict")
#: What has a state that can be named; see the module of entity tags.
TAGGED = (
    *("/rooms/{uid}", "/rooms/{uid}/sheet", "/rooms/{uid}/sheet/{item}"),
    *("/ventures/{venture}", "/ventures/{venture}/figures"),
)
TEXT = {"schema": {"type": "string"}}
SECONDS = {"schema": {"type": "integer"}, "description": "Seconds after which to try again."}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of your own for this write. Sent again with the same name it has no second "
    "effect and gets the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you read: carry it out only if nothing was changed since.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH = {
    **IF_MATCH,
    "name": "If-None-Match",
    "description": "The ETag you have: 304 if it still holds.",
}
REPLAYED = {
    "description": "true where this is the answer of an earlier request.",
    "schema": {"type": "string", "enum": ["true"]},
}


class DescribedAPI(NinjaAPI):
    """The framework's API, which also answers 304 and tells its headers."""

    def create_response(self, request: HttpRequest, *parts: Any, **more: Any) -> HttpResponse:
        """Answer, or say that the asker has it already."""
        response: HttpResponse = super().create_response(request, *parts, **more)
        tag = response.get("ETag")
        if request.method not in {"GET", "HEAD"} or not tag:
            return response
        known: HttpResponse | None = get_conditional_response(request, etag=tag, response=response)
        return known or response

    def get_openapi_schema(self, **more: Any) -> Any:
        """Return the description with the headers of each operation."""
        schema = super().get_openapi_schema(**more)
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _describe(path.removeprefix("/api/v1"), method, operation)
        return schema


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    answers = operation["responses"]
    error = next(
        (answers[code] for code in (404, "404") if code in answers), {"description": "Error"}
    )
    waits = {**error, "headers": {"Retry-After": SECONDS}}
    answers[503] = {**waits, "description": "The server is busy; nothing was stored"}
    answers[429] = {**waits, "description": "Too many requests"}
    if method == "get":
        if path in TAGGED:
            parameters.append(IF_NONE_MATCH)
            answers[200].setdefault("headers", {})["ETag"] = TEXT
            answers[304] = {"description": "You have it already"}
        return
    if path.endswith(READS):
        return
    parameters.append(IDEMPOTENCY_KEY)
    for code, answer in answers.items():
        if int(code) < 300:
            answer.setdefault("headers", {})["Idempotency-Replayed"] = REPLAYED
    if 409 in answers:
        answers[409].setdefault("headers", {})["Retry-After"] = SECONDS
        if path.startswith(("/rooms/{uid}", "/ventures/{venture}")):
            parameters.append(IF_MATCH)
            answers[412] = {**answers[409], "description": "Changed since; both versions"}
