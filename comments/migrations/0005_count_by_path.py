from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_places'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_of_thread',
        ),
    ]
