import blog.models.addresses
import blog.models.navigation
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from blog.migrations._search import lay, lift


class Migration(migrations.Migration):

    replaces = [
        ('blog', '0001_initial'),
        ('blog', '0002_the_desk'),
        ('blog', '0003_posts_to_draw'),
        ('blog', '0004_search'),
        ('blog', '0005_conversations'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalPage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.TextField(blank=True, help_text='Markdown.', validators=[django.core.validators.MaxLengthValidator(200000)], verbose_name='text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, verbose_name='address')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical page',
                'verbose_name_plural': 'historical pages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ImageField(height_field='height', upload_to='images', verbose_name='file', width_field='width')),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('alt', models.CharField(blank=True, help_text='What the picture shows, for who cannot see it. Leave empty if it only decorates.', max_length=300, verbose_name='description')),
                ('caption', models.CharField(blank=True, max_length=500, verbose_name='caption')),
                ('focus', models.CharField(choices=[('top-left', 'top left'), ('top', 'top'), ('top-right', 'top right'), ('left', 'left'), ('centre', 'centre'), ('right', 'right'), ('bottom-left', 'bottom left'), ('bottom', 'bottom'), ('bottom-right', 'bottom right')], default='centre', help_text='The part that has to stay in sight where the picture is cropped.', max_length=12, verbose_name='focal point')),
                ('uploaded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='images', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, unique=True, verbose_name='address')),
                ('tagline', models.CharField(blank=True, help_text='One line under the name.', max_length=300, verbose_name='tagline')),
                ('bio', models.TextField(blank=True, help_text="A paragraph or two for the author's own page.", verbose_name='about')),
                ('website', models.URLField(blank=True, max_length=300, verbose_name='website')),
                ('portrait', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='blog.image', verbose_name='portrait')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='author', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, unique=True)),
                ('secret', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='NavigationLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('masthead', 'at the top'), ('footer', 'at the foot')], default='footer', max_length=8, verbose_name='place')),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('address', models.CharField(max_length=500, validators=[blog.models.navigation.validate_address], verbose_name='address')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'navigation link',
                'verbose_name_plural': 'navigation links',
                'ordering': ['place', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.TextField(blank=True, help_text='Markdown.', validators=[django.core.validators.MaxLengthValidator(200000)], verbose_name='text')),
                ('rendered_html', models.TextField(blank=True, editable=False)),
                ('opening', models.CharField(blank=True, editable=False, max_length=300)),
                ('headings', models.JSONField(default=list, editable=False)),
                ('plain_text', models.TextField(blank=True, editable=False)),
                ('word_count', models.PositiveIntegerField(default=0, editable=False)),
                ('renderer_version', models.PositiveIntegerField(default=0, editable=False)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, unique=True, verbose_name='address')),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'page',
                'verbose_name_plural': 'pages',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Byline', max_length=100, verbose_name='name')),
                ('description', models.CharField(blank=True, help_text='One line under the name, and for search engines.', max_length=300, verbose_name='description')),
                ('comment_policy', models.TextField(blank=True, default='Be kind, and stay with the subject.', help_text='Shown above the comment form, after the sentence that says what happens to a comment.', max_length=1000, verbose_name='comment policy')),
                ('comments_open', models.BooleanField(default=True, help_text='Off: no post takes comments; what was written stays.', verbose_name='open to comments')),
                ('comments_held', models.CharField(choices=[('all', 'all'), ('first', 'those from an address that is not confirmed, or of which none was approved yet'), ('suspicious', 'none but suspicious ones')], default='first', help_text='What the filters find suspicious waits in any case.', max_length=10, verbose_name='comments that wait for a moderator')),
                ('comments_close_after', models.PositiveSmallIntegerField(default=0, help_text='Counted from publication. 0: never.', verbose_name='close conversations after days')),
                ('comments_pause', models.PositiveSmallIntegerField(default=0, help_text='Slow mode: how long one address or network waits under a post before it writes again. 0: off.', verbose_name='seconds between two comments')),
                ('postal_address', models.TextField(blank=True, help_text="Stands at the foot of every newsletter. Most countries' laws ask for it.", max_length=500, verbose_name='postal address')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'verbose_name': 'publication',
                'verbose_name_plural': 'publication',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='publication_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, unique=True, verbose_name='address')),
                ('description', models.CharField(blank=True, max_length=500, verbose_name='description')),
            ],
            options={
                'verbose_name': 'series',
                'verbose_name_plural': 'series',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPost',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.TextField(blank=True, help_text='Markdown.', validators=[django.core.validators.MaxLengthValidator(200000)], verbose_name='text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('subtitle', models.CharField(blank=True, help_text='One or two sentences.', max_length=500, verbose_name='subtitle')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, verbose_name='address')),
                ('published_at', models.DateTimeField(blank=True, help_text='Empty: a draft. In the future: scheduled.', null=True, verbose_name='published')),
                ('visibility', models.CharField(choices=[('listed', 'Listed: on the home page, in feeds and in the newsletter'), ('unlisted', 'Unlisted: for whoever has the address'), ('withdrawn', 'Withdrawn: was public, is no more')], default='listed', max_length=10, verbose_name='visibility')),
                ('withdrawn_note', models.CharField(blank=True, help_text='Shown at the address of a withdrawn post.', max_length=500, verbose_name='why it was withdrawn')),
                ('series_position', models.PositiveSmallIntegerField(default=0, verbose_name='place in the series')),
                ('excerpt', models.CharField(blank=True, help_text='For lists; empty: the subtitle, or how the text opens.', max_length=500, verbose_name='excerpt')),
                ('search_title', models.CharField(blank=True, help_text='Empty: the title.', max_length=200, verbose_name='title for search engines')),
                ('search_description', models.CharField(blank=True, help_text='Empty: the excerpt.', max_length=300, verbose_name='description for search engines')),
                ('canonical_url', models.URLField(blank=True, help_text='Where this text appeared first, if that was elsewhere.', max_length=500, verbose_name='canonical address')),
                ('language', models.CharField(blank=True, help_text="Empty: the site's. Otherwise a tag such as de-CH.", max_length=35, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', 'Give a language tag such as en, de-CH or zh-Hant.')], verbose_name='language')),
                ('reviewed_by', models.CharField(blank=True, help_text='Who checked the facts: a name and what they are.', max_length=200, verbose_name='reviewed by')),
                ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='reviewed on')),
                ('allow_comments', models.BooleanField(default=True, verbose_name='open to comments')),
                ('comments_held', models.CharField(blank=True, choices=[('all', 'all'), ('first', 'those from an address that is not confirmed, or of which none was approved yet'), ('suspicious', 'none but suspicious ones')], max_length=10, verbose_name='comments that wait for a moderator')),
                ('comments_close_after', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the site does. 0: never.', null=True, verbose_name='close the conversation after days')),
                ('comments_pause', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the site does. 0: off.', null=True, verbose_name='seconds between two comments')),
                ('email_subscribers', models.BooleanField(default=True, verbose_name='mail to subscribers')),
                ('cover', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='blog.image', verbose_name='cover')),
                ('series', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='blog.series', verbose_name='series')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical post',
                'verbose_name_plural': 'historical posts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='address')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.TextField(blank=True, help_text='Markdown.', validators=[django.core.validators.MaxLengthValidator(200000)], verbose_name='text')),
                ('rendered_html', models.TextField(blank=True, editable=False)),
                ('opening', models.CharField(blank=True, editable=False, max_length=300)),
                ('headings', models.JSONField(default=list, editable=False)),
                ('plain_text', models.TextField(blank=True, editable=False)),
                ('word_count', models.PositiveIntegerField(default=0, editable=False)),
                ('renderer_version', models.PositiveIntegerField(default=0, editable=False)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('subtitle', models.CharField(blank=True, help_text='One or two sentences.', max_length=500, verbose_name='subtitle')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, unique=True, verbose_name='address')),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='blog.image', verbose_name='cover')),
                ('published_at', models.DateTimeField(blank=True, help_text='Empty: a draft. In the future: scheduled.', null=True, verbose_name='published')),
                ('visibility', models.CharField(choices=[('listed', 'Listed: on the home page, in feeds and in the newsletter'), ('unlisted', 'Unlisted: for whoever has the address'), ('withdrawn', 'Withdrawn: was public, is no more')], default='listed', max_length=10, verbose_name='visibility')),
                ('withdrawn_note', models.CharField(blank=True, help_text='Shown at the address of a withdrawn post.', max_length=500, verbose_name='why it was withdrawn')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='blog.series', verbose_name='series')),
                ('series_position', models.PositiveSmallIntegerField(default=0, verbose_name='place in the series')),
                ('excerpt', models.CharField(blank=True, help_text='For lists; empty: the subtitle, or how the text opens.', max_length=500, verbose_name='excerpt')),
                ('search_title', models.CharField(blank=True, help_text='Empty: the title.', max_length=200, verbose_name='title for search engines')),
                ('search_description', models.CharField(blank=True, help_text='Empty: the excerpt.', max_length=300, verbose_name='description for search engines')),
                ('canonical_url', models.URLField(blank=True, help_text='Where this text appeared first, if that was elsewhere.', max_length=500, verbose_name='canonical address')),
                ('language', models.CharField(blank=True, help_text="Empty: the site's. Otherwise a tag such as de-CH.", max_length=35, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', 'Give a language tag such as en, de-CH or zh-Hant.')], verbose_name='language')),
                ('reviewed_by', models.CharField(blank=True, help_text='Who checked the facts: a name and what they are.', max_length=200, verbose_name='reviewed by')),
                ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='reviewed on')),
                ('allow_comments', models.BooleanField(default=True, verbose_name='open to comments')),
                ('comments_held', models.CharField(blank=True, choices=[('all', 'all'), ('first', 'those from an address that is not confirmed, or of which none was approved yet'), ('suspicious', 'none but suspicious ones')], max_length=10, verbose_name='comments that wait for a moderator')),
                ('comments_close_after', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the site does. 0: never.', null=True, verbose_name='close the conversation after days')),
                ('comments_pause', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the site does. 0: off.', null=True, verbose_name='seconds between two comments')),
                ('email_subscribers', models.BooleanField(default=True, verbose_name='mail to subscribers')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('social_image', models.ImageField(blank=True, editable=False, upload_to='social')),
                ('social_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('imported_at', models.DateTimeField(editable=False, null=True)),
                ('import_key', models.CharField(editable=False, max_length=200, null=True, unique=True)),
                ('import_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('import_text_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('tags', models.ManyToManyField(blank=True, related_name='posts', to='blog.tag', verbose_name='tags')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': [models.OrderBy(models.F('published_at'), descending=True, nulls_first=True), '-pk'],
                'permissions': [('write_own_post', 'Can write, publish and change the posts they sign')],
                'indexes': [models.Index(fields=['visibility', '-published_at', '-id'], name='post_by_date'), models.Index(condition=models.Q(('social_digest', '')), fields=['-published_at'], name='post_to_draw'), models.Index(fields=['series', 'visibility', 'published_at'], name='post_of_series')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'withdrawn'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='post_withdrawn_was_published', violation_error_message='Only a post that was published can be withdrawn.'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_by', ''), ('reviewed_on__isnull', True)), models.Q(models.Q(('reviewed_by', ''), _negated=True), ('reviewed_on__isnull', False)), _connector='OR'), name='post_review_has_name_and_day', violation_error_message='A review needs both: who did it, and on which day.')],
            },
        ),
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='blog.post')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='blog.author')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'byline',
                'verbose_name_plural': 'bylines',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('post', 'author'), name='byline_author_once')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='authors',
            field=models.ManyToManyField(related_name='posts', through='blog.Byline', to='blog.author', verbose_name='authors'),
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='blog.post')),
                ('text', models.TextField(max_length=1000, verbose_name='what was corrected')),
                ('corrected_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='day')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['corrected_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=200, unique=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='blog.post')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='blog.post')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(default=blog.models.addresses.preview_end, verbose_name='works until')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'preview link',
                'verbose_name_plural': 'preview links',
                'ordering': ['-created_at', '-pk'],
            },
        ),
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
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='blog.post')),
                ('text', models.CharField(help_text='Author, title, where and when it appeared.', max_length=500, verbose_name='source')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('starts_at', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'starts_at'), name='tally_once_a_time')],
            },
        ),
        migrations.CreateModel(
            name='WorkingCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_copies', to=settings.AUTH_USER_MODEL)),
                ('tab', models.CharField(max_length=36)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='working_copies', to='blog.post')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='working_copies', to='blog.page')),
                ('kind', models.CharField(choices=[('post', 'post'), ('page', 'page')], max_length=4)),
                ('base_revision', models.PositiveBigIntegerField(null=True)),
                ('values', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'working copy',
                'verbose_name_plural': 'working copies',
                'ordering': ['-updated_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'tab'), name='working_copy_per_tab'), models.CheckConstraint(condition=models.Q(('post', None), ('page', None), _connector='OR'), name='working_copy_of_one_text')],
            },
        ),
        migrations.RunPython(lay, lift),
    ]
