import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from operations.form_thread import LONGEST, FormThread, with_form_thread

COMMENT, SUBSCRIBE = "/posts/a-post/comments/", "/subscribe/"


class Recorder:
    """An application that notes in which threads it is called, and how many calls there are at once."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.bodies: list[bytes] = []
        self.inside = self.most = self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "Recorder":
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.threads.append(threading.get_ident())
        self.bodies.append(environ["wsgi.input"].read())
        if environ.get("QUERY_STRING") == "fail":
            self.inside -= 1
            raise RuntimeError("It failed.")
        start_response("303 See Other", [("Location", "/there/")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"Sent"
        yield b"."
        self.inside -= 1

    def close(self) -> None:
        self.closed += 1


def request(path: str = COMMENT, body: bytes = b"body=Hello", method: str = "POST", **environ: Any) -> dict[str, Any]:
    sent = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return {**sent, **environ}


def ask(application: Any, environ: dict[str, Any]) -> tuple[str, Any, bytes]:
    said: list[Any] = []
    body = b"".join(application(environ, lambda *answer: said.extend(answer)))
    return said[0], said[1], body


@pytest.mark.parametrize("path", [COMMENT, SUBSCRIBE])
def test_forms_that_come_side_by_side_are_answered_one_after_the_other_in_one_thread(path: str) -> None:
    recorder = Recorder()
    application = FormThread(recorder)

    with ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(lambda _: ask(application, request(path)), range(40)))

    assert answers == [("303 See Other", [("Location", "/there/")], b"Sent.")] * 40
    assert recorder.bodies == [b"body=Hello"] * 40
    assert (recorder.most, len(set(recorder.threads)), recorder.closed) == (1, 1, 40)


@pytest.mark.parametrize(
    "environ",
    [
        request(method="GET"),
        request("/comments/1/thumb/"),
        request("/admin/moderation/"),
        request("/nowhere/at/all/"),
        request("/\xff\xfe/"),
        request(body=b"x" * (LONGEST + 1)),
        request(CONTENT_LENGTH=""),
        request(CONTENT_LENGTH="-1"),
        request(CONTENT_LENGTH="12345678901234567890"),
    ],
    ids=lambda environ: f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']!r} {environ['CONTENT_LENGTH']}",
)
def test_whatever_is_not_a_form_of_a_usual_length_is_answered_where_it_came(environ: dict[str, Any]) -> None:
    recorder = Recorder()

    ask(FormThread(recorder), environ)

    assert recorder.threads == [threading.get_ident()]


def test_a_form_is_read_before_its_turn_so_that_a_slow_sender_holds_up_nobody() -> None:
    recorder = Recorder()
    application = FormThread(recorder)
    rest = threading.Event()

    class SlowSender(BytesIO):
        def read(self, *sizes: Any) -> bytes:
            assert rest.wait(20)
            return super().read(*sizes)

    slow = threading.Thread(target=ask, args=[application, request(**{"wsgi.input": SlowSender(b"body=Slow!")})])
    slow.start()
    ask(application, request())
    assert recorder.bodies == [b"body=Hello"]

    rest.set()
    slow.join()
    assert recorder.bodies == [b"body=Hello", b"body=Slow!"]


def test_what_goes_wrong_reaches_who_sent_the_form_and_the_next_one_is_answered() -> None:
    application = FormThread(Recorder())

    with pytest.raises(RuntimeError, match=r"It failed\."):
        ask(application, request(QUERY_STRING="fail"))

    assert ask(application, request())[0] == "303 See Other"


def test_forms_have_a_thread_where_databases_take_one_write_at_a_time() -> None:
    recorder = Recorder()

    application = with_form_thread(recorder)

    assert isinstance(application, FormThread) == (connection.vendor == "sqlite")


@override_settings(AKISMET_KEY="abc123")
def test_where_akismet_is_asked_no_form_waits_for_its_answer_about_another() -> None:
    recorder = Recorder()

    assert with_form_thread(recorder) is recorder
