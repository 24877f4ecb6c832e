import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factories import PASSWORD, make_staff

expect.set_options(timeout=20_000)  # a busy machine takes its time over a picture; only a test that fails waits as long


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def java_script(request: pytest.FixtureRequest) -> bool:
    """Run a journey twice: as most readers come, and with JavaScript off."""
    return bool(request.param)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], java_script: bool) -> dict[str, Any]:
    return {**browser_context_args, "java_script_enabled": java_script}


@pytest.fixture(scope="session", autouse=True)
def _one_request_at_a_time() -> Iterator[None]:
    """Have the site answer one request after the other: its threads share the tests' one connection to SQLite.

    Two in its transactions at once, as after a double click, would end each other's.
    """
    taken, answer = threading.Lock(), WSGIHandler.__call__

    def answer_alone(handler: WSGIHandler, *request: Any) -> Any:
        with taken:
            return answer(handler, *request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", answer_alone)
        yield


@pytest.fixture(scope="session", autouse=True)
def _browser_leaves_first(_one_request_at_a_time: None, live_server: Any, browser: Browser) -> Iterator[None]:
    """Let the server see its last connections end before it stops: they share the tests' database connection."""
    yield
    browser.close()
    wait_for_requests()


@pytest.fixture(autouse=True)
def _requests_end_first(transactional_db: None) -> Iterator[None]:
    """Let what a closed page still asked for be answered before the tables are emptied under it.

    Set up before the test's own pages are, so that it ends after they are closed.
    """
    yield
    wait_for_requests()


def wait_for_requests() -> None:
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(5)


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the running site; mails link to it, and go out at once."""
    settings.SITE_URL = live_server.url
    settings.NEWSLETTER_DELAY = 0
    return str(live_server.url)


def sign_in(page: Page, site: str) -> None:
    """Have a member of staff be signed in, as if by the form; tests/browser/test_staff_journey.py fills it in."""
    client = Client()
    client.force_login(make_staff("moderator"))
    bring_session(page.context, client, site)


def bring_session(context: BrowserContext, client: Client, site: str) -> None:
    """Give a browser the session of a client."""
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def sign_out(tab: Page, site: str) -> None:
    tab.goto(f"{site}/admin/")
    tab.locator("#logout-form button").click()
    tab.wait_for_load_state()


def sign_in_again(tab: Page, site: str, username: str) -> None:
    """Fill in the form, after which there is another session, and another of Django's tokens."""
    tab.goto(f"{site}/admin/login/")
    tab.get_by_label("Username").fill(username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()
    expect(tab).to_have_url(f"{site}/admin/")
