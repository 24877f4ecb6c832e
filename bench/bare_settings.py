"""As little of Django as a view needs, on the same kind of database as Byline: what Byline is measured against."""

from config.settings import DATABASES, SECRET_KEY

__all__ = [
    "ALLOWED_HOSTS",
    "DATABASES",
    "DEFAULT_AUTO_FIELD",
    "INSTALLED_APPS",
    "MIDDLEWARE",
    "ROOT_URLCONF",
    "SECRET_KEY",
]

ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bench"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare_views"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
