from subscribers.models.bounce import Bounce
from subscribers.models.consent import Consent, FormText
from subscribers.models.delivery import Delivery
from subscribers.models.issue import Issue, IssueQuerySet
from subscribers.models.notice import Notice
from subscribers.models.numbers import Leaving, ListSize, MailVisits
from subscribers.models.subscriber import Subscriber, SubscriberQuerySet
from subscribers.models.suppression import Suppression
from subscribers.models.test_mail import TestMail

__all__ = [
    "Bounce",
    "Consent",
    "Delivery",
    "FormText",
    "Issue",
    "IssueQuerySet",
    "Leaving",
    "ListSize",
    "MailVisits",
    "Notice",
    "Subscriber",
    "SubscriberQuerySet",
    "Suppression",
    "TestMail",
]
