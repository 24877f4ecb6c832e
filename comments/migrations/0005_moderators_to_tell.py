from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_places'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_moderators_to_tell',
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('moderators_told_at__isnull', True), ('status', 'waiting')), fields=['status', 'created_at', 'id'], name='comment_moderators_to_tell'),
        ),
    ]
