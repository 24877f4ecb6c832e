import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0005_conversations'),
        ('subscribers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('asked', 'asked for'), ('confirmed', 'confirmed'), ('changed', 'changed what they want'), ('moved', 'changed the address'), ('left', 'left'), ('suppressed', 'not to be mailed again'), ('lifted', 'may be mailed again'), ('imported', 'brought along from another list')], max_length=10, verbose_name='what')),
                ('place', models.CharField(choices=[('page', 'the page for subscribing'), ('post', 'the form under a post'), ('footer', 'the form at the foot of a page'), ('comment', 'the form for comments'), ('mail', "a mail to the list's address"), ('link', 'a page whose link was mailed'), ('one-click', "the mail program's own button"), ('server', "a mail server's answer or report"), ('import', 'an import'), ('staff', 'somebody on the staff')], max_length=10, verbose_name='where')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('network', models.CharField(blank=True, max_length=64)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
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
                ('date', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
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
            },
        ),
        migrations.AlterModelOptions(
            name='issue',
            options={'ordering': ['-created_at', '-pk'], 'permissions': [('send_issue', 'Can write letters, and stop and resume what is mailed')], 'verbose_name': 'issue', 'verbose_name_plural': 'issues'},
        ),
        migrations.AlterModelOptions(
            name='subscriber',
            options={'ordering': ['-created_at', '-pk'], 'permissions': [('move_list', 'Can bring in and take out the whole list')], 'verbose_name': 'subscriber', 'verbose_name_plural': 'subscribers'},
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_due',
        ),
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_due',
        ),
        migrations.AddField(
            model_name='delivery',
            name='answer',
            field=models.CharField(blank=True, max_length=200, verbose_name="the server's answer"),
        ),
        migrations.AddField(
            model_name='issue',
            name='cadence',
            field=models.CharField(blank=True, choices=[('each', 'each post at once'), ('daily', 'once a day'), ('weekly', 'once a week'), ('monthly', 'once a month')], editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name='issue',
            name='checked_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='issue',
            name='fallback',
            field=models.BooleanField(default=False, editable=False, verbose_name='by the second route'),
        ),
        migrations.AddField(
            model_name='issue',
            name='made_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='issue',
            name='override_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it goes out in spite of that'),
        ),
        migrations.AddField(
            model_name='issue',
            name='period_end',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='issue',
            name='period_start',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='issue',
            name='posts',
            field=models.ManyToManyField(blank=True, related_name='digests', to='blog.post'),
        ),
        migrations.AddField(
            model_name='issue',
            name='preflight',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='issue',
            name='rendered_html',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name='issue',
            name='renderer_version',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='issue',
            name='rests_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='issue',
            name='source',
            field=models.TextField(blank=True, verbose_name='text'),
        ),
        migrations.AddField(
            model_name='issue',
            name='why_paused',
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it is paused'),
        ),
        migrations.AddField(
            model_name='notice',
            name='address',
            field=models.CharField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='authors',
            field=models.ManyToManyField(blank=True, related_name='+', to='blog.author', verbose_name='authors'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='bounce_score',
            field=models.DecimalField(decimal_places=1, default=0, editable=False, max_digits=4, verbose_name='bounce score'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='bounced_on',
            field=models.DateField(editable=False, null=True, verbose_name='last bounce'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='cadence',
            field=models.CharField(choices=[('each', 'each post at once'), ('daily', 'once a day'), ('weekly', 'once a week'), ('monthly', 'once a month')], default='each', max_length=8, verbose_name='how often'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='chosen_only',
            field=models.BooleanField(default=False, verbose_name='only chosen tags and authors'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='new_email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='new address'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='paused_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='paused until'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='plain_text',
            field=models.BooleanField(default=False, verbose_name='mails as plain text'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='+', to='blog.tag', verbose_name='tags'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='issue',
            name='state',
            field=models.CharField(choices=[('draft', 'being written'), ('waiting', 'waiting'), ('sending', 'being sent'), ('paused', 'paused'), ('sent', 'sent'), ('stopped', 'stopped')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('confirm', 'asks to confirm'), ('already', 'says that the address is on the list'), ('manage', 'brings the link to the subscription'), ('new', 'asks at a new address whether it is right'), ('old', 'tells the old address of the new one')], max_length=10),
        ),
        migrations.AlterField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['issue', 'state', 'next_try_at', 'id'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['state', 'send_at'], name='issue_by_state'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'deferred', 'claimed'])), fields=['next_try_at'], name='notice_due'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'digest')), fields=('cadence', 'period_start'), name='issue_digest_once'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'welcome')), fields=('kind',), name='issue_welcome_is_one'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'digest'), _negated=True), models.Q(('period_end__isnull', False), ('period_start__isnull', False), models.Q(('cadence', ''), _negated=True)), _connector='OR'), name='issue_digest_has_period'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='subscribers.delivery'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='subscriber',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bounces', to='subscribers.subscriber'),
        ),
        migrations.AddField(
            model_name='consent',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='subscribers.subscriber'),
        ),
        migrations.AddField(
            model_name='consent',
            name='text',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscribers.formtext'),
        ),
        migrations.AddField(
            model_name='mailvisits',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='subscribers.issue'),
        ),
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(fields=['cause', 'created_at'], name='suppression_by_cause'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='suppression_has_digest'),
        ),
        migrations.AddIndex(
            model_name='bounce',
            index=models.Index(fields=['at'], name='bounce_by_day'),
        ),
        migrations.AddConstraint(
            model_name='bounce',
            constraint=models.UniqueConstraint(fields=('delivery', 'kind'), name='bounce_once_a_kind'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['kind', 'at'], name='consent_by_kind'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('network', ''), _negated=True), fields=['at'], name='consent_with_network'),
        ),
        migrations.AddConstraint(
            model_name='mailvisits',
            constraint=models.UniqueConstraint(fields=('issue', 'date'), name='visits_once_a_day'),
        ),
    ]
