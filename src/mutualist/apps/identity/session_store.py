"""Sessions in the database, found by a prepared query: each page asks for one."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from mutualist.apps.core.clock import now
from mutualist.apps.core.prepared import Prepared

#: What the framework makes, with room for the column: letters and digits of ASCII.
KEY = re.compile(r"[0-9A-Za-z]{8,40}")
_live = Prepared(lambda key: Session.objects.filter(session_key=key, expire_date__gt=now()))


class SessionStore(DatabaseStore):
    """What the framework does, with its one frequent question written once."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table of sessions."""
        return Session

    def _validate_session_key(self, key: str) -> bool:
        # A cookie may hold anything, also what a database refuses to look for (a NUL).
        return bool(KEY.fullmatch(key or ""))

    def _get_session_from_db(self) -> Any:
        found = _live.first(key=self.session_key or "")
        if found is None:
            # As the framework does: a key nobody has is not taken over from a browser.
            self._session_key = None
        return found
