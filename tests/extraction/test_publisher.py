from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction import publisher
from aggregator.extraction.page import Page, SiteFacts

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("news.ycombinator.com", "ycombinator.com"),
        ("http://m.dam-times.example/", "dam-times.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("https://müller.de/", "xn--mller-kva.de"),
        ("http://[broken/", ""),
        ("http://" + "ü" * 80 + ".de/", ""),
    ],
)
def test_registrable_domains(url: str, domain: str) -> None:
    assert publisher.domain(url) == domain


def test_a_publisher_s_sites_in_several_countries_share_their_label() -> None:
    assert publisher.label("https://www.bbc.com/") == publisher.label("https://bbc.co.uk/") == "bbc"


def test_outlets_are_known_by_their_sites() -> None:
    assert publisher.outlet_of("https://edition.cnn.com/2024/dam") == "CNN"
    assert publisher.outlet_of("https://herald.example/dam") == "herald.example"


def test_a_site_s_names_come_from_its_host_its_metadata_and_its_facts() -> None:
    html = (
        '<meta property="og:site_name" content="Dam Times | News from Ostermoor">'
        '<script type="application/ld+json">[{"@type":"Article","publisher":{"@type":"Thing","name":"Valley Media"}},'
        '{"@type":"WebSite","name":"The DamTimes Online"},{"@type":"Organization","name":"Another Company"}]</script>'
    )
    page = Page.parse(html, "https://www.dam-times.example/a", FETCHED, site=SiteFacts("damtimes_spider"))
    assert {"damtimes", "damtimesexample", "newsfromostermoor", "valleymedia", "thedamtimesonline"} <= page.own_names
    assert "damtimesspider" in page.own_names
    assert "anothercompany" not in page.own_names
