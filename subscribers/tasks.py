"""Tasks only wake work up: what they do is safe to do twice, and the worker's clock does it in any case."""

from django_tasks import task

from subscribers import notices, trying


@task()
def send_notices() -> int:
    """Send what subscribers wait for now instead of at the clock's next round."""
    return notices.send_due()


@task()
def send_test_mails() -> int:
    """Send what somebody on the staff wants to see now instead of at the clock's next round."""
    return trying.send_due()
