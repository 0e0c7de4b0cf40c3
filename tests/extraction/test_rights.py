from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction import rights
from aggregator.extraction.page import Page
from aggregator.items import Rights

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
TERMS = "https://creativecommons.org/licenses/by/4.0/"


def read(html: str = "", **headers: str) -> Rights:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return rights.read(Page.parse(f"<html>{html}", "https://a.example/dam", NOON, headers=named))


def test_a_page_that_says_nothing_forbids_nothing_and_permits_nothing() -> None:
    assert read("<p>The dam holds.") == Rights()


def test_the_robots_words_of_page_and_server_are_told_once_each() -> None:
    meta = '<meta name="Robots" content="NOINDEX, max-image-preview:large"><meta name=robots content="noarchive">'
    assert read(meta, x_robots_tag="noindex, nosnippet").robots == (
        "noindex, max-image-preview:large, noarchive, nosnippet"
    )


@pytest.mark.parametrize(
    ("line", "robots"),
    [
        ("otherbot: noindex, nofollow", None),
        ("noarchive, otherbot: noindex", "noarchive"),
        ("otherbot: noindex\nnoarchive", "noarchive"),
        ("otherbot: noindex, *: noarchive", "noarchive"),
        ("unavailable_after: 25 Jun 2026 15:00:00 PST", "unavailable_after: 25 jun 2026 15:00:00 pst"),
        (" , ,", None),
    ],
)
def test_what_is_said_to_another_robot_is_not_said_to_all(line: str, robots: str | None) -> None:
    assert read(x_robots_tag=line).robots == robots


@pytest.mark.parametrize(
    "agent", ["DamBot/1.0", "dambot", "Mozilla/5.0 (compatible; DamBot/2.1; +https://dam.example/)"]
)
def test_what_is_said_to_this_robot_by_its_name_counts(agent: str) -> None:
    html = "<meta name=otherbot content=noindex><meta name=dambot content=noarchive>"
    headers = {"x-robots-tag": "otherbot: nofollow, dambot: nosnippet, noai\nbot: noindex"}
    page = Page.parse(html, "https://a.example/dam", NOON, headers=headers, agent=agent)
    assert (rights.read(page).robots, rights.read(page).ai) == ("noarchive, nosnippet", "noai")


def test_noai_is_told_by_itself() -> None:
    said = read('<meta name="robots" content="noai, noimageai, nofollow">')
    assert (said.ai, said.robots) == ("noai, noimageai", "nofollow")


@pytest.mark.parametrize(
    ("html", "headers", "tdm"),
    [
        ("", {"tdm_reservation": "1"}, "1"),
        ('<meta name="tdm-reservation" content="0">', {"tdm_reservation": "1"}, "0"),
        ("", {"tdm_reservation": "1", "tdm_policy": "https://a.example/tdm.json"}, "1 https://a.example/tdm.json"),
        ('<meta name="tdm-policy" content="https://a.example/tdm.json">', {}, None),
    ],
)
def test_a_reservation_of_text_and_data_mining_is_told_with_its_policy(
    html: str, headers: dict[str, str], tdm: str | None
) -> None:
    assert read(html, **headers).tdm == tdm


@pytest.mark.parametrize(
    ("html", "license"),
    [
        (f'<a rel="license noopener" href="{TERMS}">CC BY</a>', TERMS),
        ('<link rel="license" href="/terms">', "https://a.example/terms"),
        (f'<figure><img src=a.jpg><figcaption><a rel=license href="{TERMS}">CC</a></figcaption></figure>', None),
        (f'<p>Under <a href="{TERMS}">this licence</a> anybody may copy pictures.', None),
        (
            '<script type="application/ld+json">[{"@type": "ImageObject", "license": "https://a.example/pictures"},'
            '{"@type": "NewsArticle", "license": "https://a.example/texts"}]</script>',
            "https://a.example/texts",
        ),
    ],
)
def test_the_pages_own_licence_is_told_and_no_pictures(html: str, license: str | None) -> None:
    assert read(html).license == license


@pytest.mark.parametrize(
    ("html", "copyright"),
    [
        ('<meta name="copyright" content="&amp;copy; 2024 <b>Talkurier</b>">', "© 2024 Talkurier"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle",'
            ' "copyrightHolder": {"name": "Talkurier"}}</script>',
            "Talkurier",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle",'
            ' "copyrightHolder": {"@id": "https://a.example/#organization"}}</script>',
            None,
        ),
    ],
)
def test_the_copyright_is_told_as_words(html: str, copyright: str | None) -> None:
    assert read(html).copyright == copyright
