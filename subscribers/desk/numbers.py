"""The list in numbers, at /admin/newsletter/numbers/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog import plot
from subscribers import numbers
from subscribers.desk.access import only_with
from subscribers.models import Subscriber

WINDOWS = [30, 90]  # days
ON_THE_LIST = [plot.Kind("active", _("on the list at the end of the day"))]
WHO_LEFT = [plot.Kind("left", _("left"))]


@only_with("subscribers.view_subscriber", back="newsletter_numbers")
@never_cache
@require_safe
def show_numbers(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("days", "")
    window = next((days for days in WINDOWS if str(days) == chosen), WINDOWS[0])
    start = numbers.start_of(window)
    sizes, returned = numbers.sizes(start), numbers.came_back(start)
    issues = numbers.issues(start, returned)
    leavers, reasons = numbers.leavers(start)
    context = {
        "window": window,
        "windows": WINDOWS,
        "sizes": sizes,
        "now": Subscriber.objects.active().count(),
        "size_plot": plot.draw(sizes, ON_THE_LIST),
        "confirmed": numbers.confirmed_share(start),
        "issues": issues,
        "complaints": numbers.Share(sum(one.complaints for one in issues), sum(one.sent for one in issues)),
        "bounces": numbers.by_kind(returned),
        "leavers": leavers,
        "left": sum(day.left for day in leavers),
        "leaver_plot": plot.draw(leavers, WHO_LEFT),
        "reasons": reasons,
        "words": numbers.words(start),
    }
    return render(request, "subscribers/desk/numbers.html", context)
