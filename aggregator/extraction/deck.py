"""The deck: the sentence or two under the headline that belong to it and not to the text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from aggregator import rules
from aggregator.cleaning import by
from aggregator.cleaning.text import folded, from_markup
from aggregator.extraction import jsonld
from aggregator.extraction.blocks import Segment
from aggregator.extraction.page import Candidate, Page
from aggregator.extraction.zones import elsewhere

MIN_DECK, MAX_DECK = 20, 400  # characters
MAX_GAP = 4  # segments between headline and deck
UP = 2  # ancestors whose names count as its own
MAX_LATER = 60  # segments that are searched for headings like it


def candidates(page: Page, titles: list[str]) -> Iterator[Candidate]:
    """What stands under the headline as its second part; what only repeats one of the `titles` is none."""
    folded_titles = [folded(title) for title in titles]
    for claim in _all(page, folded_titles):
        if (key := folded(claim.value)) and all(key not in title for title in folded_titles):
            yield claim


def _all(page: Page, titles: list[str]) -> Iterator[Candidate]:
    segments = page.text.segments
    top = next((i for i, s in enumerate(segments) if s.place.tag in ("h1", "h2") and folded(s.text) in titles), None)
    if top is not None:
        for index in range(top + 1, min(len(segments), top + 1 + MAX_GAP)):
            text = segments[index].text
            if not MIN_DECK <= len(text) <= MAX_DECK or text.endswith(":"):  # a label of what follows
                continue
            if not by.opens(text) and _is_deck(page, segments, index):
                yield Candidate(text, "deck", text)
                break
    for node in page.jsonld:
        if jsonld.is_article(node) and (other := jsonld.first(node.get("alternativeHeadline"))):
            yield Candidate(from_markup(other), "json-ld:alternativeHeadline", other)
            break
    for item in page.microdata:
        for text in item.properties.get("alternativeHeadline", ())[:1]:
            yield Candidate(from_markup(text), "microdata:alternativeHeadline", text)


def _is_deck(page: Page, segments: list[Segment], index: int) -> bool:
    own = place = segments[index].place
    if elsewhere(place, "head"):
        return False
    names = [*place.words, *segments[index].words]
    for _ in range(UP):
        place = place.parent or place
        names += place.words
    joined = " ".join(names)
    if not _words("deck").isdisjoint(names) or any(pair in joined for pair in rules.load("headlines")["deck"]["pairs"]):
        return True
    if not _words("summary").isdisjoint(names):
        said = [*page.meta.get("og:description", ()), *page.meta.get("description", ())]
        return any(folded(text) == folded(segments[index].text) for text in said)
    if own.tag not in ("h2", "h3", "h4") or segments[index - 1].place.tag != "h1":
        return False
    later = segments[index + 1 : index + 1 + MAX_LATER]  # a heading like others further down belongs to the text
    return all((other.place.tag, other.place.words) != (own.tag, own.words) for other in later)


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(rules.load("headlines")[table]["words"])
