"""Does the database guard what it should? Asked of its own catalogue, by tests and by the operator.

What is looked for are the ways around row level security: a role that is above it, a table without
it or without FORCE, a command without a policy, a view or function that reads as its owner, and a
table of a room that nobody has decided about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F

from mutualist.apps.core.fences import ScopedManager, private_models

# A column of one of these names says that the row belongs to a room or to one party of it.
BELONGS = ("room_id", "room", "seat_id", "seat", "answerer_id", "answerer")
# Digests of random tokens, and random addresses: nobody meets one by trying.
RANDOM = ({"digest"}, {"uid"})
COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


@dataclass(frozen=True, slots=True)
class Gap:
    """A way around the isolation.

    Attributes
    ----------
    code
        ``role``, ``owner``, ``member``, ``table``, ``policy``, ``view``, ``function``, ``reference``,
        ``unique``, ``unlisted``, ``manager`` or ``misplaced``.
    name
        The role, table, view or function.
    text
        What is wrong, for the operator, in English.
    """

    code: str
    name: str
    text: str


def shared_tables() -> Mapping[str, str]:
    """Return the tables of rooms that all parties may read, each with the reason, of every app."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        found |= getattr(config, "shared_tables", {})
    return found


def gaps() -> list[Gap]:
    """Return every way around the isolation of private rows; none is wanted."""
    found = [*_unscoped(), *_unlisted()]
    if connection.vendor == "postgresql":
        found += [*_roles(), *_unguarded(), *_readers(), *_references(), *_uniques()]
    return found


def _unscoped() -> Iterator[Gap]:
    for model in private_models():
        meta = model._meta  # noqa: SLF001
        named = {type(meta.default_manager), type(meta.base_manager), *map(type, meta.managers)}
        if named != {ScopedManager}:
            text = "has a manager that works without a scope"
            yield Gap("manager", meta.label, text)
        for field in meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if remote is not None and not remote.hidden:
                text = f"can be reached from the other side of {field.name}, around its manager"
                yield Gap("manager", meta.label, text)


def _unlisted() -> Iterator[Gap]:
    private = {model._meta.db_table for model in private_models()}  # noqa: SLF001
    shared = set(shared_tables())
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, name)
            belongs = any(column.name in BELONGS for column in columns)
            if belongs and name not in private | shared:
                text = "belongs to rooms, but is neither private nor listed as shared with a reason"
                yield Gap("unlisted", name, text)


def _rows(query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _roles() -> Iterator[Gap]:
    for name, is_super, bypasses in _rows(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ):
        if is_super or bypasses:
            text = "is a superuser or may bypass row level security: no policy holds for it"
            yield Gap("role", name, text)
    tables = [model._meta.db_table for model in private_models()]  # noqa: SLF001
    for name, owner, is_owner in _rows(
        "SELECT DISTINCT current_user::text, pg_get_userbyid(relowner)::text,"
        " pg_get_userbyid(relowner) = current_user FROM pg_class"
        " WHERE relkind = 'r' AND relname = ANY (%s)"
        " AND pg_has_role(current_user, relowner, 'MEMBER')",
        [tables],
    ):
        if is_owner:
            text = "owns the tables it serves and could drop their policies; give it its own role"
            yield Gap("owner", name, text)
        else:
            yield Gap("member", name, f"is a member of {owner}, which owns the tables")


def _unguarded() -> Iterator[Gap]:
    state = {
        name: (enabled, forced)
        for name, enabled, forced in _rows(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    }
    policies: dict[str, dict[str, tuple[bool, bool]]] = {}
    for table, command, using, check in _rows(
        "SELECT c.relname, p.polcmd::text, p.polqual IS NOT NULL, p.polwithcheck IS NOT NULL"
        " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    ):
        policies.setdefault(table, {})[command] = (using, check)
    for model in private_models():
        name = model._meta.db_table  # noqa: SLF001
        if state.get(name) != (True, True):
            yield Gap("table", name, "has no row level security, or its owner is free of it")
        for command, word in COMMANDS.items():
            using, check = policies.get(name, {}).get(command, (False, False))
            if using != (command != "a") or check != (command in "aw"):
                yield Gap("policy", name, f"has no whole policy for {word}")


def _readers() -> Iterator[Gap]:
    """Find views and functions that read with the rights of whoever made them."""
    for kind, name, options in _rows(
        "SELECT c.relkind::text, c.relname, c.reloptions FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"
    ):
        if kind == "m" or "security_invoker=true" not in (options or []):
            yield Gap("view", name, "is a view that reads with the rights of its owner")
    for (name,) in _rows(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    ):
        yield Gap("function", name, "is a function that runs with the rights of its owner")


def _constraints(kind: str) -> dict[str, list[set[str]]]:
    """Return the sets of columns of a table's foreign keys (f) or unique indexes (u)."""
    query = {
        "f": "SELECT conrelid::regclass::text, conkey::int[], conrelid FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
        "u": "SELECT indrelid::regclass::text, indkey::int[], indrelid FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid WHERE indisunique AND NOT indisprimary"
        " AND c.relnamespace = 'public'::regnamespace",
    }[kind]
    names = {
        (table, number): name
        for table, number, name in _rows(
            "SELECT attrelid, attnum, attname FROM pg_attribute WHERE attnum > 0"
        )
    }
    found: dict[str, list[set[str]]] = {}
    for table, numbers, oid in _rows(query):
        columns = {names[oid, number] for number in numbers if number}
        found.setdefault(table, []).append(columns)
    return found


def _of_rooms() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if any(field.name == "room" for field in model._meta.concrete_fields):  # noqa: SLF001
            yield model


def _references() -> Iterator[Gap]:
    """Find references that may lead into another room: they reveal whether something exists there."""
    present = _constraints("f")
    of_rooms = set(_of_rooms())
    for model in of_rooms:
        table = model._meta.db_table  # noqa: SLF001
        for field in model._meta.concrete_fields:  # noqa: SLF001
            if field.related_model not in of_rooms:
                continue
            wanted = {"room_id", str(field.column)}
            # A reference of several columns holds nothing as long as another of them is empty.
            fixed = {f.column for f in model._meta.concrete_fields if not f.null} | wanted  # noqa: SLF001
            if not any(wanted <= columns <= fixed for columns in present.get(table, [])):
                yield Gap("reference", table, f"may refer into another room by {field.column}")


def _uniques() -> Iterator[Gap]:
    """Find uniqueness across rooms: a refusal would tell that another room has the value."""
    bound = _constraints("f")
    for model in _of_rooms():
        table = model._meta.db_table  # noqa: SLF001
        for columns in _constraints("u").get(table, []):
            # What a composite reference ties to the own room cannot hold another room's value.
            tied = any({"room_id", *columns} <= reference for reference in bound.get(table, []))
            if "room_id" not in columns and not tied and columns not in RANDOM:
                yield Gap("unique", table, f"is unique in {sorted(columns)} across rooms")


def misplaced() -> list[Gap]:
    """Return the tables with rows that refer into another room, seat or round than their own.

    On PostgreSQL composite foreign keys refuse such rows. SQLite gets no triggers for it, because
    rebuilding a table, as later migrations do there, would drop them unnoticed; so it is looked for.
    Private tables are read, too: call it within a scope.
    """
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
        for field in model._meta.concrete_fields:  # noqa: SLF001
            target = field.related_model
            if not isinstance(target, type) or "room" not in names:
                continue
            theirs = {column.name for column in target._meta.concrete_fields}  # noqa: SLF001
            for shared in sorted({"room", "seat", "round"} & names & theirs):
                rows = model._default_manager.filter(**{f"{field.name}__isnull": False})  # noqa: SLF001
                if rows.exclude(**{f"{field.name}__{shared}": F(shared)}).exists():
                    table = model._meta.db_table  # noqa: SLF001
                    text = f"has a {field.name} of another {shared}"
                    found.append(Gap("misplaced", table, text))
    return found
