"""A view that returns a constant, and one that makes one committed INSERT of what a form sent."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone


class Note(models.Model):
    """What a reader typed, and nothing that follows from it."""

    name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.name


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world.")


def insert(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    note = Note.objects.create(name=sent["name"], email=sent["email"], body=sent["body"])
    return HttpResponse(status=303, headers={"Location": f"/notes/{note.pk}/"})


urlpatterns = [path("constant/", constant), path("insert/", insert)]
