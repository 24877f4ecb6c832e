"""Tallies are found by their key. Only a job of the night asks when their time began, and can walk them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_listings")]

    operations = [
        # By hand, since Django would write SQLite's table anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS blog_tally_starts_at_ff75cb7d",
                    "CREATE INDEX blog_tally_starts_at_ff75cb7d ON blog_tally (starts_at)",
                ),
            ],
            state_operations=[
                migrations.AlterField(model_name="tally", name="starts_at", field=models.DateTimeField()),
            ],
        ),
    ]
