import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('subscribers', '0001_initial'),
        ('subscribers', '0002_the_list'),
        ('subscribers', '0003_the_desk'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('blog', '0001_squashed_0005_conversations'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('text', models.TextField()),
                ('first_shown_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('post', 'a post'), ('letter', 'a letter'), ('digest', 'a digest'), ('welcome', 'a welcome')], default='post', max_length=8, verbose_name='kind')),
                ('post', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='issue', to='blog.post', verbose_name='post')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('source', models.TextField(blank=True, verbose_name='text')),
                ('rendered_html', models.TextField(blank=True, editable=False)),
                ('renderer_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('made_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cadence', models.CharField(blank=True, choices=[('each', 'each post at once'), ('daily', 'once a day'), ('weekly', 'once a week'), ('monthly', 'once a month')], editable=False, max_length=8)),
                ('period_start', models.DateTimeField(editable=False, null=True)),
                ('period_end', models.DateTimeField(editable=False, null=True)),
                ('state', models.CharField(choices=[('draft', 'being written'), ('waiting', 'waiting'), ('sending', 'being sent'), ('paused', 'paused'), ('sent', 'sent'), ('stopped', 'stopped')], default='waiting', max_length=8, verbose_name='state')),
                ('send_at', models.DateTimeField(verbose_name='goes out')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(editable=False, null=True, verbose_name='started')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended')),
                ('audience', models.PositiveIntegerField(default=0, editable=False, verbose_name='audience')),
                ('why_paused', models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it is paused')),
                ('rests_until', models.DateTimeField(editable=False, null=True)),
                ('rests', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('fallback', models.BooleanField(default=False, editable=False, verbose_name='by the second route')),
                ('preflight', models.JSONField(default=list, editable=False)),
                ('checked_at', models.DateTimeField(editable=False, null=True)),
                ('override_reason', models.CharField(blank=True, max_length=500, verbose_name='why it goes out in spite of that')),
                ('posts', models.ManyToManyField(blank=True, related_name='digests', to='blog.post')),
            ],
            options={
                'verbose_name': 'issue',
                'verbose_name_plural': 'issues',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('send_issue', 'Can write letters, and stop and resume what is mailed')],
                'indexes': [models.Index(fields=['state', 'send_at'], name='issue_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'digest')), fields=('cadence', 'period_start'), name='issue_digest_once'), models.UniqueConstraint(condition=models.Q(('kind', 'welcome')), fields=('kind',), name='issue_welcome_is_one'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'digest'), _negated=True), models.Q(('period_end__isnull', False), ('period_start__isnull', False), models.Q(('cadence', ''), _negated=True)), _connector='OR'), name='issue_digest_has_period')],
            },
        ),
        migrations.CreateModel(
            name='Leaving',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, choices=[('many', 'Too many mails'), ('subject', 'It is not for me any more'), ('unasked', 'I never asked for it'), ('elsewhere', 'I read it elsewhere'), ('other', 'Something else')], max_length=9)),
                ('words', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='ListSize',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False)),
                ('active', models.PositiveIntegerField()),
                ('pending', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='MailVisits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='subscribers.issue')),
                ('date', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issue', 'date'), name='visits_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('status', models.CharField(choices=[('pending', 'asked, not confirmed yet'), ('active', 'on the list'), ('unsubscribed', 'left'), ('suppressed', 'never to be mailed')], default='pending', max_length=12, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='first asked')),
                ('asked_at', models.DateTimeField(editable=False, null=True, verbose_name='last asked')),
                ('times_asked', models.PositiveIntegerField(default=0, editable=False, verbose_name='mails since')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('left_at', models.DateTimeField(editable=False, null=True, verbose_name='left')),
                ('cadence', models.CharField(choices=[('each', 'each post at once'), ('daily', 'once a day'), ('weekly', 'once a week'), ('monthly', 'once a month')], default='each', max_length=8, verbose_name='how often')),
                ('chosen_only', models.BooleanField(default=False, verbose_name='only chosen tags and authors')),
                ('plain_text', models.BooleanField(default=False, verbose_name='mails as plain text')),
                ('paused_until', models.DateTimeField(blank=True, null=True, verbose_name='paused until')),
                ('new_email', models.EmailField(blank=True, max_length=254, verbose_name='new address')),
                ('bounce_score', models.DecimalField(decimal_places=1, default=0, editable=False, max_digits=4, verbose_name='bounce score')),
                ('bounced_on', models.DateField(editable=False, null=True, verbose_name='last bounce')),
                ('tags', models.ManyToManyField(blank=True, related_name='+', to='blog.tag', verbose_name='tags')),
                ('authors', models.ManyToManyField(blank=True, related_name='+', to='blog.author', verbose_name='authors')),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('move_list', 'Can bring in and take out the whole list')],
                'indexes': [models.Index(fields=['status', 'id'], name='subscriber_by_status')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='subscriber_email_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='subscriber_active_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='subscribers.subscriber')),
                ('kind', models.CharField(choices=[('asked', 'asked for'), ('confirmed', 'confirmed'), ('changed', 'changed what they want'), ('moved', 'changed the address'), ('left', 'left'), ('suppressed', 'not to be mailed again'), ('lifted', 'may be mailed again'), ('imported', 'brought along from another list')], max_length=10, verbose_name='what')),
                ('place', models.CharField(choices=[('page', 'the page for subscribing'), ('post', 'the form under a post'), ('footer', 'the form at the foot of a page'), ('comment', 'the form for comments'), ('mail', "a mail to the list's address"), ('link', 'a page whose link was mailed'), ('one-click', "the mail program's own button"), ('server', "a mail server's answer or report"), ('import', 'an import'), ('staff', 'somebody on the staff')], max_length=10, verbose_name='where')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscribers.formtext')),
                ('network', models.CharField(blank=True, max_length=64)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['kind', 'at'], name='consent_by_kind'), models.Index(condition=models.Q(('network', ''), _negated=True), fields=['at'], name='consent_with_network')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent at')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='subscribers.issue')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='subscribers.subscriber')),
                ('address', models.CharField(blank=True, max_length=254, verbose_name='address')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name="the server's answer")),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['issue', 'state', 'next_try_at', 'id'], name='delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('issue', 'subscriber'), name='delivery_once')],
            },
        ),
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='subscribers.delivery')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bounces', to='subscribers.subscriber')),
                ('kind', models.CharField(choices=[('hard', 'refused for good'), ('soft', 'refused for now'), ('complaint', 'called spam')], max_length=9, verbose_name='kind')),
                ('source', models.CharField(choices=[('answer', 'the answer of a mail server'), ('report', 'a report by mail'), ('provider', 'a message of the mail provider')], max_length=8, verbose_name='source')),
                ('status', models.CharField(blank=True, max_length=12, verbose_name='status')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='what was said')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'bounce',
                'verbose_name_plural': 'bounces',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['at'], name='bounce_by_day')],
                'constraints': [models.UniqueConstraint(fields=('delivery', 'kind'), name='bounce_once_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent at')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('confirm', 'asks to confirm'), ('already', 'says that the address is on the list'), ('manage', 'brings the link to the subscription'), ('new', 'asks at a new address whether it is right'), ('old', 'tells the old address of the new one')], max_length=10)),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='subscribers.subscriber')),
                ('address', models.CharField(blank=True, max_length=254)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['pending', 'deferred', 'claimed'])), fields=['next_try_at'], name='notice_due')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('cause', models.CharField(choices=[('owner', 'its owner wants no mail at all'), ('complaint', 'its owner called a mail spam'), ('staff', 'somebody on the staff said so'), ('bounce', 'mails to it came back'), ('left', 'its owner left the list'), ('erased', 'its owner was erased')], max_length=9, verbose_name='cause')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
            ],
            options={
                'verbose_name': 'suppression',
                'verbose_name_plural': 'suppressions',
                'indexes': [models.Index(fields=['cause', 'created_at'], name='suppression_by_cause')],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='suppression_has_digest')],
            },
        ),
        migrations.CreateModel(
            name='TestMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent at')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='test_mails', to='subscribers.issue')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['pending', 'deferred', 'claimed'])), fields=['next_try_at'], name='test_mail_due')],
            },
        ),
    ]
