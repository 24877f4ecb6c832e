"""The writer's desk: one module per thing that is written or kept there."""

from blog.admin import authors, images, pages, posts, publication

__all__ = ["authors", "images", "pages", "posts", "publication"]
