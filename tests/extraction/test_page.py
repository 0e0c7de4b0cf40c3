from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction.page import Page

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://www.dam-times.example/news/dam-holds"


def parse(html: str | bytes, **arrived: object) -> Page:
    return Page.parse(html, URL, FETCHED, **arrived)


def test_a_relative_address_and_a_naive_moment_are_refused() -> None:
    with pytest.raises(ValueError, match="not an absolute URL: '/dam-holds'"):
        Page.parse("<p>", "/dam-holds", FETCHED)
    with pytest.raises(ValueError, match="fetched_at has no time zone: 2024-05-30"):
        Page.parse("<p>", URL, datetime(2024, 5, 30))


def test_bytes_are_decoded_by_what_the_page_or_its_headers_say() -> None:
    assert "Müller" in parse("<meta charset=latin-1><p>Müller".encode("latin-1")).root.text_content()
    headers = {"content-type": "text/html; charset=utf-8"}
    assert "Müller" in parse("<p>Müller".encode(), headers=headers).root.text_content()


def test_half_a_character_does_not_cost_the_page() -> None:
    assert parse("<p>The dam \ud83d holds").root.text_content() == "The dam ? holds"


def test_meta_contents_are_found_by_any_of_their_names_in_order() -> None:
    page = parse(
        '<meta property="OG:Title" content=" A "><meta name=og:title content=B><meta name=empty content="">'
        '<meta name=author value="Ann">'
    )
    assert page.meta == {"og:title": ["A", "B"], "author": ["Ann"]}


def test_links_are_made_absolute_against_the_base() -> None:
    assert parse("<p>").absolute("../a") == "https://www.dam-times.example/a"
    assert parse("<base href=/x/><p>").absolute("a") == "https://www.dam-times.example/x/a"
    assert parse("<base href='http://['><p>").absolute("a") == "https://www.dam-times.example/news/a"


@pytest.mark.parametrize("href", ["mailto:ilse@dam-times.example", "javascript:void(0)", "http://[broken"])
def test_what_is_no_web_address_is_none(href: str) -> None:
    assert parse("<p>").absolute(href) is None


def test_the_title_is_the_page_s_and_not_a_drawing_s() -> None:
    assert parse("<title>Dam\n holds</title><svg><title>Menu</title></svg>").title_tag == "Dam holds"
    assert parse("<p>").title_tag == ""


def test_what_was_wrong_with_json_ld_is_kept_as_a_warning() -> None:
    page = parse('<script type="application/ld+json">{"@type":"Article",}</script>')
    assert page.jsonld == [{"@type": "Article"}]
    assert page.warnings == ["json-ld: broken JSON repaired"]
