"""The story's pictures, and the captions that were kept out of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning import captions
from aggregator.extraction import publisher
from aggregator.extraction.blocks import Place, Segment, Text
from aggregator.extraction.page import Page
from aggregator.items import Image

SMALL = 100  # pixels; a narrower or lower picture is an icon or a counter
LARGE = 400  # and this is no banner
MANY = 100
LONG_CAPTION = 600  # characters
UP = 4  # elements around a picture, and around a line, that are looked at
FEW = 6  # lines that may be a picture's
SHORT = 15  # characters of a link that may be a button
SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-srcset", "srcset", "data-lazy-srcset")
CREDITS = frozenset(["credit", "credits", "copyright", "source", "photographer", "attribution", "agency"])
CAPTIONS = frozenset(["caption", "captions", "bildunterschrift", "bildtext", "legend", "legende"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4"])  # lower ones are used for captions, too
_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_SIZE = re.compile(r"\d+")


def of_story(page: Page, text: Text, kept: list[Segment]) -> list[Image]:
    """The pictures between the story's headline and its end, each once, with the caption and credit beside it."""
    if not kept:
        return []
    told = {segment.place for segment in kept}
    holding = {outer for place in told for outer in _outward(place)}  # the elements around the story's lines
    first, last = kept[0].media, kept[-1].media + 1
    out: dict[str, Image] = {}
    for element, place in text.media[max(0, first - 2) : last + 1]:
        if (
            element.tag in ("img", "amp-img")
            and len(out) < MANY
            and (url := _address(page, element))
            and url not in out
        ):
            width, height = _pixels(element.get("width")), _pixels(element.get("height"))
            if min(width or SMALL, height or SMALL) >= SMALL:
                caption, credit = _words(place, text, told)
                link = _link(page, element) or _card(page, place, text)
                serious = bool(caption) or min(width or 0, height or 0) >= LARGE
                elsewhere = not caption and _is_elsewhere(place, holding)
                if not (elsewhere or captions.is_advert(caption or "") or (link and _leads_away(page, link, serious))):
                    out[url] = Image(url, caption, credit, width, height)
    return list(out.values())


def _outward(place: Place | None) -> Iterator[Place]:
    while place:
        yield place
        place = place.parent


def _is_elsewhere(place: Place, holding: set[Place]) -> bool:
    """The picture stands in a part of the page that is not the story's, by the names around it."""
    others = _others()
    for outer in _outward(place):
        if outer in holding:
            return False
        if not others.isdisjoint(outer.words):
            return True
    return False


def _link(page: Page, image: HtmlElement) -> str | None:
    """Where a click on the picture leads."""
    link = next((element for element in image.iterancestors("a", "figure")), None)
    return page.absolute(link.get("href") or "") if link is not None and link.tag == "a" else None


def _card(page: Page, place: Place, text: Text) -> str | None:
    """Where all words beside the picture lead: it is on a card, which teases another story."""
    for around, _ in zip(_outward(place), range(UP), strict=False):
        if lines := text.segments[around.first : around.last]:
            linked = len(lines) <= FEW and all(line.linked >= len(line.text) > SHORT for line in lines)
            return page.absolute(lines[0].hrefs[0]) if linked and lines[0].hrefs else None
    return None


def _leads_away(page: Page, href: str, serious: bool) -> bool:
    """The link leads to another page of the site, or to an advertiser's.

    A `serious` picture (large, or with a caption) may link to whom it is taken from; one that opens larger links to a
    file or an attachment.
    """
    path, own = (urlsplit(url).path.rstrip("/") for url in (href, page.url))
    if _FILE.search(path) or "attachment" in href:
        return False
    if publisher.domain(href) != publisher.domain(page.url):
        return not serious
    return not path.startswith(own)


def _words(place: Place, text: Text, told: set[Place]) -> tuple[str | None, str | None]:
    """Caption and credit from the smallest element around the picture that has words, none of them the story's."""
    around: Place | None = place
    for _ in range(UP):
        if around is None or around in told or around.last - around.first > FEW:
            break
        lines = text.segments[around.first : around.last]
        if lines and all(_is_caption(line, around, told) for line in lines):
            shown: list[str] = []
            credits_: list[str] = []
            for line in lines:
                names = {*line.place.words, *line.words}
                shows = CREDITS.isdisjoint(names) or not CAPTIONS.isdisjoint(names)
                shows = shows and not captions.is_credit(line.text)
                (shown if shows else credits_).append(line.text)
            if any(line.place.tag in HEADINGS and CAPTIONS.isdisjoint(line.place.words) for line in lines):
                shown.clear()  # a teaser's words, or the story's own head
            return " ".join(dict.fromkeys(shown)) or None, " ".join(dict.fromkeys(credits_)) or None
        around = around.parent
    return None, None


def _is_caption(line: Segment, around: Place, told: set[Place]) -> bool:
    return (
        line.place not in told
        and line.place.depth - around.depth < UP
        and len(line.text) <= LONG_CAPTION
        and line.linked < len(line.text)
    )


def _address(page: Page, image: HtmlElement) -> str | None:
    for name in SOURCES:
        value = (image.get(name) or "").strip()
        if value and not value.startswith(("data:", "{", "[")) and not value.endswith((".svg", ".gif")):
            return page.absolute(value.split(",")[-1].split()[0] if "srcset" in name else value)
    return None


def _pixels(value: str | None) -> int | None:
    found = _SIZE.match((value or "").strip())
    return int(found[0]) if found and not (value or "").strip().endswith("%") and len(found[0]) < 6 else None


@cache
def _others() -> frozenset[str]:
    return frozenset(rules.load("media")["furniture"]["around"])
