"""Who decides about comments, and who of them is to be told by mail."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from comments.models import NoticePreference

PERMISSION = "comments.moderate_comment"


def moderators() -> "QuerySet[User]":
    """Return the active staff who may moderate: by a role, by a permission of their own, or as superusers."""
    return ModelBackend().with_perm(PERMISSION).filter(is_staff=True)


def addressees() -> "QuerySet[User]":
    """Return the moderators whom a mail can reach, and who want any."""
    return moderators().exclude(email="").exclude(notice_preference__pace=NoticePreference.Pace.NEVER)


def paces() -> list[tuple[int, str]]:
    """Return the number of each of these people, and how often they want a mail. One query."""
    chosen = Coalesce(F("notice_preference__pace"), Value(NoticePreference.DEFAULT))
    return list(addressees().annotate(pace=chosen).values_list("pk", "pace"))
