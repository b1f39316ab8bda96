"""Settings, driven by environment variables alone.

Every variable is optional on one machine; a malformed one stops the start with a sentence that
names it and says what it should look like. The README lists them.
"""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ports.languages import LANGUAGES as SITE_LANGUAGES
from portsite import environment

BASE_DIR = Path(__file__).resolve().parent.parent


PRODUCTION = environment.flag("PRODUCTION")
PORT = environment.number("PORT", 8000, most=65535)
STATE_DIR = environment.folder("STATE_DIR", BASE_DIR / "var")
"""The folder where everything is kept that is made by running."""
SECRET_KEY = environment.secret_key(STATE_DIR, production=PRODUCTION)
SITE_URL = environment.url("SITE_URL", f"http://localhost:{PORT}", "https", "http").rstrip("/")
if urlsplit(SITE_URL).path or urlsplit(SITE_URL).query:
    raise ImproperlyConfigured("SITE_URL must end with the host (and port), without a path.")
ALLOWED_HOSTS = [
    host.strip() for host in environment.text("ALLOWED_HOSTS").split(",") if host.strip()
] or [
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
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
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
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "ports.api.validators.NotModifiedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "ports.web.middleware.LanguageMiddleware",
    "ports.admin.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ports.admin.middleware.AuthenticationMiddleware",
    "ports.admin.middleware.PreferredLanguageMiddleware",
    "ports.admin.middleware.MessageMiddleware",
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

DATABASES = {"default": environment.database(STATE_DIR)}
REDIS_URL = environment.url("REDIS_URL", "", "redis", "rediss")
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
LOGIN_URL = "admin:login"
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
REGISTRY_URL = environment.url(
    "REGISTRY_URL",
    "https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv",
    "https",
    "http",
)
_registry_hosts = [urlsplit(REGISTRY_URL).hostname or ""]
REGISTRY_ALLOWED_HOSTS = environment.hosts("REGISTRY_ALLOWED_HOSTS") or _registry_hosts
"""Where the registry's address may redirect to, by https."""
REGISTRY_PRIVATE_HOSTS = environment.hosts("REGISTRY_ALLOWED_HOSTS")
REGISTRY_PRIVATE_HOSTS += _registry_hosts if environment.text("REGISTRY_URL") else []
"""Those which may have a private address: the environment names them, so that no one else did."""
REGISTRY_DOWNLOAD_SECONDS = environment.number("REGISTRY_DOWNLOAD_SECONDS", 60, most=600)
"""The whole download must end within this time."""
REGISTRY_DOWNLOAD_BYTES = 32 * 1024 * 1024
"""A download that is larger, once decoded, is given up."""
REGISTRY_REFRESH_AT = environment.time_of_day("REGISTRY_REFRESH_AT", "03:47")
"""When the registry is refreshed each day, in UTC."""
REGISTRY_REFRESH_JITTER_SECONDS = (
    environment.number("REGISTRY_REFRESH_JITTER", 60, least=0, most=1439) * 60
)
"""How much later at most, chosen anew each day: not everyone should ask IANA at once."""
REGISTRY_LEASE_SECONDS = environment.number("REGISTRY_LEASE", 120, least=2, most=3600)
"""When a worker that refreshes has not been heard of for so long, another takes its run up."""
REGISTRY_LOOK_SECONDS = environment.number("REGISTRY_LOOK", 5, most=3600)
"""How often a worker looks for refreshes to do, beside the messages that tell it to, and for
editions that are due to go live or to end."""
REGISTRY_REFUSED_DAYS = 30
"""How long a refused file is kept, for somebody to accept it."""

# The sources of published texts.
LINK_CHECKS = environment.flag("LINK_CHECKS", default=PRODUCTION)
"""Whether their addresses are looked up: a laptop is often offline, and asks nobody unbidden."""
LINK_CHECKS_PRIVATE_HOSTS = environment.hosts("LINK_CHECKS_PRIVATE_HOSTS")
"""Hosts with private addresses that sources may lie on; others are never asked."""

# The API.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "ports.api.problems.answer",
    # `?format=` is a parameter like any other: unknown.
    "URL_FORMAT_OVERRIDE": None,
}

API_REQUESTS_PER_MINUTE = environment.number(
    "API_REQUESTS_PER_MINUTE", 600, least=0, most=1_000_000
)
"""How often one address may ask within a minute; 0 for as often as it likes."""

# Whole-set downloads.
DUMPS_DIR = environment.folder("DUMPS_DIR", STATE_DIR / "dumps")
"""Where they lie: on several machines, a folder that web processes and workers share."""
_minutes = 60 * REGISTRY_REFRESH_AT[0] + REGISTRY_REFRESH_AT[1]
_minutes += REGISTRY_REFRESH_JITTER_SECONDS // 60 + 20  # when the refresh has ended at the latest
DUMPS_AT = (_minutes // 60 % 24, _minutes % 60)
"""When they are made each day, in UTC."""

# Readers' votes.
VOTER_KEY_URL = environment.url("VOTER_KEY_URL", "", "redis", "rediss")
"""A Redis that writes nothing to its disk, for a site on several machines: it holds the key of the
day with which votes are told apart, and counts what addresses ask of the API. Without one, the key
lies in this machine's shared memory, and each machine counts alone."""

# E-mail: without a server none is sent, and nothing is kept to be sent.
# Only a worker ever waits for the server.
MAILERS = environment.mailers("EMAIL_URL", seconds=10)
SILENCED_SYSTEM_CHECKS = ["mail.W001"]  # that there is no mail server, which is as it may be
DEFAULT_FROM_EMAIL = environment.mail_address("EMAIL_FROM", required_by="EMAIL_URL")
DIGEST_AT = environment.time_of_day("DIGEST_AT", "06:00")
"""When people are told once a day what waits for them, in UTC."""

# Celery. Without a broker, messages lie as files in the state folder.
CELERY_BROKER_URL = environment.url("CELERY_BROKER_URL", "", "redis", "rediss", "amqp", "amqps")
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
_A_MINUTE = 60
CELERY_BEAT_SCHEDULE = {
    "ask for a refresh of the registry daily": {
        "task": "ports.tasks.ask_for_refresh",
        "schedule": crontab(hour=str(REGISTRY_REFRESH_AT[0]), minute=str(REGISTRY_REFRESH_AT[1])),
    },
    "make the downloads nightly": {
        "task": "ports.tasks.make_dumps",
        "schedule": crontab(hour=str(DUMPS_AT[0]), minute=str(DUMPS_AT[1])),
    },
    "send e-mail": {
        "task": "ports.tasks.send_mail",
        "schedule": _A_MINUTE,
        # No heap of messages for a worker that was away: the next one says the same.
        "options": {"expires": _A_MINUTE},
    },
    "forget what is old": {
        "task": "ports.tasks.forget_old",
        "schedule": crontab(hour="4", minute="20"),
    },
    "count the votes that are new": {
        "task": "feedback.tasks.count_votes",
        "schedule": _A_MINUTE,
        "options": {"expires": _A_MINUTE},
    },
    "tell editors of pages that readers are not satisfied with": {
        "task": "feedback.tasks.watch_pages",
        "schedule": crontab(minute="41"),
    },
    "have the pages say how useful they are": {
        "task": "feedback.tasks.publish_tallies",
        "schedule": crontab(hour="0", minute="10"),
    },
    "forget readers' comments that are old": {
        "task": "feedback.tasks.forget_old",
        "schedule": crontab(hour="4", minute="25"),
    },
}
if LINK_CHECKS:
    CELERY_BEAT_SCHEDULE["look up some of the sources hourly"] = {
        "task": "ports.tasks.check_source_links",
        "schedule": crontab(minute="23"),
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
