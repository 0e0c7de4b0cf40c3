from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.discovery import links, listings, shapes
from aggregator.extraction.page import Page
from aggregator.items import Found

SITE = "https://dam-times.example"


def articles(html: str, url: str = f"{SITE}/valley/", learned: shapes.Learned = listings.NOTHING) -> list[Found]:
    return listings.articles(Page.parse(html, url, datetime(2024, 5, 17, tzinfo=UTC)), "dam_times", learned)


def paths(html: str, url: str = f"{SITE}/valley/") -> list[str]:
    return [found.url.removeprefix(SITE) for found in articles(html, url)]


def card(path: str, title: str) -> str:
    return (
        f'<article><a href="{path}"><img src="x.jpg"></a><h3><a href="{path}">{title}</a></h3><p>Teaser</p></article>'
    )


def menu(*links: tuple[str, str]) -> str:
    return "<nav><ul>" + "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in links) + "</ul></nav>"


HEADLINES = (
    "Dam holds after the rain",
    "Mill burns to the ground",
    "Ferry fares rise once more",
    "Lock keeper retires at last",
)
STORIES = {
    "/dam-holds-after-rain": "Dam holds after a night of heavy rain",
    "/mill-fire": "Fire at the old mill leaves three families homeless",
    "/ferry-fares-rise": "Ferry fares to rise for the third time this year",
}
CARDS = "".join(card(path, title) for path, title in STORIES.items())
SECTIONS = menu(
    ("/", "Home"), ("/valley/", "Valley"), ("/sports/", "Sports"), ("/hills-and-valleys/", "Hills and valleys")
)


def test_cards_are_stories_and_menus_are_not() -> None:
    found = articles(SECTIONS + CARDS)
    assert [one.url for one in found] == [SITE + path for path in STORIES]
    assert [one.title for one in found] == list(STORIES.values())
    assert found[0].via == [f"listing:{SITE}/valley/"]


def test_stories_in_a_mega_menu_count_as_their_urls_do() -> None:
    stories = [(f"/2024/05/17/dam-holds-{n}", title) for n, title in enumerate(HEADLINES)]
    sections = [(f"/category/{name}/", name) for name in ("valley", "hills", "towns", "people-and-places")]
    assert paths(menu(*sections, *stories)) == [path for path, _ in stories]


TITLES = {
    "the heading of a card that is one link": '<a href="/2024/dam-holds"><h3>Dam holds</h3><p>After heavy rain</p></a>',
    "an aria-label of an empty link": '<a href="/2024/dam-holds" aria-label="Dam holds"></a>',
    "the picture's alt": '<a href="/2024/dam-holds"><img alt="Dam holds"></a>',
    "the title attribute": '<a href="/2024/dam-holds" title="Dam holds"></a>',
    "not the style sheet in a thumbnail": '<a href="/2024/dam-holds"><style>.x{color:red}</style>Dam holds</a>',
    "the longest of several": '<a href="/2024/dam-holds">Dam</a><a href="/2024/dam-holds">Dam holds</a>',
    "the heading before a longer teaser": '<h2><a href="/2024/dam-holds">Dam holds</a></h2>'
    '<p><a href="/2024/dam-holds">After a night of heavy rain the dam</a></p>',
    "not what all cards say": '<h3><a href="/2024/dam-holds">Dam holds</a></h3>'
    '<a href="/2024/dam-holds">Read the story</a><a href="/2024/mill-burns">Read the story</a>'
    '<a href="/2024/ferry-late">Read the story</a>',
}  # fmt: skip


@pytest.mark.parametrize("html", TITLES.values(), ids=TITLES.keys())
def test_the_title_is(html: str) -> None:
    assert articles(html)[0].title == "Dam holds"


FORMS = {
    "a date and a slug": [f"/2024/05/17/dam-holds-{n}" for n in range(3)],
    "a date in the slug": [f"/news/20240517-dam-holds-{n}" for n in range(3)],
    "a number at the end": [f"/valley/article10245{n}.html" for n in range(3)],
    "a number alone": [f"/story/10245{n}" for n in range(3)],
    "an identifier": [f"/news/articles/c62662gzlp{n}o" for n in range(3)],
    "a query": [f"/?p=10245{n}" for n in range(3)],
    "a query to a script": [f"/news.php?id=10245{n}" for n in range(3)],
    "a folder of stories": [f"/stories/dam-{n}-holds-out" for n in range(3)],
    "a slug that is long": [f"/why-the-dam-in-the-north-still-holds-{n}" for n in range(3)],
    "a slug in another script": [f"/ダムは大雨のあとも持ちこたえている-{n}" for n in range(3)],
}


@pytest.mark.parametrize("links", FORMS.values(), ids=FORMS.keys())
def test_urls_that_look_like_stories(links: list[str]) -> None:
    rows = (
        f'<li><a href="{path}">{title}, says the mayor</a></li>' for path, title in zip(links, HEADLINES, strict=False)
    )
    assert len(paths(SECTIONS + "".join(rows))) == 3


NO_STORIES = {
    "tags and categories": ["/tag/dams-and-weirs", "/category/the-valley-and-the-hills", "/topics/heavy-rain-in-may"],
    "people": ["/author/ann-vale-of-dam-town", "/people/bo-hill-of-mill-town", "/profile/7654321"],
    "months and days": ["/2024/05/", "/?m=202405", "/2024/05/17/", "/archive/20240517"],
    "categories by number": ["/?cat=1", "/?cat=22", "/index.php?cat=333"],
    "further pages": ["/valley/page/2/", "/?paged=2", "/?page=3"],
    "comments": ["/forums/node/1617764", "/comments/1617765", "/comments.pl?sid=1617766"],
    "pictures and documents": ["/2024/05/dam-in-the-evening.jpg", "/files/report-on-the-dam.pdf", "/feed.xml"],
    "videos and sounds": [
        "/video/dam-holds-in-the-north-1024511",
        "/news/videos/c62662gzlp8o",
        "/podcasts/dam-talk-10245",
    ],
    "shops": ["/products/dam-holds-t-shirt-in-blue", "/shop/a-mug-of-the-old-mill", "/cart/"],
    "service pages": ["/about-us/", "/privacy-policy/", "/terms-and-conditions/"],
    "a help centre": [
        "https://help.dam-times.example/articles/1024511",
        "https://shop.dam-times.example/articles/1024512",
    ],
    "the page itself": ["/valley/", "/valley/?sort=date", "#top", "/valley/#comments"],
    "no pages": ["javascript:void(0)", "mailto:a@b.example", "tel:123", "http://[x", ""],
    "share buttons": ["https://www.facebook.com/sharer.php?u=https%3A%2F%2Fdam-times.example%2F2024%2Fdam-holds"],
}


@pytest.mark.parametrize("links", NO_STORIES.values(), ids=NO_STORIES.keys())
def test_urls_that_are_none(links: list[str]) -> None:
    html = CARDS + "".join(f'<li><a href="{path}">The valley, number {n}</a></li>' for n, path in enumerate(links))
    assert paths(html) == list(STORIES)


def test_a_story_counts_once_whatever_is_appended() -> None:
    links = ["/2024/dam-holds", "/2024/dam-holds/", "/2024/dam-holds#comments", "/2024/dam-holds?from=home"]
    tracked = ["/2024/mill-burns?utm_source=home", "/2024/mill-burns?utm_source=menu"]
    assert paths("".join(f'<a href="{path}">Valley</a>' for path in links + tracked)) == [links[0], tracked[0]]


def test_stories_that_differ_by_a_number_only() -> None:
    html = "".join(f'<h2><a href="/?p={n}">Story number {n} of the valley</a></h2>' for n in (1, 20, 300))
    assert paths(html, f"{SITE}/?cat=1") == ["/?p=1", "/?p=20", "/?p=300"]


def test_words_in_wide_script_are_headlines() -> None:
    titles = [
        "大雨のあともダムは持ちこたえた",
        "古い水車小屋で火事、三家族が家を失う",
        "渡し船の運賃、今年三度目の値上げへ",
    ]
    html = "".join(f'<h3><a href="/damu-no-gate-{n}/">{title}</a></h3>' for n, title in enumerate(titles))
    assert len(paths(html)) == 3


def test_shapes_known_from_a_feed_beat_any_other_sign() -> None:
    html = '<a href="/otello/kritik">Otello</a><a href="/fidelio/kritik">Fidelio</a><a href="/otello/karten">Karten</a>'
    assert articles(html) == []
    learned = shapes.Learned(stories=frozenset({shapes.shape(f"{SITE}/notiz/2024/7")}))
    html = "".join(f'<a href="/notiz/2024/{n}">Nr. {n}</a>' for n in range(1, 4)) + SECTIONS
    assert len(articles(html, learned=learned)) == 3


def test_shapes_that_led_to_lists_only_are_left_out() -> None:
    html = "".join(
        f'<h3><a href="/dossier/1024{n}-dam-and-rain">{title}, says the mayor</a></h3>'
        for n, title in enumerate(HEADLINES)
    )
    assert len(articles(html)) == len(HEADLINES)
    learned = shapes.Learned(others=frozenset({shapes.shape(f"{SITE}/dossier/10240-dam-and-rain")}))
    assert articles(html, learned=learned) == []


# --- Link aggregators ----------------------------------------------------------------------------------------------

OUTSIDE = [
    ("https://mill-post.example/2024/05/17/mill-burns", "Mill burns to the ground overnight"),
    ("https://ferry.example/news/1024511", "Ferry fares to rise for the third time"),
    ("https://hill.example/a-road-to-nowhere-and-back", "A road to nowhere and back again"),
    ("https://weir.example/story/1024512", "The weir that held back a river"),
    ("https://lock.example/2024/lock-keeper-retires", "Lock keeper retires after fifty years"),
]


def pile(*links: tuple[str, str]) -> str:
    rows = (
        f'<tr><td><a href="{url}">{title}</a></td></tr>'
        f'<tr><td><a href="/item?id={10245 + n}">{n} comments</a></td></tr>'
        for n, (url, title) in enumerate(links)
    )
    return f"<table>{''.join(rows)}</table>"


def test_the_stories_of_a_link_aggregator_lie_elsewhere() -> None:
    html = (
        pile(*OUTSIDE)
        + '<a href="https://hill.example/">Hill</a><a href="https://x.com/dam/status/1024511">Follow us at our page</a>'
    )
    assert [found.url for found in articles(html, f"{SITE}/")] == [url for url, _ in OUTSIDE]


def test_a_news_page_with_partner_links_is_no_link_aggregator() -> None:
    stories = "".join(card(f"/2024/05/dam-holds-{n}", f"Dam holds for day {n} after rain") for n in range(6))
    assert len(paths(stories + pile(*OUTSIDE))) == 6


def test_links_within_sentences_do_not_make_a_link_aggregator() -> None:
    text = "".join(
        f"<p>As was told in the valley, <a href='{url}'>{title}</a>, and more.</p>" for url, title in OUTSIDE
    )
    assert articles(text, f"{SITE}/") == []


def test_a_redirector_is_seen_through() -> None:
    passed = [(f"/out?url={url.replace(':', '%3A').replace('/', '%2F')}", title) for url, title in OUTSIDE]
    assert [found.url for found in articles(pile(*passed), f"{SITE}/")] == [url for url, _ in OUTSIDE]


@pytest.mark.parametrize("mark", ['<a rel="sponsored nofollow" ', '<div class="teaser sponsored-post"><a '])
def test_paid_stories_are_marked(mark: str) -> None:
    html = CARDS + f'{mark}href="/2024/05/buy-a-boat-at-mill-yard">Buy a boat at the mill yard today</a>'
    assert [found.sponsored for found in articles(html)] == [None, None, None, "rel or class"]


# --- Bounds --------------------------------------------------------------------------------------------------------


def test_a_page_of_links_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "LIMIT", 50)
    assert len(paths("".join(f'<a href="/2024/dam-holds-{n}">Dam holds, {n}</a>' for n in range(500)))) == 50


def test_links_in_links_in_links() -> None:
    assert paths("<div>" * 1000 + CARDS) == list(STORIES)


@pytest.mark.parametrize("html", ["<p>No links", "<html></html>", "<a>", "<a href>", '<a href="">x</a>'])
def test_a_page_without_links(html: str) -> None:
    assert articles(html) == []
