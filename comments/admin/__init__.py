"""What moderators look up and set: one module per thing."""

from comments.admin import blocks, comments, filters

__all__ = ["blocks", "comments", "filters"]
