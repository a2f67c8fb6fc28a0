"""What a server looks at before it serves anybody."""

from __future__ import annotations

import logging
import sys

logger = logging.getLogger(__name__)


def refuse_to_start() -> None:
    """End the process with a message if a key is not here, before a new one hides that it is lost.

    A database that is away for the moment is no reason: pages say so until it is back.
    """
    from django.conf import settings
    from django.db import DatabaseError, connections

    from mutualist.apps.core.database_tls import way_to
    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.operations.public import require_keys

    if way_to(settings.DATABASES["default"]) in {"plain", "unchecked"}:
        logger.warning(
            "the way to the database is not protected by TLS with a checked certificate: "
            "add ?sslmode=verify-full to MUTUALIST_DATABASE_URL"
        )
    try:
        require_keys()
    except SettingError as error:
        sys.exit(f"Error: {error}")
    except DatabaseError:
        logger.warning("the database could not be asked for its key; it is asked again when needed")
    finally:
        # Processes forked from this one must not share its connection.
        connections.close_all()
