"""What other sites show inside the story: videos, posts, players, maps and charts, each with its address."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning import urls
from aggregator.extraction.blocks import Place, Text, heads
from aggregator.extraction.page import Page

MAX_EMBEDS = 100
MAX_FRAMES = 1_000  # that are looked at
MAX_LINKS = 50  # of one post
SOURCES = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-orig-src", "data-embed-src", "data-url")
POSTED = ("data-instgrm-permalink", "data-href", "cite", "data-embed-url")
_ADDRESS = re.compile(r"https?://\S{5,500}")


@dataclass(slots=True)
class Embed:
    url: str
    element: HtmlElement
    first: int  # its own segments, the text of a post, are first <= i < last; those after it begin with `last`
    last: int


def read(page: Page, text: Text) -> list[Embed]:
    """All of the page, in its order."""
    found = [*_posts(page, text), *_frames(page, text), *_bare(page, text)]
    found.sort(key=lambda embed: (embed.first, embed.last))
    elements, out = {embed.element for embed in found}, dict[str, Embed]()
    for embed in found[:MAX_EMBEDS]:
        if elements.isdisjoint(embed.element.iterancestors()):
            out.setdefault(embed.url, embed)
    return list(out.values())


def address(page: Page, element: HtmlElement) -> str | None:
    """What a frame or a player's own element shows."""
    if template := _elements().get(element.tag):
        attribute, url = template
        value = element.get(attribute)
        return page.absolute(url.replace("{}", value)) if value else None
    for name in SOURCES:
        if (value := element.get(name)) and (shown := page.absolute(value)):
            return shown
    return None


def _posts(page: Page, text: Text) -> Iterator[Embed]:
    """Posts of social networks: their text stands there until a script makes a frame of it."""
    marks = _marks()
    beginnings = heads(marks) & text.words
    for place in text.places if beginnings else ():
        if beginnings.isdisjoint(place.words) or marks.isdisjoint((place.element.get("class") or "").split()):
            continue
        hrefs = [place.element.get(name) for name in POSTED]
        hrefs += [link.get("href") for link in islice(place.element.iter("a"), MAX_LINKS)][::-1]
        linked = (url for href in hrefs if href and (url := page.absolute(href)))
        if url := next((url for url in linked if _is_known(url, "pages")), None):
            yield Embed(urls.clean(url) or url, place.element, place.first, place.last)


def _frames(page: Page, text: Text) -> Iterator[Embed]:
    ends = [segment.media for segment in text.segments]
    frames = ((n, *one) for n, one in enumerate(text.media) if one[0].tag not in ("img", "amp-img", "video"))
    for number, element, place in islice(frames, MAX_FRAMES):
        url = address(page, element)
        if url and (element.tag in _elements() or _is_known(url, "frames") or _is_named(element, place)):
            at = bisect_right(ends, number)
            yield Embed(url, element, at, at)


def _bare(page: Page, text: Text) -> Iterator[Embed]:
    """A paragraph that is nothing but an address, which a plug-in would have turned into what it shows."""
    for at, segment in enumerate(text.segments):
        if segment.text.startswith("http") and _ADDRESS.fullmatch(segment.text):
            url = page.absolute(segment.text)
            if url and _is_post(url):
                yield Embed(url, segment.place.element, at, at + 1)


def _is_post(url: str) -> bool:
    """A player's page or a post, not the front page of an account."""
    parts = urlsplit(url)
    return _is_known(url, "pages") and (bool(parts.query) or parts.path.strip("/").count("/") > 0 or "youtu.be" in url)


def _is_known(url: str, kind: Literal["frames", "pages"]) -> bool:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    known = rules.load("media")
    paths = (*known["players"]["paths"], *known["embeds"][kind])
    return f"{host}{parts.path}?{parts.query}".startswith(paths) or f".{host}".endswith(
        tuple(known["embeds"]["domains"])
    )


def _is_named(element: HtmlElement, place: Place) -> bool:
    """A frame of another site that its own markup calls an embed."""
    words = {*place.words, *(place.parent.words if place.parent else ()), *(element.get("class") or "").lower().split()}
    known = rules.load("media")["embeds"]
    return not words.isdisjoint(known["words"]) and words.isdisjoint(known["never"])


@cache
def _marks() -> frozenset[str]:
    return frozenset(rules.load("media")["embeds"]["posts"])


@cache
def _elements() -> dict[str, tuple[str, str]]:
    return {tag: (attribute, url) for tag, (attribute, url) in rules.load("media")["embeds"]["elements"].items()}
