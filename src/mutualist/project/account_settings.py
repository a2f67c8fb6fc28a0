"""Settings of accounts: how people prove who they are, for how long, and how often they may try."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mutualist.apps.core.addresses import proxies_from
from mutualist.apps.core.environment import SettingError, flag, number
from mutualist.apps.identity.sso_file import read_sso

DATA = Path(os.environ.get("MUTUALIST_DATA", "data")).resolve()
_BASE = urlsplit(os.environ.get("MUTUALIST_BASE_URL", "http://127.0.0.1:8000"))
_MAILS_GO_OUT = bool(os.environ.get("MUTUALIST_SMTP_URL"))
DAY = 86_400


def _factor(name: str) -> float:
    text = os.environ.get(name, "").strip() or "1"
    try:
        value = float(text)
    except ValueError as error:
        raise SettingError(f"{name}: expected a number such as 1, got {text!r}") from error
    if not 0 <= value <= 1e6:
        raise SettingError(f"{name}: expected a number from 0 to 1000000, got {text!r}")
    return value


CACHES = {
    "default": {"BACKEND": "mutualist.apps.core.shared_cache.SharedCache"},
    # What is found again by computing, and would tell something if it lay in a file.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
# Multiplies all limits; 0 switches them off.
MUTUALIST_LIMITS = _factor("MUTUALIST_LIMITS")
MUTUALIST_TRUSTED_PROXIES = proxies_from(os.environ.get("MUTUALIST_TRUSTED_PROXIES", ""))

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mutualist.apps.identity.passwords.VariantValidator"},
    {"NAME": "mutualist.apps.identity.passwords.LongestValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_ADAPTER = "mutualist.apps.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "mutualist.apps.identity.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An address is proven before the account is used. Without a mail server nobody could prove it.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _MAILS_GO_OUT else "optional"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = _MAILS_GO_OUT
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_REDIRECT_URL = "core:home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Limits stand in core.limiting, with the time to wait; here only the pause between two mails.
ACCOUNT_RATE_LIMITS = {
    **dict.fromkeys(
        (
            *("change_password", "manage_email", "reset_password", "reauthenticate"),
            *("reset_password_from_key", "signup", "login", "login_failed"),
            "request_login_code",
        )
    ),
    "confirm_email": "1/10s/key",
}

MFA_ADAPTER = "mutualist.apps.identity.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Mutualist"
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_ALLOW_UNVERIFIED_EMAIL = not _MAILS_GO_OUT
MFA_RATE_LIMITS: dict[str, str | None] = {"webauthn_login": None}
# Browsers allow passkeys without TLS on this machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _BASE.scheme == "http" and _BASE.hostname in {
    "localhost",
    "127.0.0.1",
}
MUTUALIST_OPERATOR_SECOND_FACTOR = flag("MUTUALIST_OPERATOR_SECOND_FACTOR", default=True)

#: A session ends after this time, and before if nobody used it for so long.
SESSION_COOKIE_AGE = number("MUTUALIST_SESSION_DAYS", 14, least=1, most=3650) * DAY
MUTUALIST_SESSION_IDLE = number("MUTUALIST_SESSION_IDLE_HOURS", 48, least=1, most=87_600) * 3600
PASSWORD_RESET_TIMEOUT = 3600

_SSO = read_sso(os.environ.get("MUTUALIST_SSO_FILE"))
MUTUALIST_SSO = _SSO.providers
SOCIALACCOUNT_APPS = _SSO.apps
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = dict(_SSO.settings)
SOCIALACCOUNT_ADAPTER = "mutualist.apps.identity.sso.SsoAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = ACCOUNT_EMAIL_VERIFICATION
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SSO_ORIGINS = _SSO.origins
