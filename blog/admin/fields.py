"""Form fields as the whole desk uses them."""

from collections.abc import Mapping
from typing import Any

from django.db import models

# An address typed without a scheme means https, which Django 6 takes for granted.
HTTPS_FIRST: Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]] = {models.URLField: {"assume_scheme": "https"}}
