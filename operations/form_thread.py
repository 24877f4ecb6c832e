"""What readers send most, comments and subscriptions, answered by one thread of each web process.

SQLite takes one write at a time, so that four forms in four threads wait for each other in any case. What they do
meanwhile they do at the cost of the one whose turn it is, since one Python runs at a time. In one thread, one after
the other, they are done sooner (docs/decisions/0043-one-thread-for-forms.md).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import connection

from operations.page_cache.addresses import name_at
from operations.page_cache.door import Application, Environ, StartResponse, call

FORMS = {"write_comment", "subscribe"}  # addresses, by name
LONGEST = 100_000  # bytes of a form that is read before its turn


def with_form_thread(application: Application) -> Application:
    """Return an application that has readers' forms answered in one thread, and everything else by whoever asks.

    The given one itself where databases write side by side, and where Akismet is asked, whose silence would keep all
    forms of a process waiting.
    """
    return application if connection.vendor != "sqlite" or settings.AKISMET_KEY else FormThread(application)


class FormThread:
    """A WSGI application that hands forms to its thread, and waits for the answer."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forms")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = length_of_form(environ)
        if length is None:
            return self.application(environ, start_response)
        # Here and not in the thread, where everybody would wait for a slow sender.
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        status, headers, content = self.thread.submit(call, self.application, environ).result()
        start_response(status, headers)
        return [content]


def length_of_form(environ: Environ) -> int | None:
    """Return the bytes that a reader's form has; None for any other request, and for a form too long to be one."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ["REQUEST_METHOD"] != "POST" or not length.isdecimal() or int(length) > LONGEST:
        return None
    return int(length) if name_at(get_path_info(environ)) in FORMS else None
