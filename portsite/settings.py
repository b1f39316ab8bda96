"""Settings, driven by environment variables alone.

Every variable is optional on one machine; a malformed one stops the start with a sentence that
names it and says what it should look like. The README lists them.
"""

import ipaddress
import os
import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ports.languages import LANGUAGES as SITE_LANGUAGES

BASE_DIR = Path(__file__).resolve().parent.parent


def _env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _env_flag(name: str) -> bool:
    value = _env(name, "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; set it to 1 or 0, or leave it out.")


def _env_port(name: str, default: int) -> int:
    value = _env(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number from 1 to 65535.")
    return int(value)


def _env_url(name: str, default: str, *schemes: str) -> str:
    value = _env(name, default)
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is not a port number
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not an address: {error}.") from error
    if value and (parts.scheme not in schemes or not parts.hostname):
        raise ImproperlyConfigured(
            f"{name} must be an address that begins with one of "
            f"{', '.join(scheme + '://' for scheme in schemes)} and names a host."
        )
    return value


def _env_networks(name: str) -> list[str]:
    networks = []
    for item in _env(name).split(","):
        if item.strip():
            try:
                networks.append(str(ipaddress.ip_network(item.strip())))
            except ValueError as error:
                raise ImproperlyConfigured(
                    f"{name} holds {item.strip()!r}, which is neither an IP address nor a network "
                    f"such as 10.0.0.0/8: {error}."
                ) from error
    return networks


def _state_dir() -> Path:
    path = Path(_env("STATE_DIR", str(BASE_DIR / "var"))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"STATE_DIR is {path}, which cannot be made: {error.strerror}."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"STATE_DIR is {path}, which this user may not write to.")
    return path


def _secret_key(state_dir: Path, *, production: bool) -> str:
    """SECRET_KEY, or on one machine the key made on the first run and kept in the state folder."""
    if key := _env("SECRET_KEY"):
        if len(key) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters.")
        return key
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is required when PRODUCTION is set: at least 32 random characters, the "
            "same for every process."
        )
    path = state_dir / "secret_key"
    # Several processes may start at once: a key appears whole under its name, and only once.
    if not path.exists():
        draft = state_dir / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _database(state_dir: Path) -> dict[str, object]:
    url = _env("DATABASE_URL", f"sqlite:///{quote(str(state_dir / 'portsite.sqlite3'))}")
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// or sqlite:///; "
            f"it begins with {scheme[:20]!r}."
        )
    try:
        database: dict[str, object] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address such as postgresql://user:password@host/name."
        ) from error
    # Opening a connection costs more than the queries of a page.
    database["CONN_MAX_AGE"] = 60
    if not database["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /name.")
    if scheme == "sqlite":
        database["OPTIONS"] = {
            # Readers go on while one process writes; writers queue up to 20 seconds.
            # REPLACE fires the triggers of the row it deletes, so that append-only tables are.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA recursive_triggers=ON",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
    else:
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {"connect_timeout": 5, **dict(database.get("OPTIONS") or {})}  # type: ignore[call-overload]
    return database


PRODUCTION = _env_flag("PRODUCTION")
PORT = _env_port("PORT", 8000)
STATE_DIR = _state_dir()
SECRET_KEY = _secret_key(STATE_DIR, production=PRODUCTION)
SITE_URL = _env_url("SITE_URL", f"http://localhost:{PORT}", "https", "http").rstrip("/")
if urlsplit(SITE_URL).path or urlsplit(SITE_URL).query:
    raise ImproperlyConfigured("SITE_URL must end with the host (and port), without a path.")
ALLOWED_HOSTS = [host.strip() for host in _env("ALLOWED_HOSTS").split(",") if host.strip()] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    urlsplit(SITE_URL).hostname or "localhost",
]
for _host in ALLOWED_HOSTS:
    if "/" in _host or " " in _host:
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS holds {_host!r}; it takes host names, separated by commas."
        )
TRUSTED_PROXIES = _env_networks("TRUSTED_PROXIES")
"""Networks of the proxies whose X-Forwarded-* headers are believed."""

DEBUG = False
ROOT_URLCONF = "portsite.urls"
WSGI_APPLICATION = "portsite.wsgi.application"
AUTH_USER_MODEL = "ports.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "portsite",
    "feedback",
    "modeltranslation",
    "ports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "ports.web.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ports.admin.middleware.PreferredLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "portsite" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": _database(STATE_DIR)}
REDIS_URL = _env_url("REDIS_URL", "", "redis", "rediss")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A frozen Redis must not freeze the site.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Languages. Pages carry theirs in the address; see ports.web.middleware.
LANGUAGE_CODE = "en"
LANGUAGES = [(language.code, language.name) for language in SITE_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: hashed names that caches may keep for ever, collected into the state folder.
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
# A port's form with many questions and events, in several languages, has more than Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# A character of most scripts takes nine bytes in a form: half a dozen long articles are megabytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"  # readers never get a cookie
# Django's other storage sets a cookie for the whole site.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION and SITE_URL.startswith("https://") else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The registry.
REGISTRY_URL = _env_url(
    "REGISTRY_URL",
    "https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv",
    "https",
    "http",
)
REGISTRY_DOWNLOAD_SECONDS = 60
"""The whole download must end within this time."""
REGISTRY_DOWNLOAD_BYTES = 32 * 1024 * 1024
"""A download that is larger, once decoded, is given up."""

# Celery. Without a broker, messages lie as files in the state folder.
CELERY_BROKER_URL = _env_url("CELERY_BROKER_URL", "", "redis", "rediss", "amqp", "amqps")
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
if not CELERY_BROKER_URL:
    CELERY_BROKER_URL = "filesystem://"
    QUEUE_DIR = STATE_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
    # The folders have no broadcast: a worker that asked for it would poll in vain.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    for _folder in ("messages", "control"):
        (QUEUE_DIR / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BEAT_SCHEDULE = {
    "refresh the registry daily": {
        "task": "ports.tasks.refresh_registry",
        # IANA publishes at no fixed hour; an uneven minute keeps installations apart.
        "schedule": crontab(hour="3", minute="47"),
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Its INFO lines are a line per download with the whole address.
        "httpx": {"level": "WARNING"},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A reader's mistyped address is no news; a page that failed is.
        "django.request": {"level": "ERROR"},
    },
}
