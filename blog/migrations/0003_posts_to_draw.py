from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_the_desk")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("social_digest", "")), fields=["-published_at"], name="post_to_draw"
            ),
        ),
    ]
