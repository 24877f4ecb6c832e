"""Who is on the list, for the few on the staff who may know."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.admin.paging import ShortCount
from subscribers import erasing, proof, suppressing
from subscribers.consent import written_as
from subscribers.models import Consent, Subscriber, Suppression

SHOWN = (
    "email",
    "status",
    "cadence",
    "chosen_only",
    "plain_text",
    "paused_until",
    "created_at",
    "asked_at",
    "times_asked",
    "confirmed_at",
    "left_at",
    "bounce_score",
    "bounced_on",
)


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    """Nobody is put on the list by hand: an address asks, and its owner confirms. Its list stays quick at a million."""

    list_display = ["email", "status", "cadence", "created_at", "confirmed_at", "left_at"]
    list_filter = ["status", "cadence"]
    search_fields = ["email"]
    search_help_text = _("A whole address is found at once; a part of one takes longer.")
    ordering = ["-pk"]
    sortable_by = ()  # by the key alone: no other order has an index
    paginator = ShortCount
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = SHOWN
    fields = SHOWN
    actions = ["suppress", "lift", "erase"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        """Deleting a row would forget that the address must not be mailed; erasing does not."""
        return False

    def get_urls(self) -> list[URLPattern]:
        proof_of_one = path(
            "<int:pk>/proof/", self.admin_site.admin_view(self.show_proof), name="subscribers_subscriber_proof"
        )
        return [proof_of_one, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """Find a whole address by its index; look for a part of one in every row."""
        try:
            validate_email(search_term.strip())
        except ValidationError:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(pk__in=written_as(search_term).values("pk")), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        subscriber = self.get_object(request, object_id)
        lines = proof.shown(subscriber) if subscriber else []
        shown = {"lines": lines, "show_save": False, "show_save_and_continue": False}  # there is nothing to fill in
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def show_proof(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One person's consent as a file; `?form=text` to be read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        return proof_as_file(subscriber, request.GET.get("form", ""))

    @admin.action(description=_("Never mail the chosen addresses again"), permissions=["change"])
    def suppress(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        done = count(queryset, lambda one: suppressing.suppress(one, Suppression.Cause.STAFF, Consent.Place.STAFF))
        said = ngettext("%d address will not be mailed again.", "%d addresses will not be mailed again.", done)
        self.message_user(request, said % done, messages.SUCCESS)

    @admin.action(description=_("Let the chosen addresses ask again"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        done = count(queryset, lambda one: suppressing.lift(one, Consent.Place.STAFF))
        said = ngettext("%d address may ask again.", "%d addresses may ask again.", done)
        self.message_user(request, said % done, messages.SUCCESS)

    @admin.action(description=_("Erase the chosen people"), permissions=["change"])
    def erase(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> HttpResponse | None:
        """Ask first: nobody can undo it."""
        if "sure" not in request.POST:
            context = {**self.admin_site.each_context(request), "title": _("Erase these people?"), "rows": queryset}
            return TemplateResponse(request, "admin/subscribers/subscriber/erase.html", context)
        done = count(queryset, erasing.erase)
        said = ngettext("%d person was erased.", "%d people were erased.", done)
        self.message_user(request, said % done, messages.SUCCESS)
        return None


def count(rows: QuerySet[Subscriber], act: Callable[[Subscriber], bool]) -> int:
    """Do something to each of these; return for how many it did anything."""
    return sum(act(row) for row in rows)


def proof_as_file(subscriber: Subscriber, form: str) -> HttpResponse:
    """Return everything that shows what one person agreed to: as JSON, or as text to be read."""
    if form == "text":
        response = HttpResponse(proof.as_text(subscriber), content_type="text/plain; charset=utf-8")
    else:
        form = "json"
        response = JsonResponse(proof.as_data(subscriber), json_dumps_params={"indent": 2, "ensure_ascii": False})
    ending = {"text": "txt", "json": "json"}[form]
    response["Content-Disposition"] = f'attachment; filename="consent-{subscriber.pk}.{ending}"'
    return response
