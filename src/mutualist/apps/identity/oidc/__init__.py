"""Sign-in with OpenID Connect, stricter than the library: every token is checked in full."""
