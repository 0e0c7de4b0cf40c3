from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregator.discovery import endpoints, listings
from aggregator.discovery.endpoints import Endpoint
from aggregator.extraction.page import Page
from aggregator.items import Found

HOST = "https://dam-times.example"
NOW = datetime(2024, 5, 17, tzinfo=UTC)
CARDS = "".join(
    f'<div class="td_module_1"><h3><a href="/2024/05/17/dam-holds-{n}/">The dam holds on its day {n}</a></h3></div>'
    for n in range(4)
)
AJAX = 'var td_ajax_url="https:\\/\\/dam-times.example\\/wp-admin\\/admin-ajax.php?td_theme_name=Newspaper&v=12.4";'


def find(html: str, at: str = "/valley/") -> list[Endpoint]:
    return endpoints.find(Page.parse(html, HOST + at, NOW))


def read(answer: Any, endpoint: Endpoint) -> tuple[list[Found], Endpoint | None]:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return endpoints.read(text, endpoint, "dam_times", NOW, listings.NOTHING)


# --- tagDiv -----------------------------------------------------------------------------------------------------------

LOOP = f"""<script>{AJAX}</script><script>
    tdAjaxLoop.loopState.sidebarPosition = '';
    tdAjaxLoop.loopState.moduleId = 10;
    tdAjaxLoop.loopState.currentPage = 1;
    tdAjaxLoop.loopState.max_num_pages = 3;
    tdAjaxLoop.loopState.atts = {{'category_id':13, 'offset' : 4}};
    tdAjaxLoop.loopState.ajax_pagination_infinite_stop = 3;</script>
    <a href="#" class="td_ajax_load_more" data-td_block_id="">Load more</a>"""


def test_the_loop_of_a_tagdiv_category() -> None:
    (second,) = find(LOOP)
    assert second.url == f"{HOST}/wp-admin/admin-ajax.php?td_theme_name=Newspaper&v=12.4"
    form = dict(second.form)
    assert form["action"] == "td_ajax_loop"
    assert (form["loopState[currentPage]"], form["loopState[moduleId]"]) == ("2", "10")
    assert (form["loopState[atts][category_id]"], form["loopState[atts][offset]"]) == ("13", "4")
    found, third = read({"server_reply_html_data": CARDS}, second)
    assert [one.title for one in found] == [f"The dam holds on its day {n}" for n in range(4)]
    assert found[0].via == [f"listing:{HOST}/valley/"]
    assert third is not None
    assert dict(third.form)["loopState[currentPage]"] == "3"
    assert read({"server_reply_html_data": CARDS}, third)[1] is None


def test_an_emoji_that_was_cut_in_half_costs_nothing() -> None:
    (second,) = find(LOOP)
    assert len(read({"server_reply_html_data": f"<p>\ud83d</p>{CARDS}"}, second)[0]) == 4


def test_an_empty_answer_ends_the_loop() -> None:
    assert read({"server_reply_html_data": ""}, find(LOOP)[0]) == ([], None)


def block(name: str, pages: int = 9, arrow: str = "td-ajax-next-page") -> str:
    return f"""<script>var block_{name} = new tdBlock();
        block_{name}.id = "{name}"; block_{name}.atts = '{{"limit":"4","title":"The dam\\'s \\/ day"}}';
        block_{name}.td_column_number = "2"; block_{name}.block_type = "td_flex_block_1";
        block_{name}.max_num_pages = "{pages}"; tdBlocksArray.push(block_{name});</script>
        <a href="#" class="{arrow}" id="next-page-{name}" data-td_block_id="{name}">next</a>"""


def test_the_blocks_of_a_tagdiv_front_page() -> None:
    (second,) = find(
        f"<script>{AJAX}</script>{block('tdi_5')}{block('tdi_6', pages=1)}{block('tdi_7', arrow='x')}", "/"
    )
    form = dict(second.form)
    assert form == {
        "action": "td_ajax_block",
        "td_atts": '{"limit":"4","title":"The dam\'s / day"}',
        "td_block_id": "tdi_5",
        "td_column_number": "2",
        "td_current_page": "2",
        "block_type": "td_flex_block_1",
        "td_filter_value": "",
    }
    found, third = read({"td_data": CARDS, "td_block_id": "tdi_5", "td_hide_next": False}, second)
    assert len(found) == 4
    assert third is not None
    assert dict(third.form)["td_current_page"] == "3"
    assert read({"td_data": CARDS, "td_hide_next": True}, second)[1] is None


def test_another_hosts_endpoint_is_left_alone() -> None:
    assert find(LOOP.replace("dam-times.example", "mill-post.example")) == []


# --- WordPress --------------------------------------------------------------------------------------------------------

API = '<link rel="https://api.w.org/" href="https://dam-times.example/wp-json/">'
POST = {
    "link": f"{HOST}/dam/",
    "date_gmt": "2024-05-17T08:00:00",
    "modified_gmt": "2024-05-17T09:00:00",
    "title": {"rendered": "Dam &#8211; it holds"},
    "excerpt": {"rendered": "<p>After a night of rain.</p>"},
    "content": {"rendered": "<p>The dam held.</p>"},
}


@pytest.mark.parametrize(
    ("classes", "at", "section"),
    [
        ("home blog", "/", {}),
        ("archive category category-valley category-13", "/valley/", {"categories": ["13"]}),
        ("archive tag tag-rain tag-7", "/tag/rain/", {"tags": ["7"]}),
    ],
)
def test_the_api_of_a_wordpress_site(classes: str, at: str, section: dict[str, list[str]]) -> None:
    (first,) = find(f'<head>{API}</head><body class="{classes}">{CARDS}</body>', at)
    parts = urlsplit(first.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{HOST}/wp-json/wp/v2/posts"
    assert section.items() <= parse_qs(parts.query).items()


def test_a_section_that_cannot_be_told_is_not_asked_for() -> None:
    assert find(f"<head>{API}</head><body>{CARDS}</body>", "/valley/") == []


def test_stories_of_the_wordpress_api() -> None:
    first = find(f"<head>{API}</head><body>{CARDS}</body>", "/")[0]
    found, more = read([POST], first)
    assert more is None
    (one,) = found
    assert (one.url, one.title, one.summary) == (f"{HOST}/dam/", "Dam – it holds", "After a night of rain.")
    assert one.content == "<p>The dam held.</p>"
    assert (one.published, one.modified) == ("2024-05-17T08:00:00+00:00", "2024-05-17T09:00:00+00:00")
    _, more = read([POST | {"link": f"{HOST}/{n}/"} for n in range(endpoints.POSTS)], first)
    assert more is not None
    assert "page=2" in more.url


def test_a_content_that_is_endless_is_not_carried_along() -> None:
    first = find(f"<head>{API}</head><body>{CARDS}</body>", "/")[0]
    (one,), _ = read([POST | {"content": {"rendered": "x" * (endpoints.CONTENT + 1)}}], first)
    assert one.content is None


def test_a_back_fill_asks_for_no_contents() -> None:
    page = Page.parse(f"<head>{API}</head><body>{CARDS}</body>", f"{HOST}/", datetime(2024, 5, 17, tzinfo=UTC))
    (whole,), (window,) = endpoints.wordpress(page), endpoints.wordpress(page, since=datetime(2024, 1, 1, tzinfo=UTC))
    assert whole.url.endswith("%2Ccontent")
    assert "content" not in window.url


@pytest.mark.parametrize(
    "answer", [{"code": "rest_forbidden"}, [], [7, None, {"link": 5}, {"link": "mailto:x"}], "<a>"]
)
def test_an_api_that_is_shut_or_talks_nonsense_gives_nothing(answer: Any) -> None:
    first = find(f"<head>{API}</head><body>{CARDS}</body>", "/")[0]
    assert read(answer, first) == ([], None)


def test_what_is_neither_json_nor_html_says_so() -> None:
    with pytest.raises(endpoints.EndpointError):
        read("Fatal error", find(LOOP)[0])


# --- Buttons ----------------------------------------------------------------------------------------------------------

BUTTONS = {
    "a data-url": '<button data-url="/api/list?offset=20" class="load-more">More</button>',
    "htmx": '<div hx-get="/api/list?offset=20" hx-trigger="revealed">Load more</div>',
    "a label in another language": '<a href="#" data-href="/api/list?offset=20">Mehr laden</a>',
}


@pytest.mark.parametrize("html", BUTTONS.values(), ids=BUTTONS.keys())
def test_a_button_that_names_its_address(html: str) -> None:
    assert [one.url for one in find(html)] == [f"{HOST}/api/list?offset=20"]


NO_BUTTONS = {
    "a section": '<a href="#" data-url="/sport/">More</a>',
    "a share button": '<a href="#" data-url="/2024/05/17/dam?page=2">Share</a>',
    "another host": '<button data-url="https://mill-post.example/api?offset=20">More</button>',
}


@pytest.mark.parametrize("html", NO_BUTTONS.values(), ids=NO_BUTTONS.keys())
def test_no_such_button(html: str) -> None:
    assert find(html) == []


ITEMS = [
    {"title": f"The dam holds on its day {n}", "url": f"/2024/05/17/dam-{n}", "published_at": "2024-05-17"}
    for n in range(5)
]
DATA: dict[str, Any] = {
    "a list": ITEMS,
    "a list within": {"data": {"items": ITEMS}, "count": 5},
    "html within": {"html": CARDS.replace("td_module_1", "card"), "more": True},
    "html": f"<div>{CARDS}</div>",
}


@pytest.mark.parametrize("answer", DATA.values(), ids=DATA.keys())
def test_stories_of_any_answer(answer: Any) -> None:
    found, more = read(answer, Endpoint("data", f"{HOST}/api/list?offset=20", f"{HOST}/valley/"))
    assert len(found) in (4, 5)
    assert found[0].title == "The dam holds on its day 0"
    assert more is not None
    assert more.url == f"{HOST}/api/list?offset={20 + len(found)}"


def test_the_answer_may_name_the_next_one() -> None:
    data = Endpoint("data", f"{HOST}/api/list?page=2", f"{HOST}/valley/")
    assert read({"items": ITEMS}, data)[1] == Endpoint("data", f"{HOST}/api/list?page=3", f"{HOST}/valley/")
    _, more = read({"items": ITEMS, "next": "/api/list?after=x7"}, data)
    assert more is not None
    assert more.url == f"{HOST}/api/list?after=x7"
    assert read({"items": []}, data) == ([], None)


def test_hostile_scripts_and_answers() -> None:
    scripts = (
        AJAX,
        "tdAjaxLoop.loopState.atts = {" + "'a':1," * 9_000,
        "block_" * 50_000,
        "block_x.atts = '" + "\\" * 90_000,
    )
    find("".join(f"<script>td {script}</script>" for script in scripts))
    data = Endpoint("data", f"{HOST}/api/list?offset=20", f"{HOST}/valley/")
    deep = "[" * 900 + "]" * 900
    assert read(deep, data) == ([], None)
