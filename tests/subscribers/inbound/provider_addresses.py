"""The addresses that django-anymail's views have on a site whose EMAIL_URL names those providers."""

from django.urls import include, path

from subscribers.inbound import provider

urlpatterns = [
    path("webhooks/mail/", include(provider.addresses(name))) for name in ("postmark", "brevo", "mailjet", "mandrill")
]
