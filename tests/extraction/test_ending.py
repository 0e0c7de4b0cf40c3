from __future__ import annotations

from datetime import UTC, datetime

from aggregator.extraction import body, ending
from aggregator.extraction.page import Page

STORY = "".join(
    f"<p>The dam above {town} has held through the night, engineers said on Monday, and nobody was hurt.</p>"
    for town in ("Halden", "Brennick", "Ostrow", "Meridna")
)


def read(after: str) -> list[str]:
    html = f"<body><article><h1>Dams hold</h1><div class='entry-content'>{STORY}</div>{after}</article></body>"
    page = Page.parse(html, "https://a.example/dams-hold", datetime.now(UTC))
    return list(ending.read(page, body.read(page, "Dams hold")))


def test_lines_after_the_story_end_at_the_next_heading() -> None:
    after = "<div class='note'><i>Photo desk: Jo Keldar</i></div><h3>More</h3><p>Other</p>"
    assert read(after) == ["Photo desk: Jo Keldar"]


def test_links_and_teasers_are_left_out() -> None:
    after = (
        "<div class='x'><a href='/1'>Bridge opens in Brennick</a></div><div class='related'><p>Ten more dams</p></div>"
    )
    assert read(after) == []


def test_only_the_nearest_are_read() -> None:
    assert len(read("".join(f"<div class='x'><span>Note {n}</span></div>" for n in range(30)))) == ending.AFTER
