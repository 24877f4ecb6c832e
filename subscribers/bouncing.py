"""What comes back about a delivery."""

from subscribers.models import Bounce, Delivery


def note(delivery: Delivery, kind: str, source: str, status: str, words: str) -> None:
    """Write down once that a mail came back."""
    Bounce.objects.get_or_create(
        delivery=delivery,
        kind=kind,
        defaults={
            "subscriber_id": delivery.subscriber_id,
            "source": source,
            "status": status[:12],
            "words": words[:500],
        },
    )
