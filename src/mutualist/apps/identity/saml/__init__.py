"""Sign-in with SAML 2.0: only answers to what was asked here, signed, and each only once."""
