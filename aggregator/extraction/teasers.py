"""What leads away behind a story: teasers of others in a row, each a heading that is all a link, or a menu."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction import publisher
from aggregator.extraction.blocks import Place, Segment, Text
from aggregator.extraction.page import Page

FEW = 3  # teasers that are a row
SEPARATOR = 3  # characters between two links of a menu
MIN_LINK = 15  # characters of a link that is a headline


def cut(page: Page, text: Text, believed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without the row that ends the text, where it stands in an element that has nothing else of the text, nor a line
    of nothing but several links.
    """
    segments = text.segments
    rest, row, count = np.flatnonzero(believed).tolist(), [], 0
    if rest and _is_menu(segments[rest[-1]]):
        believed = believed.copy()
        believed[rest.pop()] = False
    look: tuple[str, tuple[str, ...]] | None = None
    while rest:
        at = rest[-1] if _is_headline(page, segments[rest[-1]]) else rest[-1] - 1
        if at < 0 or not _is_headline(page, segments[at]) or (look and look != _look(segments[at])):
            break
        look = _look(segments[at])
        count += rest[-1] > at  # it has a summary
        while rest and rest[-1] >= at:
            row.append(rest.pop())
    if count < FEW or not rest or _around(segments, min(row), max(row)).first <= rest[-1]:
        return believed
    out = believed.copy()
    out[row] = False
    return out


def _is_headline(page: Page, segment: Segment) -> bool:
    """All of it is a link to another page of the site."""
    if segment.linked < len(segment.text) or len(segment.text) < MIN_LINK or not segment.hrefs:
        return False
    url = page.absolute(segment.hrefs[0])
    return url is not None and publisher.domain(url) == publisher.domain(publisher.live(page.url))


def _is_menu(segment: Segment) -> bool:
    links = len(segment.hrefs)
    return links > 1 and segment.linked + SEPARATOR * (links - 1) >= len(segment.text)


def _look(segment: Segment) -> tuple[str, tuple[str, ...]]:
    return segment.place.tag, segment.place.words


def _around(segments: list[Segment], first: int, last: int) -> Place:
    """The innermost element around two segments."""
    place = segments[first].place
    while place.parent and place.last <= last:
        place = place.parent
    return place
