"""Nothing that anybody sends gets into a page that others see (threat T14): headers, cookies, parameters."""

import itertools
from urllib.parse import quote

import pytest
from django.core.wsgi import get_wsgi_application

from operations.page_cache.addresses import PARAMETERS
from tests.operations.page_cache.counting import Counting
from tests.operations.page_cache.everywhere import an_address_of_each
from tests.wsgi import Reader

pytestmark = pytest.mark.django_db

CANARY = "canary7c1"

HEADERS = {
    "Accept": f"text/{CANARY}",
    "Accept-Charset": CANARY,
    "Accept-Language": f"{CANARY},de;q=0.9",
    "Authorization": f"Basic {CANARY}",
    "Cache-Control": f"no-cache, {CANARY}",
    "CDN-Loop": CANARY,
    "CF-Connecting-IP": CANARY,
    "Client-IP": CANARY,
    "Content-Type": f"text/{CANARY}",
    "DNT": CANARY,
    "Expect": CANARY,
    "Forwarded": f"for={CANARY};host={CANARY};proto=https",
    "From": f"{CANARY}@example.org",
    "Front-End-Https": "on",
    "HX-Request": "true",
    "If-Match": f'"{CANARY}"',
    "If-Range": f'"{CANARY}"',
    "Origin": f"https://{CANARY}.example",
    "Pragma": CANARY,
    "Prefer": CANARY,
    "Proxy": f"http://{CANARY}.example",
    "Range": "bytes=0-9",
    "Referer": f"https://{CANARY}.example/",
    "Save-Data": "on",
    "Sec-CH-Prefers-Color-Scheme": CANARY,
    "Sec-Fetch-Site": "cross-site",
    "Sec-GPC": "1",
    "TE": CANARY,
    "True-Client-IP": CANARY,
    "Upgrade": CANARY,
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": CANARY,
    "Via": f"1.1 {CANARY}",
    "X-Csrftoken": CANARY,
    "X-Forwarded-For": CANARY,
    "X-Forwarded-Host": f"{CANARY}.example",
    "X-Forwarded-Port": "1337",
    "X-Forwarded-Prefix": f"/{CANARY}",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Scheme": CANARY,
    "X-Forwarded-Server": f"{CANARY}.example",
    "X-Ghost-Preview": CANARY,
    "X-Host": f"{CANARY}.example",
    "X-HTTP-Method": "POST",
    "X-HTTP-Method-Override": "DELETE",
    "X-Method-Override": "PUT",
    "X-Original-Host": f"{CANARY}.example",
    "X-Original-URL": f"/{CANARY}",
    "X-Real-IP": CANARY,
    "X-Requested-With": "XMLHttpRequest",
    "X-Rewrite-URL": f"/{CANARY}",
    "X-Script-Name": f"/{CANARY}",
    "X-Wap-Profile": f"http://{CANARY}.example/",
}
COOKIES = {
    "theme": f"</style><b>{CANARY}",
    "color_scheme": CANARY,
    "csrftoken": CANARY,
    "django_language": "de",
    "messages": CANARY,
    "preview": CANARY,
}
QUERIES = [
    f"{name}={CANARY}"
    for name in (
        "utm_source",
        "utm_campaign",
        "fbclid",
        "gclid",
        "ref",
        "from",
        "q",
        "preview",
        "theme",
        "lang",
        "sent",
    )
]
QUERIES += [
    f"callback={CANARY}",
    f"_method={CANARY}",
    f"{CANARY}",
    f"%00={CANARY}",
    f"a[]={CANARY}&a[]=2",
    f"a={CANARY};b",
]


@pytest.fixture
def addresses() -> dict[str, str]:
    return an_address_of_each()


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={quote(value)}" for name, value in cookies.items())}


EACH = [("", {name: value}) for name, value in HEADERS.items()]
EACH += [("", cookie_header({name: value})) for name, value in COOKIES.items()]
EACH += [(f"?{query}", {}) for query in QUERIES]
MANY = [
    ("", HEADERS),
    ("", cookie_header(COOKIES)),
    (f"?{'&'.join(QUERIES)}", {}),
    (f"?{'&'.join(QUERIES)}", {**HEADERS, **cookie_header(COOKIES)}),
]


def test_no_header_cookie_or_parameter_leaves_a_trace_on_any_page(addresses: dict[str, str]) -> None:
    assert len(EACH) >= 40
    for name, address in addresses.items():
        # All at once everywhere; one by one, lest one hides what another does, where most is shown.
        assert_nothing_is_left(address, [*MANY, *EACH] if name == "post" else MANY)


def assert_nothing_is_left(address: str, attacks: list[tuple[str, dict[str, str]]]) -> None:
    expected = Reader(get_wsgi_application()).get(address)
    assert expected.status == 200, address
    site = Counting()
    for query, headers in attacks:
        site.write()  # nothing is kept now: who comes first has the page made
        site.get(f"{address}{query}", headers)

        page = site.get(address)

        assert page.content == expected.content, (address, query, headers)
        assert CANARY not in str(page.headers)
        assert "set-cookie" not in page.headers


VALUES = [CANARY, "1", "0", "-1", "2", '"><script>', "%00", "9" * 30]


def test_a_parameter_that_is_known_changes_its_own_page_only(addresses: dict[str, str]) -> None:
    for name, known in PARAMETERS.items():
        for parameter, value in itertools.product(sorted(known), VALUES):
            site = Counting()
            asked = f"{addresses[name]}?{parameter}={quote(value)}"
            plain, other = Reader(site.behind).get(addresses[name]), Reader(site.behind).get(asked)

            for _ in range(2):
                assert site.get(asked).content == other.content, asked
                assert site.get(addresses[name]).content == plain.content, asked


def test_a_question_mark_within_a_path_is_no_query(addresses: dict[str, str]) -> None:
    site = Counting()
    tag = addresses["tag"]
    second = site.get(f"{tag}?page=2")

    answer = site.get(tag, PATH_INFO=f"{tag}?page=2")

    assert (second.status, answer.status) == (200, 404)
