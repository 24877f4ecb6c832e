from django.db import migrations

from operations.grants import grant

RULES = [
    "comments.add_block",
    "comments.change_block",
    "comments.change_filters",
    "comments.delete_block",
    "comments.view_block",
    "comments.view_filters",
]

ROLES = {
    "Moderator": RULES,
    "Publisher": RULES,
}


class Migration(migrations.Migration):

    dependencies = [
        ("comments", "0004_places"),
        ("operations", "0002_staff_mail"),
    ]

    operations = [grant(ROLES)]
