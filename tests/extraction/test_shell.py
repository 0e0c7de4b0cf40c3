from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction import shell
from aggregator.extraction.page import Page

APP = "<script src='/app.js'></script>"
STORY = "<p>The dam above Ostermoor held through a week of rain that brought more water than last spring did.</p>" * 5


def page(html: str) -> Page:
    return Page.parse(html, "https://a.example/dam", datetime(2024, 5, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    "html",
    [
        f"<div id='root'></div>{APP}",
        f"<div id='__next'><div> <!-- --> </div></div>{APP}{STORY}",
        f"<app-root></app-root>{APP}",
        f"<noscript>You need to enable JavaScript to run this app.</noscript><p>Loading</p>{APP}",
    ],
)
def test_a_page_that_waits_for_its_script_is_a_shell(html: str) -> None:
    assert shell.is_shell(page(html))


@pytest.mark.parametrize(
    "html",
    [
        f"<div id='root'>{STORY}</div>{APP}",
        f"<noscript>JavaScript is needed for comments.</noscript>{STORY}{APP}",
        "<div id='root'></div>",  # nothing would fill it
        f"<div id='weather'></div>{APP}",
    ],
)
def test_others_are_none(html: str) -> None:
    assert not shell.is_shell(page(html))


@pytest.mark.parametrize(
    ("script", "runs"),
    [
        ("<script src='/app.js'></script>", True),
        ("<script type='module'>start()</script>", True),
        ("<script></script>", False),
        ("<script type='application/ld+json'>{}</script>", False),
    ],
)
def test_data_in_a_script_element_is_no_script(script: str, runs: bool) -> None:
    assert shell.is_scripted(page(f"<p>Dams{script}")) is runs
