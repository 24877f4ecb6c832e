"""Writers whose browser dies, who work on one post at once, or who leave without saving."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_playwright import CreateContextCallback

from blog.models import Post, WorkingCopy
from tests.browser.conftest import bring_session, sign_in_again, sign_out
from tests.factories import make_page, make_post, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Desk = Callable[..., Page]

KEPT_AFTER = 2000  # milliseconds without a keystroke


@pytest.fixture
def browser_context_args() -> dict[str, object]:
    """Each browser here says for itself whether it runs scripts."""
    return {}


@pytest.fixture
def desk(new_context: CreateContextCallback, site: str) -> Desk:
    """Open a page in a browser of its own, where this person is signed in and the clock can be put forward."""

    def open_desk(client: Client, java_script_enabled: bool = True) -> Page:
        context = new_context(java_script_enabled=java_script_enabled)
        bring_session(context, client, site)
        context.clock.install()
        return context.new_page()

    return open_desk


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(make_staff(name.lower(), first_name=name))
    return client


def type_into(page: Page, words: str) -> None:
    """Type at the end of the text, and let the time go by after which it is kept."""
    page.locator("#id_source").press("End")
    page.locator("#id_source").press_sequentially(words)
    page.clock.fast_forward(KEPT_AFTER)
    expect(page.locator("#kept")).to_contain_text("Kept at")


def kill(page: Page) -> None:
    context: BrowserContext = page.context
    context.close()


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_who_loses_the_browser_finds_the_words_again(desk: Desk, site: str, with_script: bool) -> None:
    post, kim = make_post(source="Public."), signed_in("Kim")
    page = desk(kim)
    page.goto(f"{site}/admin/blog/post/{post.pk}/change/")
    type_into(page, " And a thought.")

    kill(page)

    page = desk(kim, java_script_enabled=with_script)
    page.goto(site + post.get_absolute_url())
    expect(page.locator(".text")).to_have_text("Public.")
    page.goto(f"{site}/admin/blog/post/{post.pk}/change/")
    page.get_by_text("What is new in it").click()
    expect(page.locator(".desk-note ins")).to_have_text(" And a thought.")
    page.get_by_role("link", name="Take over this text").click()
    expect(page.locator("#id_source")).to_have_value("Public. And a thought.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert Post.objects.get().source == "Public. And a thought."
    assert not WorkingCopy.objects.exists()


def test_a_new_text_that_was_never_saved_is_found_on_the_list(desk: Desk, site: str) -> None:
    kim = signed_in("Kim")
    page = desk(kim)
    page.goto(f"{site}/admin/blog/post/add/")
    page.locator("#id_title").fill("A beginning")
    type_into(page, "Once.")

    kill(page)

    page = desk(kim)
    page.goto(f"{site}/admin/blog/post/")
    page.get_by_role("link", name="A beginning").click()
    expect(page.locator("#id_title")).to_have_value("A beginning")
    expect(page.locator("#id_source")).to_have_value("Once.")
    page.goto(f"{site}/admin/blog/post/add/")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".messagelist")).to_contain_text("The unsaved text is gone.")
    assert not WorkingCopy.objects.exists()


def test_two_people_on_one_post_lose_neither_text(desk: Desk, site: str) -> None:
    post = make_post(source="Here.")
    kim, lee = desk(signed_in("Kim")), desk(signed_in("Lee"))
    for page in [kim, lee]:
        page.goto(f"{site}/admin/blog/post/{post.pk}/change/")
    type_into(lee, " By Lee.")

    type_into(kim, " By Kim.")
    expect(kim.locator("#kept")).to_contain_text("Being written on right now, too: Lee")
    kim.get_by_role("button", name="Save", exact=True).click()
    expect(kim.locator(".messagelist")).to_contain_text("changed successfully")
    type_into(lee, " More.")
    expect(lee.locator("#kept")).to_contain_text("Kim saved this")
    lee.get_by_role("button", name="Save", exact=True).click()

    expect(lee.locator(".errornote + .errorlist")).to_contain_text("Kim saved this text on")
    expect(lee.locator(".desk-note del")).to_have_text("Kim")
    expect(lee.locator("#id_source")).to_have_value("Here. By Lee. More.")
    assert Post.objects.get().source == "Here. By Kim."
    lee.get_by_label("Save mine over it").check()
    lee.get_by_role("button", name="Save", exact=True).click()
    expect(lee.locator(".messagelist")).to_contain_text("changed successfully")
    assert Post.objects.get().source == "Here. By Lee. More."

    lee.goto(f"{site}/admin/blog/post/{post.pk}/history/")
    lee.get_by_role("row", name="Kim").get_by_role("link").click()
    lee.get_by_role("link", name="Restore this text…").click()
    lee.get_by_role("button", name="Restore it").click()
    lee.goto(site + post.get_absolute_url())
    expect(lee.locator(".text")).to_have_text("Here. By Kim.")


def test_leaving_asks_only_while_something_is_unsaved(desk: Desk, site: str) -> None:
    about = make_page(source="About.")
    page = desk(signed_in("Kim"))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    path = f"{site}/admin/blog/page/{about.pk}/change/"

    page.goto(path)
    page.locator("#id_source").click()
    page.goto(path)
    assert asked == []

    type_into(page, " More.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert asked == []

    type_into(page, " And more.")
    page.goto(path)
    assert asked == ["beforeunload"]


def test_who_signs_in_again_in_another_tab_goes_on_writing(desk: Desk, site: str) -> None:
    page = desk(signed_in("Kim"))
    page.goto(f"{site}/admin/blog/post/add/")
    page.locator("#id_title").fill("A beginning")
    type_into(page, "Once.")
    other = page.context.new_page()
    sign_out(other, site)
    page.locator("#id_source").press_sequentially(" Then.")
    page.clock.fast_forward(KEPT_AFTER)
    expect(page.locator("#kept")).to_contain_text("Not kept: you are signed out.")

    sign_in_again(other, site, "kim")
    type_into(page, " At last.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("added successfully")
    assert Post.objects.get().source == "Once. Then. At last."


def test_a_writer_hears_what_went_wrong_and_goes_on(desk: Desk, site: str) -> None:
    page = desk(signed_in("Kim"))
    page.goto(f"{site}/admin/blog/post/add/")
    page.route("**/autosave/", lambda route: route.abort())
    page.locator("#id_source").press_sequentially("Words.")
    page.clock.fast_forward(KEPT_AFTER)
    expect(page.locator("#kept")).to_contain_text("Not kept: the server did not answer.")

    page.unroute("**/autosave/")
    page.context.clear_cookies()
    page.locator("#id_source").press_sequentially(" More.")
    page.clock.fast_forward(KEPT_AFTER)
    expect(page.locator("#kept")).to_contain_text("Not kept: you are signed out.")
    expect(page.locator("#id_source")).to_have_value("Words. More.")
