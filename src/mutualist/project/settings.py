"""Settings of the web application, from the environment with safe defaults.

Everything an operator may set starts with ``MUTUALIST_``; docs/en/operator.md lists them.
"""

from __future__ import annotations

import os
from pathlib import Path

from mutualist import __version__
from mutualist.apps.core.environment import (
    data_folder,
    database_from,
    flag,
    level,
    mail_from,
    networks_from,
    number,
    one_of,
    origins_from,
    owner_from,
    ports_from,
    sender_from,
    texts_from,
    zone,
)
from mutualist.apps.core.headers import policy
from mutualist.apps.core.secret_files import strong_secret
from mutualist.project.account_settings import *  # noqa: F403  (settings are names of this module)
from mutualist.project.account_settings import SOCIALACCOUNT_APPS, SSO_ORIGINS

PACKAGE = Path(__file__).resolve().parent.parent
MUTUALIST_DATA = data_folder("MUTUALIST_DATA", "data")
MUTUALIST_DEMO = flag("MUTUALIST_DEMO")
MUTUALIST_BASE_URL = os.environ.get("MUTUALIST_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
MUTUALIST_VERSION = __version__
MUTUALIST_RULESET = "2026.2"
MUTUALIST_KEY_FILE = MUTUALIST_DATA / "keys" / "key-encryption-key"

SECRET_KEY = strong_secret(
    "MUTUALIST_SECRET_KEY",
    os.environ.get("MUTUALIST_SECRET_KEY"),
    MUTUALIST_DATA / "keys" / "secret-key",
)
DEBUG = flag("MUTUALIST_DEBUG")
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS = origins_from(
    MUTUALIST_BASE_URL, os.environ.get("MUTUALIST_HOSTS", "")
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "mutualist.apps.core",
    "mutualist.apps.identity",
    "mutualist.apps.delivery",
    "mutualist.apps.rooms",
    "mutualist.apps.ventures",
    "mutualist.apps.programme",
    "mutualist.apps.enquiries",
    "mutualist.apps.projects",
    "mutualist.apps.commissions",
    "mutualist.apps.letters",
    "mutualist.apps.ratings",
    "mutualist.apps.privacy",
    "mutualist.apps.operations",
    "mutualist.apps.support",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *SOCIALACCOUNT_APPS,
    # Only for the files of the API's page, which would come from a foreign host otherwise.
    "ninja",
]

MIDDLEWARE = [
    "mutualist.apps.core.headers.HeadersMiddleware",
    "mutualist.apps.core.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mutualist.apps.core.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "mutualist.apps.core.limiting.LimitMiddleware",
    "mutualist.apps.core.sizes.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mutualist.apps.core.nul.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mutualist.apps.identity.middleware.PersonMiddleware",
    "mutualist.apps.core.turns.TurnMiddleware",
    "mutualist.apps.core.idempotency.IdempotencyMiddleware",
    "mutualist.apps.core.middleware.ErrorMiddleware",
    "mutualist.apps.core.overload.OverloadMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mutualist.apps.identity.context.viewer",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                # Its tag csrf_token also names each write, so that no form can forget to.
                "mutualist.apps.core.templatetags.writing",
            ],
        },
    },
]

# How long the answer of a write is kept for whoever repeats it.
MUTUALIST_REPLAY_HOURS = number("MUTUALIST_REPLAY_HOURS", 48, least=1, most=168)

ROOT_URLCONF = "mutualist.project.urls"
WSGI_APPLICATION = "mutualist.project.wsgi.application"
DATABASES = {"default": database_from(os.environ.get("MUTUALIST_DATABASE_URL"), MUTUALIST_DATA)}
MUTUALIST_DATABASE_OWNER = owner_from(
    os.environ.get("MUTUALIST_DATABASE_OWNER_URL"), DATABASES["default"]
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
# Dates in English are European: 28 Nov 2026, never 11/28/2026.
FORMAT_MODULE_PATH = "mutualist.project.formats"
TIME_ZONE = zone("MUTUALIST_TIME_ZONE", "Europe/Berlin")

STATIC_URL = "/static/"
STATIC_ROOT = MUTUALIST_DATA / "static"
# Files are served from the package; the folder only has to be there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

MAIL = mail_from(os.environ.get("MUTUALIST_SMTP_URL"))
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.use_tls, MAIL.use_ssl
EMAIL_TIMEOUT = 10
MUTUALIST_WEBHOOK_PRIVATE = networks_from(os.environ.get("MUTUALIST_WEBHOOK_PRIVATE", ""))
MUTUALIST_WEBHOOK_PORTS = ports_from(os.environ.get("MUTUALIST_WEBHOOK_PORTS", ""))
DEFAULT_FROM_EMAIL = sender_from("MUTUALIST_MAIL_FROM", "Mutualist <mutualist@localhost>")

# Who answers for the data here, and an own text for the page that says so.
MUTUALIST_CONTROLLER = os.environ.get("MUTUALIST_CONTROLLER", "").strip()
MUTUALIST_PRIVACY_TEXT = texts_from("MUTUALIST_PRIVACY_TEXT", "privacy.de.md", "privacy.en.md")

SECURE = MUTUALIST_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_ENGINE = "mutualist.apps.identity.session_store"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# A name that browsers take from this very host by TLS only: no neighbour can plant such a cookie.
_HOST = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}django_language"
THEME_COOKIE_NAME = f"{_HOST}theme"
MESSAGES_COOKIE_NAME = f"{_HOST}messages"
MESSAGE_STORAGE = "mutualist.apps.core.notes.HostMessages"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = number("MUTUALIST_HSTS", 31_536_000, least=0) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("MUTUALIST_HSTS_SUBDOMAINS", default=True)
# Origins a form may lead to besides ours, such as identity providers.
FORM_TARGETS: list[str] = list(SSO_ORIGINS)
CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy(https=SECURE, form_targets=FORM_TARGETS)}
CSRF_FAILURE_VIEW = "mutualist.apps.core.pages.csrf_failure"
MUTUALIST_MAX_BODY = number("MUTUALIST_MAX_MB", 5, least=1, most=200) * 1024 * 1024
# Files are read in memory, so that nothing of them stays on the disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = MUTUALIST_MAX_BODY

LOG_FORMAT = one_of("MUTUALIST_LOG_FORMAT", "text", "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "mutualist.apps.core.logs.Lines"},
        "json": {"()": "mutualist.apps.core.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    # The framework's own handlers write what ours leave out.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        # To look for a mistake in a template it would write down everything a page is made of.
        "django.template": {"level": "INFO"},
    },
    "root": {"handlers": ["stderr"], "level": level("MUTUALIST_LOG", "WARNING")},
}
# Whoever brings it sees the figures; without one only this machine itself does.
MUTUALIST_METRICS_TOKEN = os.environ.get("MUTUALIST_METRICS_TOKEN", "")
