"""Models whose rows nobody else may read: their managers know only the rows of the scope.

Each private model says its rule once, in :meth:`PrivateModel.fence`; on PostgreSQL the policies of
its migration say it a second time. A parity test compares both, and a naive third form, on random
data.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Literal, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.sql import Query

from mutualist.apps.core.isolation import NoScopeError, Scope, current_scope

Command = Literal["select", "update", "delete"]
# What ties a row to its place: a row never moves to somebody else.
PLACE = frozenset(
    {
        *("room", "seat", "answerer", "round", "sheet", "venture"),
        *("programme", "relation", "registration"),
    }
)
# No row at all, also of a negated or combined condition.
NONE = Q(pk__in=[])


def required_scope(model: type[models.Model]) -> Scope:
    """Return the scope, or refuse: a private table has no rows for nobody in particular."""
    scope = current_scope()
    if scope is None:
        raise NoScopeError(f"{model.__name__} is private: ask for it inside private_scope(...)")
    return scope


def require_admitted(row: PrivateModel) -> None:
    """Refuse to store a private row that is not of the present scope."""
    if not row.admitted(required_scope(type(row))):
        raise NoScopeError(f"this {type(row).__name__} belongs to another scope")


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of a private table as far as the scope goes; each command has its own fence."""

    scope: Scope | None = None

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.scope = self.scope
        return clone

    def _still_inside(self) -> None:
        if self.scope is None or self.scope != required_scope(self.model):
            raise NoScopeError(f"a query on {self.model.__name__} left the scope it was made in")

    def _fenced(self, command: Command) -> Self:
        self._still_inside()
        return self.filter(self.model.fence(self.scope, command))

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._still_inside()
        super()._fetch_all()

    def iterator(self, *args: Any, **options: Any) -> Any:
        """Walk over the rows without keeping them."""
        self._still_inside()
        return super().iterator(*args, **options)

    def count(self) -> int:
        """Count the rows."""
        self._still_inside()
        return super().count()

    def exists(self) -> bool:
        """Whether there is any row."""
        self._still_inside()
        return super().exists()

    def aggregate(self, *args: Any, **named: Any) -> dict[str, Any]:
        """Compute figures over the rows."""
        self._still_inside()
        return super().aggregate(*args, **named)

    def _insert(self, objs: Any, *args: Any, **options: Any) -> Any:
        self._still_inside()
        for row in objs:
            require_admitted(row)
        return super()._insert(objs, *args, **options)  # type: ignore[misc]

    def update(self, **values: Any) -> int:
        """Change rows in place; none moves to another seat or round."""
        self._stay({name.removesuffix("_id") for name in values})
        changed: int = super(ScopedQuerySet, self._fenced("update")).update(**values)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def _update(self, values: Any) -> int:
        # What save() calls; it passes every field, so a place is compared instead of refused.
        found = self._fenced("update")
        for field, _model, value in values:
            if field.name in PLACE:
                found = found.filter(**{field.name: value})
        changed: int = super(ScopedQuerySet, found)._update(values)  # type: ignore[misc]
        return changed

    def _stay(self, names: set[str]) -> None:
        if moved := sorted(PLACE & names):
            raise NoScopeError(f"a private row keeps its {', '.join(moved)}")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows of the scope that may be deleted."""
        return super(ScopedQuerySet, self._fenced("delete")).delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: Any) -> int:
        return super(ScopedQuerySet, self._fenced("delete"))._raw_delete(using)


# Seats are many and a request asks for few: what is kept is for the requests of this moment.
@lru_cache(maxsize=128)
def _inside(model: type[models.Model], scope: Scope) -> Query:
    """Return the query of what a scope may select; the framework asks for it several times a save."""
    return models.QuerySet(model).filter(model.fence(scope, "select")).query  # type: ignore[attr-defined]


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The only way to a private table; without a scope it raises on both databases."""

    def get_queryset(self) -> ScopedQuerySet:
        """Return the rows of the present scope."""
        scope = required_scope(self.model)
        rows: ScopedQuerySet = super().get_queryset()
        rows.scope = scope
        rows.query = _inside(self.model, scope).chain()
        return rows


class PrivateModel(models.Model):
    """A table with rows nobody else may read. Carries itself whose they are: room and seat, or programme and relation."""

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True
        # Also for what Django does by itself: saving, and deleting what hangs on a deleted row.
        base_manager_name = "objects"
        default_manager_name = "objects"

    def delete(self, *_args: Any, **_options: Any) -> tuple[int, dict[str, int]]:
        """Delete this row by its query set: Django's own way would ask no scope for a row in hand."""
        gone: tuple[int, dict[str, int]] = type(self).objects.filter(pk=self.pk).delete()
        return gone

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope may select, update or delete."""
        raise NotImplementedError

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        raise NotImplementedError


def private_models() -> list[type[PrivateModel]]:
    """Return every private model of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, PrivateModel)]
