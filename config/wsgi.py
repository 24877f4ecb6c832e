"""The application as a WSGI server calls it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

uncached = get_wsgi_application()  # what runserver shows, so that an edited template is seen at once

from operations.form_thread import with_form_thread  # noqa: E402  after the settings are there
from operations.page_cache.door import PageCache  # noqa: E402
from operations.page_cache.stamp import database_stamp  # noqa: E402
from operations.static_files import with_static  # noqa: E402
from subscribers.visits import CountVisits  # noqa: E402

application = with_static(CountVisits(PageCache(with_form_thread(uncached), database_stamp())))
