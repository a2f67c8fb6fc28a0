"""Django's cache in the file that all processes share: a code that was used once is used for all."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from mutualist.apps.core.counts import counts

NEVER = 9e15
SWEEP_EVERY = 500


class SharedCache(BaseCache):
    """Keeps values that can be written as JSON; nothing that is read here can run."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._written = 0

    def _expires(self, timeout: Any) -> float:
        until: float | None = self.get_backend_timeout(timeout)
        return NEVER if until is None else until

    def _sweep(self) -> None:
        self._written += 1
        if self._written % SWEEP_EVERY == 0:
            counts().run("DELETE FROM kept WHERE expires <= ?", (time.time(),))

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value unless there is one; whoever is first gets True, nobody else."""
        made = self.make_and_validate_key(key, version=version)
        self._sweep()
        cursor = counts().run(
            "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT(key) DO UPDATE SET "
            "value = excluded.value, expires = excluded.expires WHERE expires <= ?",
            (made, json.dumps(value), self._expires(timeout), time.time()),
        )
        return cursor.rowcount == 1

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value that is still kept."""
        made = self.make_and_validate_key(key, version=version)
        row = (
            counts()
            .run("SELECT value FROM kept WHERE key = ? AND expires > ?", (made, time.time()))
            .fetchone()
        )
        return default if row is None else json.loads(row[0])

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value."""
        made = self.make_and_validate_key(key, version=version)
        self._sweep()
        counts().run(
            "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
            (made, json.dumps(value), self._expires(timeout)),
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer."""
        made = self.make_and_validate_key(key, version=version)
        cursor = counts().run(
            "UPDATE kept SET expires = ? WHERE key = ? AND expires > ?",
            (self._expires(timeout), made, time.time()),
        )
        return cursor.rowcount == 1

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value."""
        made = self.make_and_validate_key(key, version=version)
        return counts().run("DELETE FROM kept WHERE key = ?", (made,)).rowcount == 1

    def clear(self) -> None:
        """Forget everything, counts included."""
        counts().run("DELETE FROM kept")
        counts().run("DELETE FROM hits")
