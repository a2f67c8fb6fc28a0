"""What a log may not hold: a link that lets somebody in."""

from __future__ import annotations

import logging
import re

#: Addresses whose next part is a secret: seats, organisations, the demo, mail links of accounts.
LINK = re.compile(r"/(s|join|demo|privacy/proof|confirm-email|reset/key)/[^/\s?]+")


def without_links(text: str) -> str:
    """Return a text with the secret part of links left out.

    Examples
    --------
    >>> without_links("Gone: /s/7TqW_secret/")
    'Gone: /s/…/'
    """
    return LINK.sub(r"/\1/…", text)


class HideLinks(logging.Filter):
    """Takes the secret part of links out of log lines: whoever reads a log is not invited."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it is always logged."""
        text = record.getMessage()
        hidden = without_links(text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        if record.exc_info and not record.exc_text:
            # The formatter keeps what stands here instead of writing the traceback itself.
            record.exc_text = without_links(logging.Formatter().formatException(record.exc_info))
        return True
