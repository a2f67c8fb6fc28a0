"""Which rows of registered projects a scope reaches: the rule in Django's words.

The same rule stands as policies in migration 0002, for PostgreSQL, and in plain Python in the parity test. In words:
a partner reaches its own rows, the vendor what was submitted to it. What is withheld until acceptance the vendor
reaches from then on. What a conflict search found is the vendor's alone, whoever's project it is about.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from mutualist.apps.core.fences import NONE, Command
from mutualist.apps.core.isolation import Scope


def of_project(scope: Scope, command: Command) -> Q:
    """Return the registrations a scope reaches."""
    if scope.maintenance:
        return Q()
    own = Q(relation__in=scope.relations)
    if command == "delete":
        return (own & Q(submitted_at__isnull=True)) | _ending(scope)
    return own | (_vendors(scope) & Q(submitted_at__isnull=False)) | _ending(scope, command)


def of_withheld(scope: Scope, command: Command) -> Q:
    """Return what is withheld until acceptance, as far as a scope reaches it."""
    if scope.maintenance:
        return Q()
    own = Q(relation__in=scope.relations)
    if command == "update":
        return own
    if command == "delete":
        return (own & ~_registered(submitted_at__isnull=False)) | _ending(scope)
    disclosed = _registered(disclosed_at__isnull=False)
    return own | (_vendors(scope) & disclosed) | _ending(scope)


def of_check(scope: Scope, command: Command) -> Q:
    """Return what conflict searches found: the vendor's alone, and never deleted one by one."""
    if scope.maintenance:
        return Q()
    if command == "delete":
        return _ending(scope)
    return _vendors(scope) | _ending(scope, command)


def of_step(scope: Scope, command: Command) -> Q:
    """Return the history of projects: never changed."""
    if scope.maintenance:
        return Q()
    if command == "update":
        return NONE
    if command == "delete":
        return _ending(scope)
    return Q(relation__in=scope.relations) | _vendors(scope) | _ending(scope)


def admits(scope: Scope, relation: int) -> bool:
    """Whether a scope may store a partner's row."""
    return scope.maintenance or relation in scope.relations


def admits_vendor(scope: Scope, programme: int) -> bool:
    """Whether a scope may store a row of the vendor's side."""
    return scope.maintenance or programme in scope.programmes


def _vendors(scope: Scope) -> Q:
    return Q(programme__in=scope.programmes)


def _ending(scope: Scope, command: Command = "select") -> Q:
    return NONE if command == "update" else Q(programme__in=scope.ending)


def _registered(**condition: object) -> Q:
    from mutualist.apps.projects.models import Registration

    found = Registration.objects.filter(pk=OuterRef("registration"), **condition)
    return Q(Exists(found))
