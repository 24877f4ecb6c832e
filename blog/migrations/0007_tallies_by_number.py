"""A tally is found by one number instead of by a digest and a moment: half as much to store for each that is counted."""

import datetime

from django.db import migrations, models

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
AT_ONCE = 2000


def take_over(apps, schema_editor):
    """Go on counting, so that nobody may do anew what was done before the upgrade; as blog.limits.tallies_of does."""
    Former, Tally = apps.get_model("blog", "FormerTally"), apps.get_model("blog", "Tally")
    tallies = (
        Tally(
            number=int(former.key[:15], 16) ^ (former.starts_at - EPOCH) // MICROSECOND,
            starts_at=former.starts_at,
            count=former.count,
        )
        for former in Former.objects.iterator()
    )
    Tally.objects.bulk_create(tallies, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_listings")]

    operations = [
        migrations.RenameModel("Tally", "FormerTally"),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel("FormerTally"),
    ]
