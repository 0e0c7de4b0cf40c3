from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.discovery import listings
from aggregator.extraction.page import Page

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
STORY = "/2024/05/17/dam-holds-after-a-week-of-rain"
PAID = "/2024/05/17/buy-a-boat-at-the-mill-yard-today"


def card(path: str, before: str = "", after: str = "") -> str:
    title = path.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    return f'<li class=card>{before}<h3><a href="{path}">{title}</a></h3>{after}<a href="/by/ilse">Ilse Brandt</a></li>'


def paid(html: str) -> dict[str, str]:
    page = Page.parse(f"<ul>{card(STORY)}{html}{card(STORY + '-again')}</ul>", "http://a.example/", NOON)
    return {
        found.url.removeprefix("http://a.example"): found.sponsored
        for found in listings.articles(page, "a")
        if found.sponsored
    }


@pytest.mark.parametrize(
    "badge",
    [
        "Anzeige",
        "ANZEIGE:",
        "– Anzeige –",
        "[Publirreportaje]",
        "Sponsored",
        "Sponsored by Mill Yard Boats",
        "Patrocinado",
    ],
)
def test_a_badge_on_a_teaser_tells_that_it_is_paid(badge: str) -> None:
    assert list(paid(card(PAID, f"<span class=kicker>{badge}</span>"))) == [PAID]
    assert list(paid(card(PAID, after=f"<div><small>{badge}</small></div>"))) == [PAID]


def test_a_badge_within_the_link_is_one_too() -> None:
    assert list(paid(f'<li><a href="{PAID}"><i>Anzeige</i><h3>Buy a boat at the mill yard</h3></a></li>')) == [PAID]


def test_the_badge_is_the_evidence() -> None:
    assert paid(card(PAID, "<p>Gesponsert von Mill Yard</p>")) == {PAID: "Gesponsert von Mill Yard"}


@pytest.mark.parametrize(
    "html",
    [
        "<li><span>Anzeige</span></li>",
        card(PAID, "<span>Anzeigentafel</span>"),
        card(PAID, "<span>Sponsored films are what nobody at the festival came for, says Ilse Brandt</span>"),
        card(PAID, after="<div class=box><span>Anzeige</span><iframe src=x></iframe></div>"),
        card(PAID, after='<div class="ad-slot"><span>Anzeige</span></div>'),
        f"<li><span>Anzeige</span>{card(PAID)}{card(PAID + '-2')}</li>",
    ],
)
def test_what_belongs_to_no_single_teaser_marks_none(html: str) -> None:
    assert paid(html) == {}
