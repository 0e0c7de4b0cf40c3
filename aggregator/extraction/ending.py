"""What stands right after the story: there may be credits and disclaimers that the body leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.extraction.assembly import HEADINGS
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.zones import elsewhere, span

AFTER = 8  # segments


def read(page: Page, body: Body) -> Iterator[str]:
    """The lines after the story's end, up to the next heading, without links, captions, comments and teasers."""
    segments = page.text.segments
    end = span(segments, body)[1]
    for segment in segments[end : end + AFTER] if end else ():
        if segment.place.tag in HEADINGS:
            return
        if 2 * segment.linked < len(segment.text) and not elsewhere(segment.place, "foot"):
            yield segment.text
