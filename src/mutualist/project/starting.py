"""What a server looks at before it serves anybody."""

from __future__ import annotations

import logging
import sys

logger = logging.getLogger(__name__)


def refuse_a_lost_key() -> None:
    """End the process with a message if the key of the database is not here, before a new one hides that it is lost.

    A database that is away for the moment is no reason: pages say so until it is back.
    """
    from django.db import DatabaseError, connections

    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.vault import check_key

    try:
        check_key()
    except SettingError as error:
        sys.exit(f"Error: {error}")
    except DatabaseError:
        logger.warning("the database could not be asked for its key; it is asked again when needed")
    finally:
        # Processes forked from this one must not share its connection.
        connections.close_all()
