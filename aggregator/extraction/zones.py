"""Where things stand around the story: its headline, its ends, and what there belongs to something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

from aggregator import rules
from aggregator.cleaning.text import folded, squash
from aggregator.extraction.blocks import Place, Segment
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.pieces import line, pieces

MAX_HEAD = 80  # segments between headline and text
MAX_LINKS = 200  # of an element that are looked through
MAX_SPACE = 400  # characters of white space in a line's markup
MIN_TITLE = 12  # characters of a line that is found again in <title>
UP = {"head": 2, "foot": 5}  # ancestors that are asked whether they hold something else
NOT_ITS_OWN = frozenset({"figure", "figcaption", "nav", "blockquote"})


def span(segments: list[Segment], body: Body) -> tuple[int, int]:
    """Index of the text's first segment, and the one after its last; (0, 0) where no text was found."""
    own = set(body.elements)
    inside = [index for index, segment in enumerate(segments) if segment.place.element in own]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def headline(page: Page, first: int) -> int:
    """Index of the heading before the text that begins at `first`; the text's own index where there is none."""
    segments = page.text.segments
    if not first:
        return next((index for index, segment in enumerate(segments) if segment.place.tag == "h1"), 0)
    before = range(min(first, len(segments) - 1), max(-1, first - MAX_HEAD), -1)
    for index in before:
        if segments[index].place.tag == "h1":
            return index
    title = folded(page.title_tag)
    alike = (i for i in before if len(segments[i].text) >= MIN_TITLE and folded(segments[i].text) in title)
    return next(alike, first)


def elsewhere(place: Place | None, zone: str) -> bool:
    """The place holds a caption, comments, or another story's teaser; `zone` is head or foot."""
    near, far, marks = words("elsewhere", "near"), words("elsewhere", "far"), words("marks")
    for _ in range(UP[zone]):
        if place is None:
            return False
        if place.tag in NOT_ITS_OWN:
            return True
        if not near.isdisjoint(place.words) and (marks.isdisjoint(place.words) or "comment" in place.words):
            return True
        if zone != "head" and not far.isdisjoint(place.words):
            return True
        place = place.parent
    return False


def links(page: Page, segment: Segment) -> Iterator[tuple[str, str]]:
    """(text, absolute URL) of the segment's links."""
    if not segment.hrefs:
        return
    wanted = set(segment.hrefs)
    for anchor in islice(segment.place.element.iterfind(".//a[@href]"), MAX_LINKS):
        href = anchor.get("href")
        if href in wanted and (text := line(anchor)) and (url := page.absolute(href)):
            yield text, url


def with_seams(segment: Segment) -> str:
    """The segment's text with a bar wherever one inline element ends and the next begins."""
    if segment.seams is None:
        texts = pieces(segment.place.element, 2 * len(segment.text) + MAX_SPACE) if segment.inline else []
        parts = [part for text in texts if (part := squash(text))]
        whole = len(parts) > 1 and folded("".join(parts)) == folded(segment.text)
        segment.seams = " | ".join(parts) if whole else segment.text
    return segment.seams


@cache
def words(table: str, key: str = "words") -> frozenset[str]:
    """A word list of rules/bylines.toml."""
    return frozenset(rules.load("bylines")[table][key])
