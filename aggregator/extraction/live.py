"""Live blogs: which parts of the page are its entries, and when each was published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from aggregator import rules
from aggregator.cleaning import dates
from aggregator.cleaning.text import folded
from aggregator.extraction import date_zones, jsonld
from aggregator.extraction.blocks import Place, Text
from aggregator.extraction.page import Page

FEW = 3  # entries that make a live blog
MAX_ENTRIES = 1_000  # the newest; those below them are judged as any other text
MAX_LINE = 80  # characters of a line that says when and by whom
BEGINNING = 40  # letters by which a text is found again
UP = 3  # ancestors whose names say that it is live
MAX_TIMES = 5  # of an entry that are tried

_CLOCK = re.compile(r"\D{0,12}\d{1,2}\s?[:.h]\s?\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?[\w.]{1,5})?\W*", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """`first` <= i < `last`: its segments; `lines`: those of them that say nothing but when."""

    place: Place
    first: int
    last: int
    at: datetime | None
    lines: list[int]


def read(page: Page, text: Text) -> list[Entry]:
    """The entries in the page's order; none where the page is no live blog."""
    updates = _updates(page)
    best: list[Entry] = []
    for group in _groups(text, bool(updates)):
        entries = [_entry(page, text, place, updates) for place in group]
        timed = sum(entry.at is not None or bool(entry.lines) for entry in entries)
        if timed >= FEW and 2 * timed >= len(entries) and _size(entries) > _size(best):
            best = entries
    return best


def evened(text: Text, entries: list[Entry], believed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is text where it stands in most entries is text in all of them."""
    alike: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for entry in entries:
        for at in range(entry.first, entry.last):
            place = text.segments[at].place
            alike[place.tag, place.words].append(at)
    out = believed.copy()
    for numbers in alike.values():
        if 2 * int(believed[numbers].sum()) > len(numbers):
            out[numbers] = True
    return out


def _updates(page: Page) -> dict[str, datetime]:
    """When each update was published, by the beginnings of its headline and its text."""
    out: dict[str, datetime] = {}
    for node in jsonld.updates(page.jsonld):
        at = _moment(page, jsonld.first(node.get("datePublished")) or "")
        for value in (node.get("headline"), node.get("articleBody")):
            if at and (key := folded(jsonld.first(value) or "")[:BEGINNING]):
                out.setdefault(key, at)
    return out


def _groups(text: Text, said: bool) -> Iterator[list[Place]]:
    """Siblings of one shape, where the page says in its data (`said`) or in their names that they are live."""
    words = frozenset(rules.load("kinds")["live"]["words"])
    if not said and words.isdisjoint(text.words):
        return
    groups: dict[tuple[int, str, tuple[str, ...]], list[Place]] = defaultdict(list)
    for place in text.places:
        if place.parent and place.last > place.first and place.tag not in ("p", "tr", "td", "br"):
            groups[place.parent.order, place.tag, place.words[:2]].append(place)
    for group in groups.values():
        if len(group) >= FEW and (said or _named(group[0], words)):
            yield group[:MAX_ENTRIES]


def _named(place: Place, words: frozenset[str]) -> bool:
    inner: Place | None = place
    for _ in range(UP + 1):
        if inner is None:
            return False
        if not words.isdisjoint(inner.words):
            return True
        inner = inner.parent
    return False


def _entry(page: Page, text: Text, place: Place, updates: dict[str, datetime]) -> Entry:
    segments = range(place.first, place.last)
    lines = [at for at in segments if _says_when(text, at)]
    keys = (folded(text.segments[at].text)[:BEGINNING] for at in segments if at not in lines)
    told = next((updates[key] for key in keys if key in updates), None)
    return Entry(place, place.first, place.last, told or _stamped(page, place.element), lines)


def _says_when(text: Text, at: int) -> bool:
    segment = text.segments[at]
    if len(segment.text) > MAX_LINE:
        return False
    return _CLOCK.fullmatch(segment.text) is not None or (
        "time" in segment.inline and _CLOCK.match(segment.text) is not None
    )


def _stamped(page: Page, element: HtmlElement) -> datetime | None:
    for time in islice(element.iter("time"), MAX_TIMES):
        if at := _moment(page, time.get("datetime") or ""):
            return at
    for name in ("data-timestamp", "data-time", "data-published", "data-date", "data-datetime"):
        if at := _moment(page, element.get(name) or ""):
            return at
    return None


def _moment(page: Page, value: str) -> datetime | None:
    """The moment of a value that names one to the minute; in the zone of the page where it is in UTC or in none."""
    zone = date_zones.home(page)[0]
    moment = dates.parse(value, dates.Habits(zone)) if value else None
    if moment is None or moment.precision == "day":
        return None
    return moment.at if moment.at.utcoffset() else moment.at.astimezone(zone)


def _size(entries: list[Entry]) -> int:
    return sum(entry.last - entry.first for entry in entries)
