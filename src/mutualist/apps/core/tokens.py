"""Tokens in links and for the API: the person holds the token, the database only its digest."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """Return a fresh token of 256 bits and its digest."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """Return the hex digest that is stored and looked up.

    A plain hash is enough: the token itself has 256 random bits and cannot be guessed.
    """
    return hashlib.sha256(b"mutualist/token/v1" + token.encode()).hexdigest()
