from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.admin.one_row import OneRowAdmin
from blog.models import Publication


@admin.register(Publication)
class PublicationAdmin(OneRowAdmin[Publication]):
    fieldsets = [
        (None, {"fields": ["name", "description"]}),
        (
            _("Conversation"),
            {
                "fields": [
                    "comments_open",
                    "comments_held",
                    "comment_policy",
                    "comments_close_after",
                    "comments_pause",
                ],
                "description": _("A post can have rules of its own: they stand in its form, under Conversation."),
            },
        ),
        (_("Newsletter"), {"fields": ["postal_address"]}),
    ]
