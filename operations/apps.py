from django.apps import AppConfig
from django.contrib.admin import apps as admin


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from operations import checks  # noqa: F401  registers the checks
        from operations.page_cache.triggers import follow_migrations

        follow_migrations()


class DeskConfig(admin.AdminConfig):
    """Django's admin, with our front page."""

    default = False
    default_site = "operations.desk.Desk"
