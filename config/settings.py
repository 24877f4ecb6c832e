"""Every setting of Byline, in one file. docs/settings.md explains the ones that an operator sets."""

from pathlib import Path

from django.urls import reverse_lazy

from config.environment import (
    Environment,
    akismet_key,
    at_least,
    database_url,
    inbound_address,
    is_local,
    kept_secret,
    mail_domain,
    mail_provider,
    mailbox_url,
    refuse_unsafe,
    site_address,
    task_backend,
    theme_folder,
    time_zone,
    webhook_secret,
)
from config.mail import dkim_key, mail_route, merged
from config.sqlite import use_safe_sqlite

use_safe_sqlite()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What an operator sets ---------------------------------------------------------------------------------------

env = Environment()
ENV_FILE = env.str("ENV_FILE", default=str(BASE_DIR / ".env"))
if ENV_FILE and Path(ENV_FILE).is_file():
    env.read_env(ENV_FILE)  # what the environment already has wins

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", default=8000)
WEB_WORKERS = at_least(1, "WEB_WORKERS", env.int("WEB_WORKERS", default=1 if DEBUG else 2))
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
TIME_ZONE = time_zone(env.str("TIME_ZONE", default="UTC"))
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
CDN_SECONDS = at_least(0, "CDN_SECONDS", env.int("CDN_SECONDS", default=0))
DEFAULT_THEME = "rose"
THEME = env.str("THEME", default=DEFAULT_THEME)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
OFFLINE_COPIES = env.bool("OFFLINE_COPIES", default=True)
NEWSLETTER_DELAY = at_least(0, "NEWSLETTER_DELAY", env.int("NEWSLETTER_DELAY", default=10))  # minutes
MAIL_CONNECTIONS = at_least(1, "MAIL_CONNECTIONS", env.int("MAIL_CONNECTIONS", default=2))
MAIL_PER_HOUR = at_least(0, "MAIL_PER_HOUR", env.int("MAIL_PER_HOUR", default=0))
MAIL_PER_DOMAIN_PER_HOUR = at_least(0, "MAIL_PER_DOMAIN_PER_HOUR", env.int("MAIL_PER_DOMAIN_PER_HOUR", default=0))
DATABASE_URL = database_url(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'byline.sqlite3'}"))
CACHE_URL = env.str("CACHE_URL", default="locmemcache://")
TASKS_URL = env.str("TASKS_URL", default="database")
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_FALLBACK_URL = env.str("EMAIL_FALLBACK_URL", default="")
DKIM_KEY_FILE = env.str("DKIM_KEY_FILE", default="")
DKIM_SELECTOR = env.str("DKIM_SELECTOR", default="")
AKISMET_KEY = akismet_key(env.str("AKISMET_KEY", default="").strip())

SITE = site_address(SITE_URL)
refuse_unsafe(debug=DEBUG, site=SITE, secret_key=SECRET_KEY)
HTTPS = SITE.scheme == "https"
LOCAL = is_local(SITE.hostname or "")
MAIL_DOMAIN = mail_domain(SITE.hostname or "")
THEME_DIR = theme_folder(THEME, [DATA_DIR / "themes", BASE_DIR / "themes"])

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"byline@{MAIL_DOMAIN}")
REPLY_TO = env.str("REPLY_TO", default="")
INBOUND_ADDRESS = inbound_address(env.str("INBOUND_ADDRESS", default="").strip())
MAILBOX_URL = mailbox_url(env.str("MAILBOX_URL", default="").strip(), INBOUND_ADDRESS)
MAIL_PROVIDER = mail_provider(EMAIL_URL)
WEBHOOK_SECRET = webhook_secret(env.str("WEBHOOK_SECRET", default="").strip())

# --- What follows from it ----------------------------------------------------------------------------------------

SERVER_EMAIL = DEFAULT_FROM_EMAIL
ALLOWED_HOSTS = [SITE.hostname, "127.0.0.1", "localhost", "[::1]"] if LOCAL else [SITE.hostname]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "config.sqlite"
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # Django's own choice, which pytest-django knows by the engine
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins, so that it never fails half way for want of it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,  # seconds to wait for that lock
        # FULL: what was answered for stays, after a power cut too. A mail marked as sent must never be forgotten.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; "
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # one open file per thread, for as long as it lives
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600  # seconds
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache_url_config(CACHE_URL),
    "own": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"},  # accounts/throttle.py
}

TASKS = {"default": task_backend(TASKS_URL)}

first_route = mail_route(EMAIL_URL) if EMAIL_URL else None
EMAIL_BACKEND = first_route.backend if first_route else "operations.outbox.OutboxBackend"
if first_route and first_route.options:
    EMAIL_HOST = first_route.options["host"]
    EMAIL_PORT = first_route.options["port"]
    EMAIL_HOST_USER = first_route.options["username"]
    EMAIL_HOST_PASSWORD = first_route.options["password"]
    EMAIL_USE_TLS = first_route.options["use_tls"]
    EMAIL_USE_SSL = first_route.options["use_ssl"]
    EMAIL_TIMEOUT = first_route.options["timeout"]
EMAIL_FALLBACK = mail_route(EMAIL_FALLBACK_URL, "EMAIL_FALLBACK_URL") if EMAIL_FALLBACK_URL else None
ANYMAIL = {**merged(first_route, EMAIL_FALLBACK), "WEBHOOK_SECRET": WEBHOOK_SECRET}
DKIM_KEY = dkim_key(DKIM_KEY_FILE, DKIM_SELECTOR)

INSTALLED_APPS = [
    "operations",
    "comments",
    "subscribers",
    "blog",
    "accounts",
    "crispy_forms",
    "django_tasks",
    "django_tasks_db",
    "markdownx",
    "simple_history",
    "operations.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "blog.middleware.trust_proxies",
    "django.middleware.security.SecurityMiddleware",
    "blog.middleware.add_security_headers",
    "blog.middleware.keep_staff_pages_private",
    "blog.middleware.AnswerUnavailable",
    "blog.middleware.refuse_cut_forms",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "blog.middleware.KeepSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blog.middleware.give_words_back",
    "simple_history.middleware.HistoryRequestMiddleware",  # who is named in a revision
]

if TASKS_URL != "database":
    INSTALLED_APPS.append("django_rq")
    RQ_QUEUES = {"default": {"URL": TASKS_URL}}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.uncached"  # runserver's; `serve` has the page cache in front

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [THEME_DIR / "templates", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context.publication",
                "operations.context.outbox",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["byline"]
CRISPY_TEMPLATE_PACK = "byline"
CRISPY_FAIL_SILENTLY = False

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"

# django-markdownx's field asks these views of ours; its own are never mounted (docs/decisions/0006).
MARKDOWNX_URLS_PATH = reverse_lazy("editor_preview")
MARKDOWNX_UPLOAD_URLS_PATH = reverse_lazy("editor_upload")
MARKDOWNX_MARKDOWNIFY_FUNCTION = "blog.desk.to_html"

USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "blog.themes.ThemeFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers ask for at the top of a site: /favicon.ico
if not DEBUG:
    WHITENOISE_MAX_AGE = 24 * 3600  # seconds for a file whose name stays when it changes
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
OUTBOX_DIR = DATA_DIR / "outbox"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Two publications on one machine share the host name and so the cookie jar; their sessions get a name each.
SESSION_COOKIE_NAME = f"sessionid-{SITE.port or PORT}" if LOCAL else "sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_FAILURE_VIEW = "blog.views.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by supervisors on the machine itself
SILENCED_SYSTEM_CHECKS = [
    # HSTS for every subdomain, and for ever in browsers' own lists, is not this application's to decide: the
    # publication is often one host of a domain whose other hosts it knows nothing of.
    "security.W005",
    "security.W021",
]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes; a post has at most 200,000 characters

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hide_tokens": {"()": "operations.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
