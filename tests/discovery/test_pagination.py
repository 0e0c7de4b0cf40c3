from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.discovery import pagination
from aggregator.extraction.page import Page

SITE = "https://dam-times.example"


def next_page(html: str, at: str = "/valley/") -> str | None:
    url = pagination.next_page(Page.parse(html, SITE + at, datetime(2024, 5, 17, tzinfo=UTC)))
    return url.removeprefix(SITE) if url else None


SIGNS = {
    "rel": '<a rel="next" href="/valley/page/2/"><i></i></a>',
    "words": '<a href="/valley/page/2/">Next page</a>',
    "words and an arrow": '<a href="/valley/page/2/">Next &raquo;</a>',
    "words with a count": '<a href="/valley/page/2/">Next 20 &rsaquo;</a>',
    "words with an aside": '<a title="Next Page - Results 21 to 40 of 201" href="/valley/page/2/">&nbsp;</a>',
    "an aria-label": '<a aria-label="Next page" href="/valley/page/2/"><svg><title>x</title></svg></a>',
    "an arrow": '<a href="/valley/page/2/">›</a>',
    "an icon": '<a href="/valley/page/2/"><i class="td-icon-menu-right"></i></a>',
    "a class": '<a class="nextpostslink" href="/valley/page/2/">+</a>',
    "a class around": '<li class="pager-next"><a href="/valley/page/2/">+</a></li>',
    "older posts": '<div class="nav-previous"><a href="/valley/page/2/">&larr; Older posts</a></div>',
    "more": '<a href="/valley/page/2/">Load more</a>',
    "German": '<a href="/valley/page/2/">Nächste Seite »</a>',
    "French": '<a href="/valley/page/2/">Articles plus anciens</a>',
    "Spanish": '<a href="/valley/page/2/">Siguiente</a>',
    "Russian": '<a href="/valley/page/2/">Далее →</a>',
    "Turkish": '<a href="/valley/page/2/">SONRAKİ SAYFA</a>'.replace("İ", "i"),
    "Japanese": '<a href="/valley/page/2/">次のページ</a>',
    "Arabic": '<a href="/valley/page/2/">التالي</a>',
    "Hindi": '<a href="/valley/page/2/">अगला</a>',
}


@pytest.mark.parametrize("html", SIGNS.values(), ids=SIGNS.keys())
def test_a_link_that_says_next(html: str) -> None:
    assert next_page(html) == "/valley/page/2/"


FORMS = [
    ("/valley/", "/valley/page/2/", "/valley/page/3/"),
    ("/valley", "/valley?page=2", "/valley?page=3"),
    ("/valley", "/valley?page=1", "/valley?page=2"),
    ("/?cat=4", "/?cat=4&paged=2", "/?cat=4&paged=3"),
    ("/valley", "/valley?start=20", "/valley?start=40"),
    ("/valley", "/valley/p2", "/valley/p3"),
    ("/valley/", "/valley//p2", "/valley//p3"),
    ("/valley/", "/valley/2", "/valley/3"),
    ("/valley/", "/valley/page-2", "/valley/page-3"),
    ("/valley/", "/valley/index2.html", "/valley/index3.html"),
    ("/valley.html", "/valley-2.html", "/valley-3.html"),
    ("/valley.html", "/valley.html?ajax=0&p=2", "/valley.html?ajax=0&p=3"),
    ("/2024/05/", "/2024/05/page/2/", "/2024/05/page/3/"),
    ("/list.php?f=4", "/list.php?f=4&page=2&order=desc", "/list.php?f=4&page=3&order=desc"),
    ("/", "/search?updated-max=2024-05-01T00:00&max-results=7", "/search?updated-max=2024-04-01T00:00&max-results=7"),
]


@pytest.mark.parametrize(("first", "second", "third"), FORMS, ids=[second for _, second, _ in FORMS])
def test_forms_of_pages(first: str, second: str, third: str) -> None:
    pager = '<div class="pager"><a href="{}">Newer</a> <a href="{}">Older</a></div>'
    assert next_page(pager.format(first, second), first) == second
    assert next_page(pager.format(first, third), second) == third
    if "updated-max" not in third:  # a mark has no order
        assert next_page(pager.format(second, second), third) is None


CARDS = "".join(
    f'<h2><a href="/2024/05/1{n}/dam-holds-{n}">Dam holds for day {n} after rain</a></h2>' for n in range(6)
)
NUMBERS = '<a href="/valley/?page=1">1</a> <b>2</b> <a href="/valley/?page=3">3</a> <a href="/valley/?page=9">9</a>'


def test_bare_numbers_count_on_a_page_of_articles_only() -> None:
    assert next_page(CARDS + NUMBERS, "/valley/?page=2") == "/valley/?page=3"
    assert next_page(NUMBERS, "/valley/?page=2") is None
    assert next_page(CARDS + NUMBERS, "/valley/?page=9") is None
    assert (
        next_page(CARDS + '<b>1</b> <a href="/valley/?page=2">2</a> <a href="/valley/?page=3">3</a>')
        == "/valley/?page=2"
    )


NONE = {
    "teasers that say more": '<a class="more-link" href="/2024/dam-holds/">More »</a>',
    "teasers by number": '<a href="/valley/?p=1234">More</a><a class="next" href="/valley/1234">More</a>',
    "the next story": '<div class="nav-links"><a rel="next" href="/2024/mill-burns/">Next</a></div>',
    "the next story's file": '<div class="pager"><a rel="next" href="/2024/mill-burns-2.html">Next story</a></div>',
    "a slide show": '<a class="next" href="#">Next</a><a class="next" href="javascript:void(0)">›</a>',
    "a calendar": f'{CARDS}<a href="/2024/05/2">2</a><a href="/?m=20240503">3</a><a href="/2024/06/">Jun »</a>',
    "results a page": f'{CARDS}<a href="/valley/?limit=2">2</a><a href="/valley/?limit=50">50</a>',
    "the page itself": '<a rel="next" href="/valley/">Next</a><a rel="next" href="/valley/#top">Next</a>',
    "the pager of a listed thread": f'{CARDS}<a href="/threads/dam-2.html">2</a><a href="/threads/dam-3.html">3</a>',
    "another listing's further pages": '<aside><a href="/hills/?page=2">More</a></aside>',
    "the same script for another listing": '<a href="/valley/?f=5&page=2">Next</a>',
    "another host's": '<div class="pager"><a href="https://mill-post.example/valley/page/2/">Next</a></div>',
    "a log-in that comes back": '<a href="/login?next=/valley/">Log in</a>',
    "the previous page's icon": '<p class="prev_next"><a rel="prev" href="?page=8"><i class="icon-right"></i></a></p>',
}  # fmt: skip


@pytest.mark.parametrize("html", NONE.values(), ids=NONE.keys())
def test_no_next_page(html: str) -> None:
    assert next_page(html, "/valley/" if "f=5" not in html else "/valley/?f=4") is None


def test_newer_is_not_next() -> None:
    pager = '<a class="next" href="/valley/page/3/">Newer posts →</a><a href="/valley/page/5/">← Older posts</a>'
    assert next_page(pager, "/valley/page/4/") == "/valley/page/5/"


def test_the_last_page_is_not_the_next() -> None:
    pager = '<a href="/valley/page/2/">›</a> <a href="/valley/page/91/">»</a>'
    assert next_page(pager) == "/valley/page/2/"


HEAD = '<head><link rel="next" href="{}"></head>'


def test_the_head_is_believed_where_the_page_does_not_contradict_it() -> None:
    assert next_page(HEAD.format("/valley/page/2/")) == "/valley/page/2/"
    assert next_page(HEAD.format("/valley/page/8/") + '<a href="/valley/page/6/">6</a>', "/valley/page/7/") is None
    assert next_page(HEAD.format("/page/2/"), "/") is None
    assert next_page(HEAD.format("/hills/page/2/")) is None


@pytest.mark.parametrize(
    "at", ["/valley/", "/valley/?page=" + "9" * 400, "/valley/page/999999999/", "/valley/%ff%fe?p=%00&p"]
)
def test_hostile_urls(at: str) -> None:
    html = "".join(
        f'<a rel="next" href="{href}">Next</a>'
        for href in (
            "/valley/?page=" + "9" * 400,
            "/valley/?page=²",
            "/valley/?page=-1",
            "http://[x/page/2",
            "?" + "page=2&" * 999,
        )
    )
    next_page(html, at)
