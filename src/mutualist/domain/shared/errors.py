"""The root of all errors that are meant for people."""

from __future__ import annotations


class MutualistError(Exception):
    """Base class of every error that Mutualist raises on purpose.

    Its text is written for the person who has to put things right; it names what is wrong and what to do.
    """
