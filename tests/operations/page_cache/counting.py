"""A site with the page cache in front, which counts how often Django is asked and is told when somebody writes."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.core.wsgi import get_wsgi_application

from operations.page_cache.door import PageCache
from tests.wsgi import Reader


class Counting(Reader):
    def __init__(self) -> None:
        self.behind = get_wsgi_application()
        self.asked = 0
        self.stamps = count(1)
        self.stamp: str | None = "0"
        super().__init__(PageCache(self.ask, lambda: self.stamp))

    def ask(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.behind(environ, start_response)

    def write(self) -> None:
        """Have the stamp be another one, as the database's triggers do."""
        self.stamp = str(next(self.stamps))
