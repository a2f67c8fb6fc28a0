"""The way to a database elsewhere is protected, or somebody says so loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutualist.apps.core.database_tls import way_to
from mutualist.apps.core.environment import SettingError, database_from


@pytest.mark.parametrize(
    ("host", "query", "way"),
    [
        ("localhost", "", "local"),
        ("127.0.0.9:5433", "", "local"),
        ("[::1]", "", "local"),
        ("%2Frun%2Fpostgresql", "", "local"),
        ("", "", "local"),
        ("db.example", "", "plain"),
        ("10.1.2.3", "", "plain"),
        ("localhost.evil.example", "", "plain"),
        ("db.example", "?sslmode=prefer", "plain"),
        ("db.example", "?sslmode=require", "unchecked"),
        ("db.example", "?sslmode=verify-ca", "unchecked"),
        ("db.example", "?sslmode=verify-full", "checked"),
        ("db.example", "?sslmode=disable", "plain by choice"),
    ],
)
def test_where_a_database_is_and_how_the_way_is_protected(host, query, way) -> None:
    assert way_to(database_from(f"postgresql://u:p@{host}/rooms{query}", Path())) == way


def test_the_variable_of_libpq_counts(monkeypatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert way_to(database_from("postgresql://u:p@db.example/rooms", Path())) == "checked"


def test_sqlite_goes_nowhere(tmp_path) -> None:
    assert way_to(database_from(None, tmp_path)) == "local"


def test_certificates_are_handed_on(tmp_path) -> None:
    file = tmp_path / "root.crt"
    file.touch()
    query = f"?sslmode=verify-full&sslrootcert={file}"
    options = database_from(f"postgresql://u:p@db.example/rooms{query}", Path())["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", str(file))
    assert "lock_timeout" in options["options"]


@pytest.mark.parametrize(
    "query",
    ["?sslmode=full", "?sslmode=", "?sslmod=require", "?options=-c%20x", "?sslrootcert=/no/file"],
)
def test_other_options_are_refused_by_name(query) -> None:
    with pytest.raises(SettingError, match="MUTUALIST_DATABASE_URL") as told:
        database_from(f"postgresql://u:hush@db.example/rooms{query}", Path())
    assert "hush" not in str(told.value)
