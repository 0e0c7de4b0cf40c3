from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

from aggregator.discovery import links
from aggregator.discovery.links import Link
from aggregator.extraction.page import Page


def page(html: str) -> Page:
    return Page.parse(html, "https://dam-times.example/valley/", datetime(2024, 5, 17, tzinfo=UTC))


def one(html: str) -> Link:
    (link,) = links.collect(page(html))
    return link


def test_addresses_are_absolute_and_without_fragment() -> None:
    html = """<base href="/base/"><a href="dam#top"></a>
      <a href="//mill.example/x"></a><a href=" https://weir.example/b "></a>
      <a href="mailto:a@b.example"></a><a href="#x"></a><a href="javascript:x()"></a><a href="http://[x"></a><a></a>
      <a href="http://a\u2100b.example/"></a>"""
    assert [link.url for link in links.collect(page(html))] == [
        "https://dam-times.example/base/dam",
        "https://mill.example/x",
        "https://weir.example/b",
    ]


def test_words_are_what_a_reader_sees() -> None:
    link = one(
        '<a href="/x"><style>a{}</style><svg><title>I</title></svg> Dam <script>x</script>\n holds<!-- c --> </a>'
    )
    assert link.text == "Dam holds"


def test_the_place_of_a_link() -> None:
    place = one('<article><h2 class="title title-7"><a href="/x">Dam</a></h2></article>').place
    assert (place.heading, place.navigation, place.signature[:2]) == (True, False, ("h2.title", "article."))


def test_navigation_is_known_by_name_but_not_the_body_s() -> None:
    assert one('<div class="main-menu"><ul><li><a href="/x">Dam</a></div>').place.navigation
    assert one('<div id="footer"><a href="/x">Dam</a></div>').place.navigation
    assert not one('<body class="sticky-navigation"><a href="/x">Dam</a>').place.navigation
    assert not one('<div class="menus-of-the-valley"><a href="/x">Dam</a></div>').place.navigation


def test_a_link_within_a_sentence() -> None:
    assert one('<p>As was told in the valley, <a href="/x">the dam</a>.</p>').inline
    assert not one('<li><a href="/x">The dam</a> (4)</li>').inline


def test_links_are_collected_once_a_page() -> None:
    shared = page('<a href="/x">Dam</a>')
    assert links.collect(shared) is links.collect(shared)


def test_links_in_each_other_take_time_by_their_number_and_not_by_its_square() -> None:
    nested = page("<a href=/x><div>" * 300 + "word " * 200_000)
    before = process_time()
    found = links.collect(nested)
    assert process_time() - before < 1.5  # else 4 s
    assert len(found) == 300
    assert max(len(link.text) for link in found) <= 2_000
