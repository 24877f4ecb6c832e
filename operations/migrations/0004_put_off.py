from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0003_conversation_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='staffmail',
            name='staff_mail_due',
        ),
        migrations.AlterField(
            model_name='staffmail',
            name='state',
            field=models.CharField(choices=[('pending', 'waiting'), ('deferred', 'put off'), ('claimed', 'taken by a worker'), ('transmitting', 'on its way'), ('sent', 'sent'), ('failed', 'failed'), ('skipped', 'not sent'), ('unknown', 'unknown')], default='pending', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='staffmail',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'deferred', 'claimed'])), fields=['next_try_at'], name='staff_mail_due'),
        ),
    ]
