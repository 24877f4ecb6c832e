from django.db import migrations

from operations.grants import grant

SENDS = [
    "subscribers.send_issue",
    "subscribers.view_issue",
]

ROLES = {
    "Editor": SENDS,
    "Publisher": [
        *SENDS,
        "subscribers.move_list",
        "subscribers.view_bounce",
    ],
}


class Migration(migrations.Migration):

    dependencies = [
        ("operations", "0004_put_off"),
        ("subscribers", "0002_the_list"),
    ]

    operations = [grant(ROLES)]
