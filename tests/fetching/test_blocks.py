from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from aggregator.fetching.blocks import recognise


def page(status: int, body: str, **headers: str) -> HtmlResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HtmlResponse("http://a.example/", status=status, headers=named, body=body.encode())


@pytest.mark.parametrize(
    ("response", "by"),
    [
        (page(403, "", cf_mitigated="challenge"), "Cloudflare challenge"),
        (page(503, "<html><title>Just a moment...</title>"), "Cloudflare challenge"),
        (page(403, "<title>Access Denied</title> … https://errors.edgesuite.net/18.1"), "Akamai"),
        (page(403, "", x_datadome="protected"), "DataDome"),
        (page(200, '<div id="px-captcha"></div>Access to this page has been denied'), "PerimeterX"),
    ],
)
def test_block_pages_are_told_by_their_marks(response: HtmlResponse, by: str) -> None:
    assert recognise(response) == by


@pytest.mark.parametrize(
    "response",
    [
        page(200, "<title>Just a moment...</title><p>A poem by our readers."),
        page(200, '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><p>The dam holds.'),
        page(403, "<title>Forbidden</title>"),
    ],
)
def test_other_pages_are_no_block_pages(response: HtmlResponse) -> None:
    assert recognise(response) is None
