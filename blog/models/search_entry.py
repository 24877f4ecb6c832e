from django.db import models

from blog.models.post import Post


class SearchEntry(models.Model):
    """What the search index holds of one post.

    Triggers in the database keep it (migrations/_search.py says how, decision 10 why), so nothing here writes it. The
    table is no plain one on SQLite, where FTS5 chooses its column names: `rowid`, and the table's own name for what a
    query is matched against. PostgreSQL's follows.
    """

    post = models.OneToOneField(
        Post, primary_key=True, db_column="rowid", on_delete=models.DO_NOTHING, related_name="search_entry"
    )
    words = models.TextField(db_column="blog_search")

    class Meta:
        managed = False
        db_table = "blog_search"

    def __str__(self) -> str:
        return f"search entry of post {self.pk}"
