"""Tasks only wake work up: what they do is safe to do twice, and the worker's clock does it in any case."""

from django_tasks import task

from comments import mails


@task()
def send_conversation_mails() -> int:
    """Send what commenters wait for now instead of at the clock's next round."""
    return mails.send_due()
