from django.db import migrations, models

from operations.page_cache import triggers


def lift(apps, schema_editor):
    """Whoever takes the table away, by whatever way, takes the triggers that write to it away before."""
    triggers.lift(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0005_list_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.CharField(max_length=36)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='page_stamp_is_one_row')],
            },
        ),
        # The triggers come with the end of `manage.py migrate` (operations/page_cache/triggers.py).
        migrations.RunPython(migrations.RunPython.noop, lift),
    ]
