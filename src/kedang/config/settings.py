"""Django settings. What an installation may change is declared through `setting()`; the rest is fixed."""

from __future__ import annotations

import os
from pathlib import Path

from kedang.config.env import DECLARED, active, database, flag, mail, scanner, setting, text, words
from kedang.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parent.parent

KEDANG_HOME = setting(
    "KEDANG_HOME",
    "./kedang-home",
    "database, files, keys and backups of this installation",
    lambda raw: Path(raw).expanduser().resolve(),
)
KEDANG_DATABASE_URL = setting(
    "KEDANG_DATABASE_URL", "", "postgresql://… ; empty: SQLite in the home", text, secret=True
)
KEDANG_DATABASE_OWNER_URL = setting(
    "KEDANG_DATABASE_OWNER_URL", "", "PostgreSQL role that owns the tables, for migrations only", text, secret=True
)
DEBUG = False
ALLOWED_HOSTS = setting("KEDANG_ALLOWED_HOSTS", "127.0.0.1 localhost [::1]", "host names this site answers to", words)
CSRF_TRUSTED_ORIGINS = setting("KEDANG_TRUSTED_ORIGINS", "", "https origins behind a proxy", words)
HTTPS = setting("KEDANG_HTTPS", "no", "the site is served over https: secure cookies, HSTS", flag)
IDLE_MINUTES = setting("KEDANG_IDLE_MINUTES", "30", "minutes without a request after which a person is signed out", int)
CIPHER = setting("KEDANG_CIPHER", "aes-256-gcm", "cipher of new values: aes-256-gcm or sm4-gcm", text)
LEDGER_HASH = setting("KEDANG_LEDGER_HASH", "sha256", "hash of new ledger blocks: sha256 or sm3", text)
SITE_URL = setting("KEDANG_SITE_URL", "", "https://… of this site, for links in notices that are sent out", text)
MAIL = setting("KEDANG_MAIL", "off", "notices by mail: off, console (only written to the log) or smtp", mail)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL == 'smtp' else 'console'}.EmailBackend"
EMAIL_HOST = setting("KEDANG_MAIL_HOST", "localhost", "mail server", text)
EMAIL_PORT = setting("KEDANG_MAIL_PORT", "25", "port of the mail server", int)
EMAIL_HOST_USER = setting("KEDANG_MAIL_USER", "", "account on the mail server", text)
EMAIL_HOST_PASSWORD = setting("KEDANG_MAIL_PASSWORD", "", "its password", text, secret=True)
EMAIL_USE_TLS = setting("KEDANG_MAIL_STARTTLS", "no", "the mail server wants STARTTLS", flag)
EMAIL_USE_SSL = setting("KEDANG_MAIL_TLS", "no", "the mail server speaks TLS from the first byte", flag)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = setting("KEDANG_MAIL_FROM", "kedang@localhost", "sender of notices by mail", text)
APPRISE_SCHEMAS = setting(
    "KEDANG_APPRISE_SCHEMAS", "dingtalk wecombot feishu", "services Apprise may send notices to; empty: none", words
)
UPLOAD_MAX_MB = setting("KEDANG_UPLOAD_MAX_MB", "512", "largest file taken in, in MiB", int)
UPLOAD_ACTIVE = setting(
    "KEDANG_UPLOAD_ACTIVE",
    "refuse",
    "office files with macros brought to a dossier: refuse, or keep (never shown, only handed out as they are)",
    active,
)
SCAN = setting(
    "KEDANG_SCAN", "", "virus scanner: clamd:///socket, clamd://host:port or command: program; empty: none", scanner
)
SCAN_SECONDS = setting("KEDANG_SCAN_SECONDS", "60", "seconds the virus scanner may take for one file", int)
FONTS = PACKAGE / "governance" / "documents" / "fonts"

DATABASES = database(KEDANG_DATABASE_URL, KEDANG_HOME)
OWNER_DATABASES = database(KEDANG_DATABASE_OWNER_URL or KEDANG_DATABASE_URL, KEDANG_HOME)
SETTINGS_DECLARED = DECLARED
DATABASE_ROUTERS = ["kedang.config.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = secret_key(KEDANG_HOME)
AUTH_USER_MODEL = "people.Staff"
ROOT_URLCONF = "kedang.config.urls"
WSGI_APPLICATION = "kedang.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "kedang.vault",
    "kedang.ledger",
    "kedang.packs",
    "kedang.people",
    "kedang.messages",
    "kedang.files",
    "kedang.search",
    "kedang.customers",
    "kedang.intake",
    "kedang.governance",
    "kedang.api",
    "kedang.web",
    "kedang.cli",
]

MIDDLEWARE = [
    "kedang.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kedang.web.middleware.IdleSignOut",
    "kedang.web.middleware.SignInRequired",
    "kedang.web.middleware.ActorOfRequest",
    "kedang.web.middleware.RefusedToAnswer",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kedang.web.environment.environment",
            "extensions": ["jinja2.ext.i18n"],
            "context_processors": ["django.contrib.messages.context_processors.messages"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package itself; nothing is collected
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 24 * 3600  # pages name each file with the digest of its content

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["kedang.people.signin.StaffBackend"]
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # staff sign in by name; their mail address is no credential
ACCOUNT_ADAPTER = "kedang.web.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/15m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = setting(
    "KEDANG_TRUSTED_PROXIES", "0", "proxies of yours in front of the site, for the address a sign-in came from", int
)
CSRF_FAILURE_VIEW = "kedang.web.views.errors.csrf_failure"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kedang_cache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "kedang.config.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("KEDANG_LOG_LEVEL", "WARNING")},
}
