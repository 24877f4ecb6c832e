import datetime
import ipaddress
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.networks import network_around
from blog.admin.fields import NAMED_MOMENTS
from blog.networks import keyed_digest
from comments.blocks import digests
from comments.models import Block

MONTH = datetime.timedelta(days=30)


class BlockForm(forms.ModelForm[Block]):
    """A block is found by a digest: of an address, of a domain, or of the network around an IP address."""

    shown = forms.CharField(
        label=_lazy("What"),
        max_length=254,
        help_text=_lazy("ann@example.org, example.org (with everything below it), or 192.0.2.7 for its network."),
    )

    class Meta:
        model = Block
        fields = ["kind", "shown", "reason", "expires_at"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            check = {"address": self.clean_address, "domain": self.clean_domain, "network": self.clean_network}
            try:
                check[self.cleaned_data["kind"]](self.cleaned_data["shown"].strip())
            except forms.ValidationError as error:
                self.add_error("shown", error)
        return self.cleaned_data

    def clean_address(self, address: str) -> None:
        validate(validate_email, address, _("This is no mail address: it looks like name@example.org."))
        self.identify(address)

    def clean_domain(self, domain: str) -> None:
        domain = domain.strip(".")
        validate(DomainNameValidator(), domain, _("This is no domain: it looks like example.org."))
        self.identify(domain)

    def clean_network(self, address: str) -> None:
        """Keep no address of a network, only its digest."""
        try:
            network = network_around(ipaddress.ip_address(address))
        except ValueError as error:
            raise forms.ValidationError(_("This is no IP address: it looks like 192.0.2.7 or 2001:db8::1.")) from error
        self.identify(keyed_digest(network))
        self.cleaned_data["shown"] = ""

    def identify(self, value: str) -> None:
        """Take the digest by which the block is found; refuse a second block of the same."""
        kind = self.cleaned_data["kind"]
        [self.instance.digest] = digests(kind, [value])
        if Block.objects.filter(kind=kind, digest=self.instance.digest).exists():
            raise forms.ValidationError(_("This is blocked already: it stands in the list."))


def validate(validator: Any, value: str, sentence: str) -> None:
    try:
        validator(value)
    except ValidationError as error:
        raise ValidationError(sentence) from error


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin[Block]):
    formfield_overrides = NAMED_MOMENTS
    list_display = ["what", "kind", "reason", "created_at", "expires_at", "created_by"]
    list_filter = ["kind"]
    search_fields = ["shown", "reason"]
    list_select_related = ["created_by"]
    fields = ["kind", "shown", "reason", "expires_at"]

    @admin.display(description=_lazy("what"), ordering="shown")
    def what(self, block: Block) -> str:
        return block.shown or (_("a network") if block.kind == Block.Kind.NETWORK else _("(erased)"))

    def get_form(self, request: HttpRequest, obj: Block | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = BlockForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Block | None = None) -> list[str]:
        return ["kind", "shown"] if obj else []

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        """Keep a network's digest for no longer than comments keep theirs."""
        if not change:
            obj.created_by = cast(User, request.user)
        if obj.kind == Block.Kind.NETWORK:
            latest = timezone.now() + MONTH
            obj.expires_at = min(obj.expires_at or latest, latest)
        super().save_model(request, obj, form, change)
