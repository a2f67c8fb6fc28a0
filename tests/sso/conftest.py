"""Sign-in elsewhere does not depend on the database: these tests run on one only."""

from __future__ import annotations

from apps.identity.conftest import quick  # noqa: F401  (a fixture for every test here)
