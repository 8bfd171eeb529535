"""How the pages run. Everything that differs between places comes from the environment; the defaults are the safe ones.

| variable | meaning | default |
|---|---|---|
| ISOCOURSE_HOME | the folder for the database, the secret key and files | `var` in the working folder |
| ISOCOURSE_DATABASE_URL | `postgresql://user:password@host:5432/name`; empty for SQLite in the home | empty |
| ISOCOURSE_DATABASE_WAIT | seconds that a writer waits for its turn (SQLite) | 20 |
| ISOCOURSE_HOSTS | the names the pages are served under, with commas | localhost, 127.0.0.1 |
| ISOCOURSE_INSECURE | `1` serves without TLS, for this machine alone (demonstration and tests) | off |
| ISOCOURSE_SECRET_KEY | the secret for signing; else a file in the home, made at the first start | made |
| ISOCOURSE_PROXIES | how many proxies stand before the pages; with 0 no header of a proxy is believed | 0 |
| ISOCOURSE_EMAIL_URL | `smtp://user:password@host:587` for messages; else they stay in the outbox | empty |
| ISOCOURSE_EMAIL_FROM | the address that messages come from | isocourse@ the first of the names |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent
HOME = Path(os.environ.get("ISOCOURSE_HOME", "var")).resolve()
INSECURE = os.environ.get("ISOCOURSE_INSECURE") == "1"


def _secret_key() -> str:
    """The key from the environment, or from a file that only its owner can read, made at the first start."""
    if key := os.environ.get("ISOCOURSE_SECRET_KEY"):
        return key
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process of the same start was first
    return path.read_text().strip()


def _database() -> dict[str, Any]:
    url = os.environ.get("ISOCOURSE_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "isocourse.sqlite3",
            "OPTIONS": {
                "timeout": float(os.environ.get("ISOCOURSE_DATABASE_WAIT", "20")),
                # A writer waits for its turn at the start, instead of failing in the middle.
                "transaction_mode": "IMMEDIATE",
                # FULL: what was acknowledged is on the disk, also when the power goes.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536;PRAGMA mmap_size=268435456;"
                # What is deleted (keys of photographs) is overwritten where that costs nothing.
                "PRAGMA secure_delete=FAST;",
            },
            "CONN_MAX_AGE": None,
        }
    from psycopg.conninfo import conninfo_to_dict

    try:
        known = conninfo_to_dict(url)
    except Exception:
        # The address holds a password: it is not repeated.
        raise ImproperlyConfigured(
            "ISOCOURSE_DATABASE_URL cannot be read. Write postgresql://user:password@host:5432/name"
        ) from None
    options = {name: value for name, value in known.items() if name in ("sslmode", "sslrootcert")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known.get("dbname", "isocourse"),
        "USER": known.get("user", ""),
        "PASSWORD": known.get("password", ""),
        "HOST": known.get("host", ""),
        "PORT": known.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("ISOCOURSE_HOSTS", "localhost,127.0.0.1").split(",") if host]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "isocourse.store",
    "isocourse.care",
    "isocourse.doors.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "isocourse.doors.web.middleware.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "isocourse.doors.web.middleware.ClinicMiddleware",
    "isocourse.doors.web.access.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "isocourse.doors.web.urls"
WSGI_APPLICATION = "isocourse.doors.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "isocourse.doors.web.context.clinic",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- who signs in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("worklist")
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "isocourse.doors.web.sign_in.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Beside axes: thirty wrong passwords or codes from one address, five for one account from anywhere. Counted in the
# memory of each process (CACHES), so several processes allow as many times more; axes counts in the database.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/15m/ip,5/5m/key"}
# So many that nobody can push another's count out by trying many names.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
PROXIES = int(os.environ.get("ISOCOURSE_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "isocourse.doors.web.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE
MFA_TOTP_ISSUER = "isocourse"
MFA_TOTP_TOLERANCE = 1  # half a minute before and after: telephones' clocks differ
# Five wrong passwords for one name from one address lock that name there for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "isocourse.doors.web.sign_in.typed_name"
AXES_CLIENT_IP_CALLABLE = "isocourse.doors.web.sign_in.client_address"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password"]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# --- sessions and headers -------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request; a shared desk is left quickly
SESSION_SAVE_EVERY_REQUEST = False  # gate.py writes it once a minute, which also measures idle time
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "isocourse.doors.web.trouble.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE
SECURE_SSL_REDIRECT = not INSECURE
SECURE_HSTS_SECONDS = 0 if INSECURE else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE
# Whoever reaches the server without a proxy can write this header: it counts only where a proxy writes it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # SizeMiddleware holds files to it as well
# Nothing that is sent is ever written to a temporary file: photographs touch the disk sealed, or not at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a long visit; care.visits has its own, smaller limit

# --- static files, languages, times ----------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English (UK)")), ("en-us", _("English (US)"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["isocourse.doors.web.formats"]

# --- messages and logs ------------------------------------------------------------------------------
_mail = urlsplit(os.environ.get("ISOCOURSE_EMAIL_URL", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.hostname
    else ("django.core.mail.backends.dummy.EmailBackend")
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
EMAIL_USE_TLS = bool(_mail.hostname)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    os.environ.get("ISOCOURSE_EMAIL_FROM") or f"isocourse@{(ALLOWED_HOSTS or ['localhost'])[0]}"
)
# No patient data in a log: an error is logged by its kind and place (trouble.PlainFormatter), never with the request.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "isocourse.doors.web.trouble.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
