import django.db.models.deletion
from django.db import migrations, models

from blog.migrations._search import lay, lift


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0003_posts_to_draw'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('post', models.OneToOneField(db_column='rowid', on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='search_entry', serialize=False, to='blog.post')),
                ('words', models.TextField(db_column='blog_search')),
            ],
            options={
                'db_table': 'blog_search',
                'managed': False,
            },
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['series', 'visibility', 'published_at'], name='post_of_series'),
        ),
        migrations.RunPython(lay, lift),
    ]
