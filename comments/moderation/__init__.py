"""The moderator's queue at /admin/moderation/, and the log of what was decided there."""
