"""Forms that more than one door to the desk uses."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from blog import images
from blog.models import Image


class ImageForm(forms.ModelForm[Image]):
    """Takes a picture and stores a new encoding of it, never the file itself."""

    class Meta:
        model = Image
        fields = ["file", "alt", "caption", "focus"]
        field_classes = {"file": forms.FileField}  # Django's for pictures looks into it first, with every decoder
        widgets = {"file": forms.FileInput(attrs={"accept": "image/*"})}
        error_messages = {"file": {"required": _lazy("Choose a picture.")}}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if (file.size or 0) > images.LARGEST_UPLOAD:
            raise ValidationError(_("This file is larger than 20 MB. Make it smaller and send it again."))
        return images.reencode(cast(BinaryIO, file))


class UploadForm(ImageForm):
    """The same, from the middle of a text: its focal point can be set later."""

    class Meta(ImageForm.Meta):
        fields = ["file", "alt", "caption"]
