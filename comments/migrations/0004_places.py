
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0005_conversations'),
        ('comments', '0003_place_comments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['post', 'path'], name='comment_in_thread'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('status', 'approved')), fields=['thread'], name='comment_of_thread'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['status', '-published_at', '-id'], name='comment_newest'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['status', 'created_at', 'id'], name='comment_by_status'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('network', ''), _negated=True), fields=['network', 'status'], name='comment_by_network'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('text_digest', ''), _negated=True), fields=['text_digest', 'status'], name='comment_by_text'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['commenter', 'status'], name='comment_by_commenter'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('to_learn', True)), fields=['id'], name='comment_to_learn'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('reports__gt', 0)), fields=['-reports', 'id'], name='comment_reported'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('followers_told_at__isnull', True), ('status', 'approved')), fields=['status', 'published_at', 'id'], name='comment_followers_to_tell'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('moderators_told_at__isnull', True), ('status', 'waiting')), fields=['status', 'created_at', 'id'], name='comment_moderators_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(models.F('path'), name='comment_has_one_place'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('status', 'removed'), _connector='OR'), name='comment_withdrawn_is_removed'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='comment_approved_is_published'),
        ),
    ]
