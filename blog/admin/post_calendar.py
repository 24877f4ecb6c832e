"""A month of posts, scheduled and published, in the site's time zone."""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format, get_format

from blog.models import Post
from blog.standing import Standing, with_standing

YEARS = range(1900, 2201)
MOST_SHOWN = 500  # posts in one month


@dataclass(frozen=True)
class Day:
    date: datetime.date
    posts: list[Any]  # each with its `standing`


def show_calendar(posts_admin: "admin.ModelAdmin[Post]", request: HttpRequest) -> HttpResponse:
    """Show the month `?month=2026-12` of what this person sees in the list; without a month, or a wrong one, this."""
    if not posts_admin.has_view_permission(request):
        raise PermissionDenied
    first = month_of(request.GET.get("month", ""))
    days = days_of(first, posts_admin.get_queryset(request))
    context = {
        **posts_admin.admin_site.each_context(request),
        "title": date_format(first, "YEAR_MONTH_FORMAT"),
        "opts": Post._meta,
        "days": days,
        "blanks": range(days_before(first)),
        "weekdays": weekdays(),
        "is_empty": not any(day.posts for day in days),
        "today": timezone.localdate(),
        "previous": (first - datetime.timedelta(days=1)).replace(day=1),
        "next": month_after(first),
        "can_add": posts_admin.has_add_permission(request),
    }
    return TemplateResponse(request, "admin/blog/post/calendar.html", context)


def month_of(words: str) -> datetime.date:
    """Return the first day of a month given as `2026-12`; of this month if it is none, or too far away."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", words, re.ASCII)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if year not in YEARS or not 1 <= month <= 12:
        return timezone.localdate().replace(day=1)
    return datetime.date(year, month, 1)


def month_after(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def days_of(first: datetime.date, posts: Any) -> list[Day]:
    """Return the days of the month, each with its posts in their order; one query, and one for their authors."""
    begin, end = midnight(first), midnight(month_after(first))
    dated = posts.filter(published_at__gte=begin, published_at__lt=end).exclude(visibility=Post.Visibility.WITHDRAWN)
    shown: Any = with_standing(dated.only("title", "published_at").with_authors()).order_by("published_at", "pk")
    days = {day: Day(day, []) for day in dates_of(first)}
    for post in shown[:MOST_SHOWN]:
        post.standing = Standing(post.standing)
        days[timezone.localdate(post.published_at)].posts.append(post)
    return list(days.values())


def dates_of(first: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1])]


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def first_weekday() -> int:
    """Return the day that weeks begin with where the site is: 0 is Monday. Django's formats count from Sunday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def days_before(first: datetime.date) -> int:
    """Return how many days of its first week lie before the month."""
    return (first.weekday() - first_weekday()) % 7


def weekdays() -> list[str]:
    monday = datetime.date(2024, 1, 1)
    return [date_format(monday + datetime.timedelta(days=first_weekday() + n), "D") for n in range(7)]
