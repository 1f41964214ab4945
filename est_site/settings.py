"""Settings, all from the environment; `.env.example` documents each. Reading them starts no service."""

import importlib.resources
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("EST_VAR", str(BASE_DIR / "var")))

# --- what this installation is -----------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("EST_DEMO", False)  # plain http on this machine, mail to files
HTTPS = env.bool("EST_HTTPS", not DEMO)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
BASE_URL = env.str("EST_BASE_URL", "http://localhost:8000")  # links in mail
VERSION = "0.1.0"
TILE_URL = env.str("EST_TILE_URL", "")  # "" or what holds {z}, {x} and {y}
TILE_CREDIT = env.str("EST_TILE_CREDIT", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "template_partials",
    "est_site",
    "est_site.partners",
    "incidents",
    "situation",
    "interventions",
    "reviews",
]

MIDDLEWARE = [
    "est_site.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "est_site.requests.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "est_site.requests.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "est_site.requests.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

FORM_RENDERER = "est_site.forms.EstRenderer"
ROOT_URLCONF = "est_site.urls"
WSGI_APPLICATION = "est_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "est_site.pages.shell",
                "est_site.partners.doors.shown",
            ],
        },
    }
]

# --- data ----------------------------------------------------------------------------------------
# DATABASE_URL is the application's role: it owns nothing. Migrations run with DATABASE_OWNER_URL.
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(env.str("DATABASE_URL", "postgresql://est_app@/est"))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"]["connect_timeout"] = 3
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = None
if env.bool("EST_DB_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": env.int("EST_DB_POOL_MIN", 2),
        "max_size": env.int("EST_DB_POOL_MAX", 8),
        "timeout": 5,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("EST_DB_CONN_MAX_AGE", 60)

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
REDIS_TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}
CACHES = {
    "default": {
        "BACKEND": "est_site.cache.ForgivingRedisCache",  # a broker that is gone must not stop a report
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_TIMEOUTS,
        "KEY_PREFIX": "est",
    }
}

# --- background work -----------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that is away for a night finds worker and beat still waiting
CELERY_BROKER_TRANSPORT_OPTIONS = {**REDIS_TIMEOUTS, "visibility_timeout": 1800}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = env.int("EST_JOB_SOFT_LIMIT_SECONDS", 90)
CELERY_TASK_TIME_LIMIT = env.int("EST_JOB_HARD_LIMIT_SECONDS", 120)
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"  # the tick is UTC; local times are computed in periods.py
JOB_TICK = timedelta(seconds=env.int("EST_TICK_SECONDS", 60))
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "est_site.tick", "schedule": JOB_TICK.total_seconds(), "options": {"expires": 55}}
}
JOB_LEASE = timedelta(seconds=env.int("EST_JOB_LEASE_SECONDS", 180))
JOB_BACKOFF = timedelta(seconds=env.int("EST_JOB_BACKOFF_SECONDS", 30))  # doubled each time
JOB_BACKOFF_MAX = timedelta(seconds=env.int("EST_JOB_BACKOFF_MAX_SECONDS", 3600))
JOB_ATTEMPTS = 10

# --- people and sessions -------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "door"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation; there is no sign-up
ACCOUNT_ADAPTER = "est_site.partners.sign_in.ClosedAccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail from us for an address that somebody else typed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "est_site.partners.sign_in.SignInForm",
    "reset_password": "est_site.partners.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "est_site.partners.sign_in.ChoosePasswordForm",
}
ACCOUNT_SESSION_REMEMBER = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-est" if HTTPS else "est"
CSRF_COOKIE_NAME = "__Host-est-csrf" if HTTPS else "est-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "est_site.pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- walls on the wire ---------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^-/(live|ready)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("EST_BEHIND_PROXY", False)  # only behind a proxy that strips the header from clients
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else attempts to sign in are counted for everybody together
HEALTH_FROM: list[str] = env.list(  # whom /-/live and /-/ready answer; the others get 404
    "EST_HEALTH_FROM",
    ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": ["/-/csp"],
    }
}
# What one request may bring; files are not counted in the bytes, each form says how large its own may be.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_500  # a table of 200 rows with the guard's questions
DATA_UPLOAD_MAX_NUMBER_FILES = 3
API_A_MINUTE = env.int("EST_API_A_MINUTE", 60)  # requests of one partner's system
REPORTS_A_MINUTE = env.int("EST_REPORTS_A_MINUTE", 60)  # observations of one person

# --- language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "est-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_AGE = 365 * 86400
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["est_site.formats"]

# --- files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts", str(importlib.resources.files("fontpkg_atkinson_hyperlegible") / "files")),
]
MEDIA_ROOT = Path(env.str("EST_MEDIA_ROOT", str(VAR / "media")))  # never served by URL; views hand files out
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("EST_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}

# --- mail ----------------------------------------------------------------------------------------
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "EST <est@localhost>")
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
else:
    EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
    EMAIL_PORT = env.int("EMAIL_PORT", 25)
    EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)

# --- logs: one JSON line per event, configured in est_site.logs -----------------------------------
LOGGING_CONFIG = "est_site.logs.configure"
LOGGING = {"level": env.str("LOG_LEVEL", "INFO")}
