"""The root of the JSON API: token authentication and one form for every error."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from mutualist import __version__
from mutualist.apps.commissions.api import router as commissions
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed, Unauthorized
from mutualist.apps.core.overload import COME_AGAIN
from mutualist.apps.delivery.api import router as webhooks
from mutualist.apps.enquiries.api import router as enquiries
from mutualist.apps.identity.api import router as organisations
from mutualist.apps.programme.api import router as programmes
from mutualist.apps.programme.api_partners import router as partner_life
from mutualist.apps.programme.api_plans import router as plans
from mutualist.apps.programme.api_rules import router as programme_rules
from mutualist.apps.projects.api import router as projects
from mutualist.apps.ratings.api import router as ratings
from mutualist.apps.rooms.api import router as rooms
from mutualist.apps.rooms.api_proofs import router as proofs
from mutualist.apps.ventures.api import router as ventures
from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.shared.nesting import MAX_DEPTH
from mutualist.project.bodies import Bodies
from mutualist.project.described import DescribedAPI
from mutualist.project.form_errors import said


class Token(HttpBearer):
    """``Authorization: Bearer <token>``, made on the account page."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002
        """Return the actor behind a token, as the middleware has worked it out."""
        actor = actor_of(request)
        if actor.is_anonymous:
            return None
        if actor.held_back:
            raise ActionError(
                "second_factor",
                _("You need a second factor to go on: set it up on the page “Your account”."),
                status=403,
            )
        if actor.read_only and not _only_looks(request):
            raise ActionError(
                "read_only",
                _("This token may only read. Make one that may write on the page “Your account”."),
                status=403,
            )
        return actor


def _only_looks(request: HttpRequest) -> bool:
    match = request.resolver_match
    changes_nothing = match is not None and match.view_name in {"api:verdict", "api:compute"}
    return request.method in {"GET", "HEAD", "OPTIONS"} or changes_nothing


api = DescribedAPI(
    title="Mutualist",
    version=__version__,
    description="Rooms, answers, results, ventures. Messages come in the language of Accept-Language.",
    auth=Token(),
    urls_namespace="api",
    parser=Bodies(),
    docs_url="docs",
)
api.add_router("", rooms)
api.add_router("", proofs)
api.add_router("", organisations)
api.add_router("", webhooks)
api.add_router("", ventures)
api.add_router("", programmes)
api.add_router("", programme_rules)
api.add_router("", plans)
api.add_router("", partner_life)
api.add_router("", enquiries)
api.add_router("", commissions)
api.add_router("", projects)
api.add_router("", ratings)


def _problem(problem: Any) -> dict[str, Any]:
    language = translation.get_language() or "en"
    message = problem.message
    return {
        "party": getattr(problem, "party", None),
        "item": getattr(problem, "item", getattr(problem, "cell", None)),
        "code": str(getattr(problem, "code", "cell")),
        "message": message(language) if callable(message) else str(message),
    }


def _answer(
    request: HttpRequest, status: int, code: str, message: str, **more: Any
) -> HttpResponse:
    body = {"code": code, "message": message, "problems": [], **more}
    return api.create_response(request, body, status=status)


@api.exception_handler(ActionError)
def action_error(request: HttpRequest, error: ActionError) -> HttpResponse:
    """Answer for an action that could not be carried out."""
    more: dict[str, Any] = {"problems": [_problem(p) for p in getattr(error, "problems", ())]}
    if isinstance(error, Conflict):
        more |= {"mine": error.mine, "theirs": error.theirs, "version": error.version}
    answer = _answer(request, error.status, error.code, error.message, **more)
    if isinstance(error, Conflict) and error.etag:
        answer["ETag"] = error.etag
    if error.status in {429, 503}:
        answer["Retry-After"] = str(getattr(error, "retry_after", COME_AGAIN))
    return answer


@api.exception_handler(MutualistError)
def domain_error(request: HttpRequest, error: MutualistError) -> HttpResponse:
    """Answer a room file that is not one."""
    problems = [_problem(p) for p in getattr(error, "problems", ())]
    return _answer(request, 422, "invalid_room", str(error), problems=problems)


@api.exception_handler(NotAllowed)
@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001
    """Give the same answer whether something does not exist or is not yours."""
    return _answer(request, 404, "not_found", _("Not found."))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a body that does not have the described form."""
    problems = [
        {
            "item": ".".join(str(step) for step in one["loc"][1:]) or None,
            "code": one["type"],
            "message": said(one),
            "party": None,
        }
        for one in error.errors
    ]
    message = _("The request does not have the described form.")
    return _answer(request, 422, "invalid_request", message, problems=problems)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer anything else the framework refuses, such as a body that is no JSON."""
    if isinstance(error.__cause__, ValueError | RecursionError):
        message = _(
            "The body cannot be read. It has to be JSON in UTF-8, with no key twice, no NaN or "
            "Infinity, and nested at most {depth} deep."
        )
        return _answer(request, 400, "bad_request", message.format(depth=MAX_DEPTH))
    if error.status_code == 401:
        return action_error(request, Unauthorized())
    return _answer(request, error.status_code, "bad_request", str(error))
