"""The story's text: which segments of the page are the article, and what was left out from between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from aggregator.extraction import assembly, blocks
from aggregator.extraction.page import Page
from aggregator.items import Block, Image, Removed

MANY = 60  # pieces recorded as removed, links as related
LONG_LINK = 20  # characters of a link's text that may be another story's headline


@dataclass(slots=True)
class Body:
    blocks: list[Block] = field(default_factory=list)
    elements: list[HtmlElement] = field(default_factory=list)  # the element of each block
    container: HtmlElement | None = None
    images: list[Image] = field(default_factory=list)  # with the captions that were taken out of the text
    removed: list[Removed] = field(default_factory=list)
    partial: bool = False
    related: list[str] = field(default_factory=list)  # links to other stories that stood between the blocks

OUT_TAGS = frozenset("nav aside footer figcaption figure form header h1 time address".split())
OUT_WORDS = frozenset("caption share social related newsletter sidebar comment comments footer author byline tags breadcrumb "
                      "promo advert menu nav credit recommended popular meta".split())  # fmt: skip


def _outside(place: blocks.Place | None, stop: blocks.Place) -> bool:
    while place and place is not stop:
        if place.tag in OUT_TAGS or place.hidden or not OUT_WORDS.isdisjoint(place.words):
            return True
        place = place.parent
    return False


def read(page: Page, title: str | None) -> Body:
    text = page.text
    mass: dict[blocks.Place, float] = {}
    for segment in text.segments:
        size = len(segment.text) - 2 * segment.linked
        outer = segment.place.parent
        for share in (1.0, 0.8, 0.6):
            if outer and size > 60:
                mass[outer] = mass.get(outer, 0) + share * size
                outer = outer.parent
    if not mass:
        return Body(partial=text.partial)
    best = max(mass, key=lambda place: mass[place])
    kept = [
        segment
        for segment in text.segments[best.first : best.last]
        if segment.linked < 0.5 * len(segment.text) and segment.text != title and not _outside(segment.place, best)
    ]
    pairs = list(assembly.blocks(kept))
    elements = [element for _, element in pairs]
    return Body([block for block, _ in pairs], elements, assembly.common_ancestor(elements), partial=text.partial)
