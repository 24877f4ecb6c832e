"""How times are written on a page."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

LONG_FORM = (
    """{% load times %}<time datetime="{{ moment|machine_time }}" title="{{ moment|date:'j F Y, H:i' }}">"""
    """{{ moment|date:"j F Y" }}</time>"""
)
MOMENTS = [datetime.datetime(2026, month, 29 - month, month, 59, 7, 123, tzinfo=datetime.UTC) for month in range(1, 13)]


def written(template: str, moment: datetime.datetime) -> str:
    return Template(template).render(Context({"moment": moment}))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize(("zone", "language"), [("UTC", "en"), ("Pacific/Auckland", "en"), ("America/Caracas", "de")])
def test_a_day_is_written_as_the_general_filters_would(moment: datetime.datetime, zone: str, language: str) -> None:
    with timezone.override(zone), translation.override(language):
        assert written("{% load times %}{{ moment|day }}", moment) == written(LONG_FORM, moment)
