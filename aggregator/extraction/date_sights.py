"""The dates to be seen on a page, each where it stands: written out, given to machines by an attribute, or relative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning.dates import Habits, Moment, find, parse
from aggregator.cleaning.relative_dates import relative
from aggregator.cleaning.text import squash
from aggregator.extraction.blocks import Place, Segment, Text, name_words
from aggregator.extraction.page import Page
from aggregator.extraction.pieces import pieces

MAX_SIGHTS = 300
MAX_STAMPS = 2_000  # attributes that are looked at
MAX_SHOWN = 200  # characters of a marked element's text
MAX_LINES = 250  # from the top of the page that are read for relative dates
MAX_MARKED = 60  # characters of a line that is marked as a date
MAX_GLUED = 80  # characters of a line whose inline elements may stand against each other
HEAD, TAIL = 200, 120  # characters of a long paragraph that are read

_SHORT_YEAR = re.compile(r"(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?([0-3]\d)(?![\d.]\d|\d)")
_YEAR = re.compile(r"\b20\d\d\b")
_NUMBER = re.compile(r"\d[\d年./-]")  # a cheap look before the next
_HINT = re.compile(r"(?:14|19|20|25)\d\d|['’]\d\d|\d[./-]\s?\d\d?[./-]\s?\d\d|\d年|[\u0e00-\u0e7f]\.\s\d\d|(?![0-9])\d")


@dataclass(slots=True)
class Sight:
    """A date where it stands."""

    number: int  # of its segment
    place: Place
    words: tuple[str, ...]  # name words of the element it stands in
    moment: Moment
    source: str  # text, time (a machine-readable attribute), relative
    line: str
    start: int  # in the line
    end: int

    @property
    def rest(self) -> int:
        """Characters of the line beside the date."""
        return len(self.line) - (self.end - self.start)


def sights(page: Page, habits: Habits) -> list[Sight]:
    """Written dates and those of `<time datetime>`, in page order."""
    text = page.text
    stamps = ((e, e.get("datetime") or e.get("title") or "") for e in page.root.iter("time", "abbr"))
    marked = list(islice(_marked(text, islice(stamps, MAX_STAMPS), habits), MAX_SIGHTS))
    names = {(sight.number, sight.start): (sight.place, sight.words) for sight in marked}
    out = [*marked, *islice(_written(text, habits), MAX_SIGHTS)]
    for sight in out:  # the text of a marked date goes by the mark's class names, not by those of its whole line
        sight.place, sight.words = names.get((sight.number, sight.start), (sight.place, sight.words))
    return sorted(out, key=lambda sight: sight.number)


def hidden_sights(page: Page, habits: Habits) -> list[Sight]:
    """Dates that cost more to find and are believed less: in `data-` attributes, and relative ones."""
    text = page.text
    names = rules.load("dates")["data_attributes"]
    carriers = cast("list[HtmlElement]", _carriers()(page.root))
    stamps = ((e, next(filter(None, map(e.get, names)), "")) for e in carriers)
    marked = islice(_marked(text, islice(stamps, MAX_STAMPS), habits), MAX_SIGHTS)
    out = [*marked, *_spoken(text, habits, page.rendered_at)]
    return sorted(out, key=lambda sight: sight.number)


@cache
def _carriers() -> XPath:
    names = " or ".join(f"name()='{name}'" for name in rules.load("dates")["data_attributes"])
    return XPath(f"(descendant::*/@*[starts-with(name(), 'data-')][{names}]/..)[position() <= {MAX_STAMPS}]")


def _written(text: Text, habits: Habits) -> Iterator[Sight]:
    for number, segment in enumerate(text.segments):
        line = segment.text
        if not _NUMBER.search(line):
            continue
        pieces = [(0, line)] if len(line) <= HEAD + TAIL else [(0, line[:HEAD]), (len(line) - TAIL, line[-TAIL:])]
        met = False
        for shift, piece in pieces:
            if _HINT.search(piece):
                for moment, start, end in find(piece, habits):
                    met = True
                    yield _sight(number, segment, moment, line, start + shift, end + shift)
        if not met and segment.inline and len(line) <= MAX_GLUED and (apart := _apart(segment)) != line:
            for moment, start, end in find(apart, habits):
                met = True
                yield _sight(number, segment, moment, apart, start, end)
        if not met and len(line) <= MAX_MARKED and (short := _SHORT_YEAR.search(line)) and _is_marked(segment):
            full = f"{line[: short.start(1)]}20{line[short.start(1) :]}"
            for moment, start, end in find(full, habits):
                met = True
                yield _sight(number, segment, moment, full, start, end)
        if not met and len(line) <= 12 and _HINT.search(line) and (joined := _joined(text, segment)):
            for moment, start, end in find(joined, habits):
                yield _sight(number, segment, moment, joined, start, end)


def _spoken(text: Text, habits: Habits, now: datetime) -> Iterator[Sight]:
    """Dates counted from now; none on a page that names no year since the last: it was not rendered for this fetch."""
    years = [int(year) for segment in text.segments for year in _YEAR.findall(segment.text)]
    if max((year for year in years if year <= now.year), default=now.year) < now.year - 1:
        return
    for number, segment in enumerate(text.segments[:MAX_LINES]):
        if moment := relative(segment.text, now, habits):
            sight = _sight(number, segment, moment, segment.text, 0, len(segment.text))
            sight.source = "relative"
            yield sight


def _is_marked(segment: Segment) -> bool:
    """The line's own element is named for a date: '2.11.22' is one there, and a version elsewhere."""
    return any(word in segment.words or word in segment.place.words for word in rules.load("dates")["marks"])


def _sight(number: int, segment: Segment, moment: Moment, line: str, start: int, end: int) -> Sight:
    return Sight(number, segment.place, segment.words, moment, "text", line, start, end)


def _joined(text: Text, segment: Segment) -> str | None:
    """The line that `<div>12</div><div>Sep</div><div>2023</div>` make together, around the last of them."""
    outer = segment.place.parent
    for _ in range(2):
        if outer and outer.last - outer.first <= 5:
            line = " ".join(part.text for part in text.segments[outer.first : outer.last])
            if len(line) <= 60 and line != segment.text:
                return line
        outer = outer.parent if outer else None
    return None


def _apart(segment: Segment) -> str:
    """The line with spaces where its inline elements meet: 'Apr 042013'."""
    return squash(" ".join(pieces(segment.place.element)))


def _shown(element: HtmlElement) -> str:
    """The beginning of an element's text, however much there is."""
    parts: list[str] = []
    for part in element.itertext():
        parts.append(part[:MAX_SHOWN])
        if len(parts) >= 20 or sum(map(len, parts)) > MAX_SHOWN:
            break
    return squash("".join(parts)[:MAX_SHOWN])


def _marked(text: Text, stamps: Iterable[tuple[HtmlElement, str]], habits: Habits) -> Iterator[Sight]:
    """Dates that an attribute gives, where the element stands."""
    places: dict[HtmlElement, Place] = {}
    for element, value in stamps:
        moment = parse(value, habits) if value else None
        if not moment:
            continue
        if not places:
            places = {place.element: place for place in text.places}
        outer = next((places[e] for e in (element, *element.iterancestors()) if e in places), None)
        if not outer or not text.segments:
            continue
        shown = _shown(element)
        inside = range(outer.first, outer.last) if shown else ()
        here = min(outer.first, len(text.segments) - 1)
        number = next((n for n in inside if shown in text.segments[n].text), here)
        line, start = (text.segments[number].text, text.segments[number].text.find(shown)) if shown else (value, 0)
        first, last = next(((first, last) for _, first, last in find(shown, habits)), (0, len(shown or value)))
        words = name_words(f"{element.get('class', '')} {element.get('itemprop', '')}")
        yield Sight(number, outer, words, moment, "time", line, max(start, 0) + first, max(start, 0) + last)
