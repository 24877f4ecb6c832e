"""Indexes of what few comments have hold those few, and no index says what the first column of another says."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHOLE = {
    "parent_id": "comments_comment_parent_id_3e0802fb",
    "user_id": "comments_comment_user_id_a1db4881",
    "commenter_id": "comments_comment_commenter_id_ea13f223",
    "decided_by_id": "comments_comment_decided_by_id_8e9a257e",
    "last_action_id": "comments_comment_last_action_id_af1d445b",
}


def foreign_key(to, **options):
    return models.ForeignKey(to, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, **options)


FIELDS = {
    "parent": foreign_key("comments.comment", blank=True, related_name="replies"),
    "user": foreign_key(settings.AUTH_USER_MODEL, blank=True, related_name="comments"),
    "commenter": foreign_key("comments.commenter", editable=False, related_name="comments"),
    "decided_by": foreign_key(settings.AUTH_USER_MODEL, editable=False, related_name="+"),
    "last_action": foreign_key("comments.action", editable=False, related_name="+"),
}


def index(field, name):
    return models.Index(fields=[field], name=name, condition=models.Q((f"{field}__isnull", False)))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0007_reported"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex("comment", index("parent", "comment_by_parent")),
        migrations.AddIndex("comment", index("user", "comment_by_user")),
        migrations.AddIndex("comment", index("decided_by", "comment_by_decider")),
        migrations.AddIndex("comment", index("last_action", "comment_by_action")),
        # By hand, since Django would write SQLite's table anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON comments_comment ({column})"
                )
                for column, name in WHOLE.items()
            ],
            state_operations=[migrations.AlterField("comment", name, field) for name, field in FIELDS.items()],
        ),
    ]
