import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('comments', '0001_initial'),
        ('comments', '0002_conversation'),
        ('comments', '0003_place_comments'),
        ('comments', '0004_places'),
        ('comments', '0005_count_by_path'),
        ('comments', '0006_put_off'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('blog', '0001_squashed_0005_conversations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('approve', 'approved'), ('remove', 'refused'), ('spam', 'marked as spam'), ('hold', 'put back into the queue'), ('ban', 'blocked the writer'), ('reply', 'answered'), ('keep', 'kept in spite of reports'), ('pin', 'pinned'), ('unpin', 'unpinned'), ('edit', 'edited'), ('withdraw', 'taken back by its author'), ('erase', 'erased by its author'), ('undo', 'undone')], max_length=8, verbose_name='what')),
                ('via', models.CharField(choices=[('queue', 'in the queue'), ('mail', 'from a mail'), ('admin', 'in the admin'), ('reader', 'on the private page')], default='queue', max_length=6, verbose_name='where')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_by', to='comments.action')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('address', 'mail address'), ('domain', 'domain'), ('network', 'network')], max_length=7, verbose_name='kind')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('shown', models.CharField(blank=True, max_length=254, verbose_name='what')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('expires_at', models.DateTimeField(blank=True, help_text='Empty: for good.', null=True, verbose_name='until')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='blocks', to='comments.action')),
            ],
            options={
                'verbose_name': 'block',
                'verbose_name_plural': 'blocks',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'digest'), name='block_once')],
            },
        ),
        migrations.CreateModel(
            name='Commenter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='first wrote')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('asked_at', models.DateTimeField(editable=False, null=True, verbose_name='last asked')),
                ('times_asked', models.PositiveIntegerField(default=0, editable=False, verbose_name='mails since')),
                ('muted_at', models.DateTimeField(editable=False, null=True, verbose_name='wants no mail since')),
            ],
            options={
                'verbose_name': 'commenter',
                'verbose_name_plural': 'commenters',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='commenter_email_once')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='blog.post')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replies', to='comments.comment')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('commenter', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to='comments.commenter')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('website', models.URLField(blank=True, max_length=300, verbose_name='website')),
                ('source', models.TextField(validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='comment')),
                ('rendered_html', models.TextField(editable=False)),
                ('renderer_version', models.PositiveIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('spam', 'spam'), ('removed', 'removed')], default='waiting', max_length=8, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='first shown')),
                ('edited_at', models.DateTimeField(editable=False, null=True, verbose_name='edited by its author')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back by its author')),
                ('pinned_at', models.DateTimeField(editable=False, null=True, verbose_name='pinned')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('path', models.CharField(editable=False, max_length=153)),
                ('thread', models.CharField(editable=False, max_length=17)),
                ('depth', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('answers', models.PositiveIntegerField(default=0, editable=False)),
                ('thumbs', models.PositiveIntegerField(default=0, editable=False, verbose_name='thumbs-up')),
                ('reports', models.PositiveIntegerField(default=0, editable=False, verbose_name='reports')),
                ('held_for', models.JSONField(blank=True, default=list, editable=False, verbose_name='held because')),
                ('score', models.FloatField(editable=False, null=True, verbose_name='spam score')),
                ('network', models.CharField(blank=True, editable=False, max_length=64)),
                ('text_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('last_action', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='comments.action')),
                ('learned', models.CharField(blank=True, choices=[('ham', 'as a good one'), ('spam', 'as spam')], editable=False, max_length=4)),
                ('to_learn', models.BooleanField(default=False, editable=False)),
                ('followers_told_at', models.DateTimeField(editable=False, null=True)),
                ('moderators_told_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['created_at', 'pk'],
                'permissions': [('moderate_comment', 'Can approve and refuse comments')],
                'indexes': [models.Index(condition=models.Q(('published_at__isnull', False)), fields=['post', 'path'], name='comment_in_thread'), models.Index(fields=['status', '-published_at', '-id'], name='comment_newest'), models.Index(fields=['status', 'created_at', 'id'], name='comment_by_status'), models.Index(condition=models.Q(('network', ''), _negated=True), fields=['network', 'status'], name='comment_by_network'), models.Index(condition=models.Q(('text_digest', ''), _negated=True), fields=['text_digest', 'status'], name='comment_by_text'), models.Index(fields=['commenter', 'status'], name='comment_by_commenter'), models.Index(condition=models.Q(('to_learn', True)), fields=['id'], name='comment_to_learn'), models.Index(condition=models.Q(('reports__gt', 0)), fields=['-reports', 'id'], name='comment_reported'), models.Index(condition=models.Q(('followers_told_at__isnull', True), ('status', 'approved')), fields=['status', 'published_at', 'id'], name='comment_followers_to_tell'), models.Index(condition=models.Q(('moderators_told_at__isnull', True), ('status', 'waiting')), fields=['status', 'created_at', 'id'], name='comment_moderators_to_tell')],
                'constraints': [models.UniqueConstraint(models.F('digest'), name='comment_posted_once'), models.UniqueConstraint(models.F('path'), name='comment_has_one_place'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='comment_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('status', 'removed'), _connector='OR'), name='comment_withdrawn_is_removed'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='comment_approved_is_published')],
            },
        ),
        migrations.CreateModel(
            name='ConversationMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent at')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('confirm', "asks whether an address is somebody's"), ('link', 'brings a commenter their link'), ('answer', 'tells of an answer'), ('held', 'tells a moderator of one comment'), ('digest', 'tells a moderator what waits')], max_length=7, verbose_name='kind')),
                ('commenter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='comments.commenter')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='conversation_mails', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='comments.comment')),
                ('period', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['pending', 'deferred', 'claimed'])), fields=['next_try_at'], name='conversation_mail_due')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'commenter', 'comment'), name='conversation_mail_once_a_reader'), models.UniqueConstraint(fields=('kind', 'user', 'comment'), name='conversation_mail_once_a_moderator'), models.UniqueConstraint(fields=('kind', 'user', 'period'), name='conversation_digest_once')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='comments.action')),
                ('comment_number', models.PositiveBigIntegerField(db_index=True, verbose_name='comment')),
                ('before', models.CharField(max_length=8)),
                ('after', models.CharField(max_length=8)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('action', 'comment_number'), name='decision_once_an_action')],
            },
        ),
        migrations.CreateModel(
            name='Filters',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_words', models.TextField(blank=True, help_text='One word or phrase a line. Upper and lower case alike.', verbose_name='words that hold a comment')),
                ('spam_words', models.TextField(blank=True, help_text='One a line. A comment with one of them is put aside as spam.', verbose_name='words that are spam')),
                ('patterns', models.TextField(blank=True, help_text='One regular expression a line.', verbose_name='patterns that hold a comment')),
                ('most_links', models.PositiveSmallIntegerField(default=2, help_text='A comment with more of them is held.', verbose_name='links that are not suspicious')),
                ('languages', models.CharField(blank=True, help_text='Such as: en, de. A comment that is clearly in another one is held. Empty: every language.', max_length=100, verbose_name='languages')),
                ('threshold', models.FloatField(default=0.95, help_text='From 0.5 to 1. What scores as much is put aside as spam.', validators=[django.core.validators.MinValueValidator(0.5), django.core.validators.MaxValueValidator(1)], verbose_name='spam from a score of')),
                ('learned_ham', models.PositiveIntegerField(default=0, editable=False)),
                ('learned_spam', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'filters',
                'verbose_name_plural': 'filters',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='filters_are_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commenter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='comments.commenter')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='blog.post')),
                ('scope', models.CharField(choices=[('replies', 'answers to me'), ('thread', 'every comment under this post')], default='replies', max_length=7, verbose_name='what about')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('commenter', 'post'), name='follow_once_a_post')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL)),
                ('pace', models.CharField(choices=[('now', 'at once, one mail a comment'), ('hourly', 'every hour, if something waits'), ('daily', 'every day, if something waits'), ('never', 'never')], default='hourly', max_length=6, verbose_name='mails about the queue')),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_rows', to='comments.comment')),
                ('reader', models.CharField(max_length=64)),
                ('reason', models.CharField(choices=[('spam', 'It is advertising or spam'), ('unkind', 'It attacks somebody'), ('private', 'It gives away something private'), ('illegal', 'It may be against the law'), ('other', 'Something else')], max_length=7, verbose_name='reason')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='report_once_a_reader')],
            },
        ),
        migrations.CreateModel(
            name='Thumb',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.comment')),
                ('reader', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='thumb_once_a_reader')],
            },
        ),
        migrations.CreateModel(
            name='WordCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=60, unique=True)),
                ('ham', models.PositiveIntegerField(default=0)),
                ('spam', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['word'],
            },
        ),
    ]
