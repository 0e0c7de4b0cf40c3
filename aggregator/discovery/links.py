"""Every link of a page with where it stands, collected in one walk that all of discovery shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from weakref import WeakKeyDictionary

from lxml.html import HtmlElement

from aggregator.extraction.page import Page
from aggregator.extraction.pieces import MAX_TEXT, line

LIMIT = 5000
"""Links of one page that are looked at; a longer page's rest is left alone."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"style", "script", "noscript", "template", "svg"})
_NAVIGATION = re.compile(r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|breadcrumbs?|social|share)(?:$|[\s_-])")
_SPONSORED = re.compile(r"sponsored|advertorial|paid-?(?:post|content)|native-?ad|branded-?content")
_WHOLE = frozenset({"html", "body", "main"})
_DIGITS = re.compile(r"\d+")
_INSIDE = 500
"""Elements inside one link that are looked at: links may stand in each other, a thousand deep."""
_INLINE = 15
"""Characters of text beside a link that make it part of a sentence."""


class Place(NamedTuple):
    """Where something stands, by its ancestors."""

    heading: bool
    navigation: bool
    sponsored: bool
    signature: tuple[str, ...]  # tag and class of the five nearest; links of one repeated block share it


@dataclass(slots=True, eq=False)
class Link:
    element: HtmlElement
    url: str  # absolute, without fragment
    text: str  # its own words; the heading's where it holds one
    label: str  # aria-label, title or the picture's alt
    rel: frozenset[str]
    place: Place
    headed: bool  # holds a heading
    image: bool
    inline: bool  # stands within a sentence

    @property
    def sponsored(self) -> bool:
        return self.place.sponsored or "sponsored" in self.rel


_NOWHERE = Place(False, False, False, ())
_collected: WeakKeyDictionary[Page, list[Link]] = WeakKeyDictionary()


def collect(page: Page) -> list[Link]:
    """The http(s) links of `page` in page order, at most LIMIT; worked out once a page."""
    links = _collected.get(page)
    if links is None:
        links = _collected[page] = list(_walk(page))
    return links


def _walk(page: Page) -> Iterator[Link]:
    places: dict[HtmlElement, Place] = {}
    for element in islice(page.root.iter("a"), LIMIT):
        url = _absolute((element.get("href") or "").strip(), page)
        if url is None:
            continue
        text, image, headed = _read(element)
        parent = element.getparent()
        yield Link(
            element=element,
            url=url.partition("#")[0],
            text=text,
            label=_label(element, image),
            rel=frozenset((element.get("rel") or "").lower().split()),
            place=_place(parent, places) if parent is not None else _NOWHERE,
            headed=headed,
            image=image is not None,
            inline=_is_inline(element, parent),
        )


def _absolute(href: str, page: Page) -> str | None:
    if href.startswith(("https://", "http://")) and href.isascii() and "[" not in href:
        return href  # nothing to resolve: most links of most pages, at a tenth of the cost
    return page.absolute(href) if href and not href.startswith(("#", "javascript:")) else None


def _place(element: HtmlElement, known: dict[HtmlElement, Place]) -> Place:
    chain: list[HtmlElement] = []
    node: HtmlElement | None = element
    while node is not None and node not in known:
        chain.append(node)
        node = node.getparent()
    place = _NOWHERE if node is None else known[node]
    for node in reversed(chain):
        classes = (node.get("class") or "").lower()
        place = known[node] = Place(
            heading=place.heading or node.tag in _HEADINGS,
            navigation=(place.navigation or _is_navigation(node, classes)) and node.tag not in _WHOLE,
            sponsored=place.sponsored or bool(classes and _SPONSORED.search(classes)),
            signature=(f"{node.tag}.{_DIGITS.sub('#', classes.split(' ', 1)[0])}", *place.signature[:4]),
        )
    return place


def _is_navigation(node: HtmlElement, classes: str) -> bool:
    names = f"{classes} {(node.get('id') or '').lower()}"
    return node.tag in ("nav", "footer") or node.get("role") == "navigation" or bool(_NAVIGATION.search(names))


def _read(element: HtmlElement) -> tuple[str, HtmlElement | None, bool]:
    """The link's words (its heading's, where it holds one), its first picture, and whether it holds a heading."""
    if not len(element):
        return " ".join((element.text or "").split()), None, False
    image = heading = None
    unread: set[HtmlElement] = set()
    parts = [(element.text or "")[:MAX_TEXT]]
    for node in islice(element.iterdescendants(), _INSIDE):
        tag = node.tag
        if node.getparent() in unread:
            unread.add(node)
            continue
        if tag in _UNREAD:
            unread.add(node)
        elif isinstance(tag, str):
            parts.append((node.text or "")[:MAX_TEXT])
            image = node if tag == "img" and image is None else image
            heading = node if tag in _HEADINGS and heading is None else heading
        parts.append((node.tail or "")[:MAX_TEXT])
    words = line(heading) if heading is not None else ""
    return words or " ".join(" ".join(parts).split())[:MAX_TEXT], image, heading is not None


def _label(element: HtmlElement, image: HtmlElement | None) -> str:
    for value in (element.get("aria-label"), element.get("title"), image.get("alt") if image is not None else None):
        if value and value.strip():
            return " ".join(value.split())
    return ""


def _is_inline(element: HtmlElement, parent: HtmlElement | None) -> bool:
    previous = element.getprevious()
    before = previous.tail if previous is not None else parent.text if parent is not None else None
    return len((before or "").strip()) > _INLINE or len((element.tail or "").strip()) > _INLINE
