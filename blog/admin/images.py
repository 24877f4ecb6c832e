from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile

from blog import images
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
class ImageAdmin(admin.ModelAdmin[Image]):
    form = ImageForm
    list_display = ["__str__", "width", "height", "created_at"]
    search_fields = ["alt", "caption"]
