from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.extraction import origin, people
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.items import Found, Source

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://dam-times.example/dam-holds"
TITLE = "Dam holds after a week of rain"
TEXT = "<p>The dam above Ostermoor held through a week of rain.</p><p>Engineers opened two of its four gates.</p>"


def read(head: str = "", text: str = TEXT, after: str = "", heading: str = TITLE, **arrived: Any) -> origin.Origin:
    html = (
        f"<html><head><title>{TITLE}</title><meta property='og:site_name' content='Dam Times'>{head}</head><body>"
        f"<article><h1>{heading}</h1><div class=text>{text}</div>{after}</article></body></html>"
    )
    page = Page.parse(html, URL, FETCHED, **arrived)
    story = page.root.cssselect(".text")[0]
    body = Body(elements=list(story), container=story)
    return origin.read(page, body, people.read(page, body))


def name(*args: Any, **kwargs: Any) -> str | None:
    source = read(*args, **kwargs).source
    return source.name if source else None


# What the head of the page says


def test_a_canonical_url_on_another_site_names_the_source() -> None:
    url = "https://www.grist.org/energy/dam-holds"
    assert read(f'<link rel=canonical href="{url}">').source == Source("Grist", url, url)


@pytest.mark.parametrize(
    "text", ["<p>Hollow Creek Herald</p>", "<p>Rain falls - Hollow Creek Herald</p>", "<p>(Hollow Creek Herald)</p>"]
)
def test_an_outlet_is_named_as_the_page_spells_it(text: str) -> None:
    canonical = '<link rel=canonical href="https://hollow-creek-herald.com/dam-holds">'
    assert name(canonical, after=text) == "Hollow Creek Herald"
    assert name(canonical, after="<p>hollow-creek-herald.com</p>") == "hollow-creek-herald.com"


@pytest.mark.parametrize(
    "url",
    [
        "https://dam-times.example/other",
        "https://m.dam-times.example/dam-holds",
        "https://dam-times.org/dam-holds",  # the same publisher under another suffix
        "https://grist.org/",  # a bare homepage
        "https://web.archive.org/web/2024/https://dam-times.example/dam-holds",
    ],
)
def test_a_canonical_url_of_its_own_or_of_nobody_names_none(url: str) -> None:
    assert name(f'<link rel=canonical href="{url}">') is None


def test_pointers_in_metadata_count_only_where_they_leave_the_site() -> None:
    pointer = '<meta name="original-source" content="%s">'
    assert name(pointer % "https://grist.org/energy/dam-holds") == "Grist"
    assert name(pointer % URL) is None
    node = '<script type="application/ld+json">{"@type":"NewsArticle",%s}</script>'
    assert name(node % '"isBasedOn":"https://grist.org/energy/dam-holds"') == "Grist"
    assert name(node % '"isBasedOn":{"name":"A study of dams"}') is None
    assert name(node % '"sourceOrganization":{"@type":"Organization","name":"Valley Herald"}') == "Valley Herald"


@pytest.mark.parametrize(
    "name_",
    ["Dam Times", "dam-times.example", "www.dam-times.example", "Dam-Times 10/22", "D.A.M.-TimesLicense this story"],
)
def test_the_page_s_own_site_is_no_source_by_whatever_name(name_: str) -> None:
    assert name(after=f"<p>Source: {name_}</p>") is None


@pytest.mark.parametrize(
    "line", ["Source: Valley Board's Twitter", "It was originally published in 2013 and is out again."]
)
def test_an_account_on_a_network_and_a_year_are_no_outlets(line: str) -> None:
    assert name(after=f"<p>{line}</p>") is None


# What the text says


@pytest.mark.parametrize(
    "line",
    [
        "This story originally appeared on Valley Herald.",
        "This article was originally published by the Valley Herald and is republished here with permission.",
        "The post Dam holds appeared first on Valley Herald.",
        "Materials provided by Valley Herald. Content may be edited for style.",
        "Provided by Valley Herald",
        "First published by The Valley Herald",
        "Source: Valley Herald",
        "(Quelle: Valley Herald)",
        "Dieser Artikel erschien zuerst auf Valley Herald.",
        "Cet article a été initialement publié sur Valley Herald.",
        "Publicado originalmente en Valley Herald.",
        "Fuente: Valley Herald",
        "Fonte: Valley Herald",
        "Źródło: Valley Herald",
        "Zdroj: Valley Herald",
        "Источник: Valley Herald",
        "Bron: Valley Herald",
        "المصدر: Valley Herald",
        "来源：Valley Herald",
    ],
)
def test_a_last_line_names_the_source_in_many_languages(line: str) -> None:
    source = read(after=f"<p>{line}</p>").source
    assert source
    assert source.name
    assert source.name.removeprefix("The ") == "Valley Herald"
    assert source.evidence == line


def test_a_linked_source_keeps_its_address_and_a_bare_host_becomes_one() -> None:
    link = '<p>First published on <a href="https://herald.example/dams/7">the Herald</a>.</p>'
    assert read(after=link).source == Source(
        "the Herald", "https://herald.example/dams/7", "First published on the Herald."
    )
    source = read(after="<p>Originally published at www.herald-valley.org on May 3.</p>").source
    assert source
    assert (source.name, source.url) == ("herald-valley.org", "https://www.herald-valley.org")


def test_a_translation_names_an_outlet_where_it_is_known_or_linked() -> None:
    assert name(after="<p>Translated from Le Monde.</p>") == "Le Monde"
    assert name(after='<p>Translated from <a href="https://valley.example/7">Dolina</a>.</p>') == "Dolina"


def test_the_opening_line_may_name_it_too() -> None:
    assert name(text=f"<p>Courtesy of Forest News</p>{TEXT}") == "Forest News"


def test_a_headline_that_links_to_an_outlet_is_that_outlet_s() -> None:
    heading = f'<a href="https://www.latimes.com/story/dam-holds-after-rain">{TITLE}</a>'
    assert name(heading=heading) == "Los Angeles Times"


def test_a_last_line_that_is_only_a_link_to_the_story_elsewhere_names_its_site() -> None:
    link = '<p><a href="https://www.valleyherald.example/%s">Valley Herald</a></p>'
    assert name(after=link % "2024/dam-holds-after-a-week") == "Valley Herald"
    assert name(after=link % "subscribe") is None


def test_a_broadcast_is_the_station_s() -> None:
    assert name(text=f"<p>On Radio Example we talk with Ilse Brandt about gates.</p>{TEXT}") == "Radio Example"
    assert name(text=f"<p>Radio Example has a new mast above the lake.</p>{TEXT}") is None


@pytest.mark.parametrize(
    "line",
    [
        "Source: Dam Times",
        "Translated from Slovene by the Dam Times.",
        "Originally published on December 19, 2022.",
        "This article was originally published on 26 Sep 2019 at 4:12pm but has been updated since.",
        "Photo: Valley Herald",
        "The engineers are the source of all calm.",
        "With four gates the dam is ready.",
        "<figure><figcaption>Source: Valley Herald</figcaption></figure>",
        "Source: Unsplash",
    ],
)
def test_lines_that_name_no_other_outlet(line: str) -> None:
    assert name(after=f"<p>{line}</p>") is None


def test_the_feed_s_source_is_the_last_to_be_asked() -> None:
    found = Found(
        URL, "dam-times", "https://dam-times.example/feed", source="Valley Herald", source_url="https://herald.example"
    )
    assert name(found=found) == "Valley Herald"
    assert name(after="<p>Source: Grist</p>", found=found) == "Grist"


# Agencies


@pytest.mark.parametrize(
    ("text", "after", "agency"),
    [
        ("<p>OSTERMOOR (Reuters) - The dam held.</p>", "", "Reuters"),
        ("<p>Ostermoor (dpa/lno) – Der Damm hielt.</p>", "", "dpa"),
        ("<p>AFP - Le barrage a tenu.</p>", "", "Agence France-Presse"),
        (TEXT, "<p>© AFP</p>", "Agence France-Presse"),
        (TEXT, "<p>(EFE)</p>", "EFE"),
        (TEXT, "<p>Quelle: dpa</p>", "dpa"),
    ],
)
def test_an_agency_s_story_is_its_own(text: str, after: str, agency: str) -> None:
    whence = read(text=text, after=after)
    assert whence.agencies == [agency]
    assert whence.source
    assert whence.source.name == agency


@pytest.mark.parametrize("line", ["mit dpa", "Con información de EFE", "ib/PAP"])
def test_an_agency_that_only_helped_is_listed_but_is_not_the_source(line: str) -> None:
    whence = read(after=f"<p>{line}</p>")
    assert len(whence.agencies) == 1
    assert whence.source is None


def test_an_agency_alone_in_the_byline_is_the_source() -> None:
    assert name(text=f"<p class=byline>By The Associated Press</p>{TEXT}") == "Associated Press"


def test_a_page_without_text_has_no_origin() -> None:
    page = Page.parse("<p>Nothing", URL, FETCHED)
    assert origin.read(page, Body(), people.People()) == origin.Origin()
