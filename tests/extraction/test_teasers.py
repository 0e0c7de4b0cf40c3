from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from aggregator.extraction import teasers
from aggregator.extraction.page import Page

STORY = "<p>The dam above Ostermoor held through a week of rain.</p><p>Two of its four gates were opened.</p>"
SUMMARY = "<p>It was the third time this year, and nobody had expected it.</p>"
FETCHED = datetime(2024, 5, 30, tzinfo=UTC)


def left(html: str) -> list[str]:
    """The lines left of a page of which everything but headings was taken for text."""
    page = Page.parse(f"<body>{html}</body>", "https://dam-times.example/dam-holds", FETCHED)
    segments = page.text.segments
    believed = np.array([segment.place.tag == "p" for segment in segments])
    return [
        segment.text for segment, kept in zip(segments, teasers.cut(page, page.text, believed), strict=True) if kept
    ]


def row(site: str = "", summary: str = SUMMARY, count: int = 3) -> str:
    return "".join(
        f"<h3><a href='{site}/story-{n}'>Ferry stays in the bay, again</a></h3>{summary}" for n in range(count)
    )


def test_a_row_of_teasers_in_an_element_behind_the_story_is_cut() -> None:
    assert len(left(f"<div>{STORY}</div><div>{row()}</div>")) == 2


def test_a_line_of_links_alone_behind_the_story_is_cut() -> None:
    assert len(left(f"{STORY}<p><a href='/news'>Back to the news</a> | <a href='/us'>Write to us</a></p>")) == 2
    assert len(left(f"{STORY}<p>See <a href='/dams'>all dams</a> and <a href='/rain'>all rain</a>.</p>")) == 3


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{STORY}{row()}</div>",  # a list that is the story's own
        f"<div>{STORY}</div><div>{row(count=2)}</div>",
        f"<div>{STORY}</div><div>{row('https://shop.example')}</div>",
        f"<div>{STORY}</div><div>{row()}</div><p>The gates were shut again on Sunday, she said.</p>",
        f"<div>{row()}</div>",
    ],
)
def test_what_looks_like_it_and_is_the_story_s_stays(html: str) -> None:
    assert len(left(html)) == html.count("<p>")
