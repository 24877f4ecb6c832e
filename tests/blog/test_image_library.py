"""The list of pictures in the admin: where each is used, which are not, and whose they are."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.sites import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image as Pillow

from blog.admin.images import ImageAdmin
from blog.models import Image, WorkingCopy
from tests.factories import make_author, make_image, make_page, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/image/"
NAMES = [f"{index:024x}-1600x900.webp" for index in range(10)]


def make_named_image(index: int, **values: Any) -> Image:
    """Make a picture with a name as blog/images.py gives it."""
    image = make_image(**values)
    Image.objects.filter(pk=image.pk).update(file=f"images/{NAMES[index]}")
    return Image.objects.get(pk=image.pk)


def shown(page: str) -> dict[str, str]:
    """Return the description of each picture in the list, and what stands in its column of uses."""
    rows = BeautifulSoup(page, "html.parser").select("#result_list tbody tr")
    return {
        row.select_one(".field-__str__").get_text(): row.select_one(".field-used_in").get_text()  # type: ignore[union-attr]
        for row in rows
    }


@pytest.fixture
def library() -> None:
    """One picture for every way of using one, and one that nobody uses."""
    make_post(title="Covered", cover=make_image(alt="cover"))
    make_author("Ann", portrait=make_image(alt="portrait"))
    make_post(title="Shown", source=f"![a]({make_named_image(1, alt='in a post').file.url})")
    make_page(title="About", source=f'<img src="/media/images/{NAMES[2][:-5]}-480.avif">')
    make_named_image(2, alt="small on a page")
    WorkingCopy.objects.create(
        user=make_staff(), tab="1", kind="post", values={"source": f"![a]({make_named_image(3, alt='typed').file.url})"}
    )
    make_named_image(4, alt="nowhere")


@pytest.mark.usefixtures("library")
def test_each_picture_says_where_it_is_used(admin_client: Client) -> None:
    assert shown(admin_client.get(LIST).text) == {
        "cover": "Covered",
        "portrait": "Ann",
        "in a post": "Shown",
        "small on a page": "About",
        "typed": "a text that is being written",
        "nowhere": "nothing",
    }


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("used", "expected"),
    [("no", {"nowhere"}), ("yes", {"cover", "portrait", "in a post", "small on a page", "typed"})],
)
def test_the_unused_ones_can_be_listed(admin_client: Client, used: str, expected: set[str]) -> None:
    assert set(shown(admin_client.get(f"{LIST}?used={used}").text)) == expected


def test_used_twice_it_is_named_twice_and_a_post_but_once(admin_client: Client) -> None:
    image = make_named_image(1, alt="a")
    make_post(title="Both", source=f"![a]({image.file.url}) ![a]({image.file.url})", cover=image)
    make_page(title="About", source=f"![a]({image.file.url})")

    assert shown(admin_client.get(LIST).text) == {"a": "Both, About"}


def test_the_list_asks_as_often_for_one_as_for_many(
    admin_client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    make_post(cover=make_image(uploaded_by=make_staff()))
    admin_client.get(LIST)  # what Django remembers from a first visit on
    with django_assert_max_num_queries(15) as few:
        admin_client.get(LIST)

    for index in range(10):
        image = make_named_image(index, uploaded_by=make_staff())
        make_post(cover=image, source=f"![a]({image.file.url})")
        make_author(portrait=image)
    with django_assert_num_queries(len(few)):
        admin_client.get(LIST)


def test_an_author_sees_only_their_own_and_no_title_of_a_draft_that_is_not_theirs(client: Client) -> None:
    writer = make_person("Author")
    own = make_image(alt="mine", uploaded_by=writer)
    other = make_image(alt="theirs", uploaded_by=make_staff())
    make_post(title="A secret draft", cover=own, published_at=None)
    client.force_login(writer)

    page = client.get(LIST).text

    assert shown(page) == {"mine": "a text of somebody else"}
    assert "secret" not in page
    assert client.get(f"{LIST}{own.pk}/change/").status_code == 200
    assert client.get(f"{LIST}{other.pk}/change/").status_code == 302
    assert client.post(f"{LIST}{other.pk}/delete/", {"post": "yes"}).status_code in {302, 403, 404}
    assert Image.objects.filter(pk=other.pk).exists()


def test_the_words_of_a_picture_can_change_but_not_what_it_shows(admin_client: Client) -> None:
    image = make_image(alt="a")
    name = image.file.name

    page = admin_client.get(f"{LIST}{image.pk}/change/").text
    admin_client.post(f"{LIST}{image.pk}/change/", {"alt": "b", "caption": "", "focus": "top", "file": "x"})

    image.refresh_from_db()
    assert (image.alt, image.focus, image.file.name) == ("b", "top", name)
    assert 'name="file"' not in page
    assert f"![a]({image.file.url})" in page


def test_a_picture_added_here_is_its_senders(client: Client) -> None:
    writer = make_person("Author")
    client.force_login(writer)
    file = BytesIO()
    Pillow.new("RGB", (8, 5)).save(file, "PNG")
    sent = SimpleUploadedFile("a.png", file.getvalue())

    answer = client.post(f"{LIST}add/", {"file": sent, "alt": "a", "caption": "", "focus": "centre"})

    assert answer.status_code == 302
    assert Image.objects.get(alt="a").uploaded_by == writer


def test_many_deleted_at_once_take_their_files_along(django_capture_on_commit_callbacks: Any) -> None:
    images = [make_image(), make_image()]
    request = RequestFactory().post(LIST)

    with django_capture_on_commit_callbacks(execute=True):
        ImageAdmin(Image, site).delete_queryset(request, Image.objects.all())

    assert not any(image.file.storage.exists(str(image.file.name)) for image in images)
