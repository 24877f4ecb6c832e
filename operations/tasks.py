"""Tasks only wake work up: what they do is safe to do twice, and the worker's clock does it in any case."""

from django_tasks import task

from operations import staff_mails


@task()
def send_staff_mails() -> int:
    """Send what staff wait for now instead of at the clock's next round."""
    return staff_mails.send_due()
