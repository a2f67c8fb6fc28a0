"""Settings of the web application, from the environment with safe defaults.

Everything an operator may set starts with ``MUTUALIST_``; docs/en/operator.md lists them.
"""

from __future__ import annotations

import os
from pathlib import Path

from mutualist import __version__
from mutualist.apps.core.environment import (
    database_from,
    flag,
    mail_from,
    number,
    origins_from,
    secret_from,
)
from mutualist.apps.core.headers import policy

PACKAGE = Path(__file__).resolve().parent.parent
MUTUALIST_DATA = Path(os.environ.get("MUTUALIST_DATA", "data")).resolve()
MUTUALIST_DEMO = flag("MUTUALIST_DEMO")
MUTUALIST_BASE_URL = os.environ.get("MUTUALIST_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
MUTUALIST_VERSION = __version__
MUTUALIST_RULESET = "2026.2"
MUTUALIST_KEY_FILE = MUTUALIST_DATA / "keys" / "key-encryption-key"

SECRET_KEY = secret_from(
    os.environ.get("MUTUALIST_SECRET_KEY"), MUTUALIST_DATA / "keys" / "secret-key"
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
    "mutualist.apps.rooms",
    "mutualist.apps.operations",
    "allauth",
    "allauth.account",
    # Only for the files of the API's page, which would come from a foreign host otherwise.
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mutualist.apps.core.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mutualist.apps.core.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mutualist.apps.identity.middleware.PersonMiddleware",
    "mutualist.apps.core.middleware.ErrorMiddleware",
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
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

ROOT_URLCONF = "mutualist.project.urls"
WSGI_APPLICATION = "mutualist.project.wsgi.application"
DATABASES = {"default": database_from(os.environ.get("MUTUALIST_DATABASE_URL"), MUTUALIST_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_ADAPTER = "mutualist.apps.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "mutualist.apps.identity.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "core:home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True

LANGUAGE_CODE = "en"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
# Dates in English are European: 28 Nov 2026, never 11/28/2026.
FORMAT_MODULE_PATH = "mutualist.project.formats"
TIME_ZONE = os.environ.get("MUTUALIST_TIME_ZONE", "Europe/Berlin")

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
DEFAULT_FROM_EMAIL = os.environ.get("MUTUALIST_MAIL_FROM", "Mutualist <mutualist@localhost>")

SECURE = MUTUALIST_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
EMAIL_TIMEOUT = 10
CSRF_FAILURE_VIEW = "mutualist.apps.core.pages.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"links": {"()": "mutualist.apps.core.logs.HideLinks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["links"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("MUTUALIST_LOG", "WARNING")},
}
SECURE_HSTS_SECONDS = number("MUTUALIST_HSTS", 31_536_000, least=0) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("MUTUALIST_HSTS_SUBDOMAINS", default=True)
# Origins a form may lead to besides ours, such as identity providers.
FORM_TARGETS: list[str] = []
CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy(https=SECURE, form_targets=FORM_TARGETS)}
