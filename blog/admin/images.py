from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from accounts.models import User
from blog import images
from blog.admin.own import OwnRows
from blog.models import Image


class ImageForm(forms.ModelForm[Image]):
    class Meta:
        model = Image
        fields = ["file", "alt", "caption", "focus"]

    def clean_file(self) -> Any:
        """Store a new encoding of what was sent, never the file itself."""
        file = self.cleaned_data["file"]
        return images.reencode(cast(BinaryIO, file)) if isinstance(file, UploadedFile) else file


@admin.register(Image)
class ImageAdmin(OwnRows):
    own_permission = "blog.add_image"
    form = ImageForm
    list_display = ["__str__", "width", "height", "created_at"]
    search_fields = ["alt", "caption"]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if not change:
            obj.uploaded_by = cast(User, request.user)
        super().save_model(request, obj, form, change)
