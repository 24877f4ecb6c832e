"""Taking the list out, at /admin/newsletter/export/."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from subscribers import exporting
from subscribers.desk.access import only_with


@only_with("subscribers.move_list", back="list_import")
@never_cache
@require_POST
def take_out(request: HttpRequest) -> StreamingHttpResponse:
    """Send the list as a file, a row at a time."""
    headers = {"Content-Disposition": f'attachment; filename="{exporting.file_name()}"'}
    return StreamingHttpResponse(exporting.lines(), content_type="text/csv; charset=utf-8", headers=headers)
