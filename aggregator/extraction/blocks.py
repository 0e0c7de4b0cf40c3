"""One pass over the tree: the page's text as segments, each with where it stands.

A segment is a maximal run of inline content: block elements and `<br>` end it. Segments are what the model keeps or
drops; assembly joins what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning.text import squash

MAX_ELEMENTS = 200_000  # of a page; what comes later is not read (the page is then partial)
MAX_SEGMENTS = 6_000
MAX_WORDS = 20  # name words of one element that are looked at

SKIPPED = frozenset(
    ["script", "style", "svg", "noscript", "template", "head", "select", "option", "textarea", "button", "object",
     "canvas", "math", "rp", "rt", "map", "audio", "input", "progress", "meter", "datalist", "source"]
)  # fmt: skip
MEDIA = frozenset(
    ["img", "iframe", "video", "embed", "amp-img", "amp-iframe", *rules.load("media")["embeds"]["elements"]]
)  # fmt: skip
INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
     "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr"]
)  # fmt: skip
SWALLOWING = frozenset({"button", "object", "noscript"})  # never closed, they hold half the page
MANY_PARAGRAPHS = 3
STRONG = frozenset({"b", "strong"})
_TAGS = ((SKIPPED, "skipped"), (MEDIA, "media"), (INLINE, "inline"), (("br", "hr"), "break"))
KINDS = {tag: kind for tags, kind in _TAGS
         for tag in tags}  # fmt: skip
NAMING = ("class", "id", "itemprop", "role", "data-testid", "data-component", "data-qa", "data-type", "data-module")
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_LOWER = re.compile("[a-z]{2,}")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(slots=True, eq=False)
class Place:
    """A block element on the way down; segments and inner places point to it."""

    element: HtmlElement
    tag: str
    parent: Place | None
    depth: int
    words: tuple[str, ...]  # from class, id, itemprop and the like
    hidden: bool
    order: int  # among the places, in document order
    first: int  # its segments are first <= i < last
    last: int = 0


@dataclass(slots=True, eq=False)
class Segment:
    place: Place
    text: str
    linked: int  # characters inside links
    strong: int  # characters inside b, strong
    breaks: int  # how many <br> alone stand between it and the segment before; 0 where a block began
    inline: tuple[str, ...]  # tags of the inline elements in it
    words: tuple[str, ...]  # and their name words
    hrefs: tuple[str, ...]
    media: int  # pictures, frames and videos met before it


@dataclass(slots=True)
class Text:
    places: list[Place] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    media: list[tuple[HtmlElement, Place]] = field(default_factory=list)
    partial: bool = False


@lru_cache(maxsize=8_192)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a class, id or role, lower case; hyphens, case changes and digits split.

    >>> name_words("td-post-content articleBody_x9")
    ('td', 'post', 'content', 'article', 'body')
    """
    name = name[:300]
    if name.islower():  # nearly always
        return tuple(_LOWER.findall(name)[:MAX_WORDS])
    return tuple(" ".join(_WORD.findall(name)[:MAX_WORDS]).lower().split())


def heads(names: Iterable[str]) -> frozenset[str]:
    """The first words of classes or ids: a place with none of them among its words has none of the names."""
    return frozenset(word for name in names for word in name_words(name)[:1])


def _holds_much(element: HtmlElement) -> bool:
    return len(list(islice(element.iter("p"), MANY_PARAGRAPHS))) >= MANY_PARAGRAPHS


def read(root: HtmlElement) -> Text:
    """All segments of the page in document order. Iterative: nesting costs no stack; linear in the page's size."""
    text = Text()
    walk = _Walk(text)
    top = walk.run(next(root.iter("body"), root), None)
    for other in root.itersiblings("html"):  # two documents in one answer: the second may hold the story
        walk.run(next(other.iter("body"), other), top)
        top.last = len(text.segments)
    return text


_Open = tuple[HtmlElement, Place, bool, bool]
"""An element that is being read, its place, and whether that is inside a link, and strong."""


class _Walk:
    """The run of inline content under way, and the page so far."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.inline: list[str] = []
        self.words: list[str] = []
        self.hrefs: list[str] = []
        self.breaks = 0

    def run(self, body: HtmlElement, parent: Place | None) -> Place:
        text, segments, parts, kinds = self.text, self.text.segments, self.parts, KINDS
        top = place = self.enter(body, parent)
        if body.text:
            parts.append(body.text)
        element, linking, strong = body, False, False  # the innermost open element; whether inside a link, and strong
        stack: list[_Open] = []  # the elements around it
        unread: set[HtmlElement] = set()  # elements of which nothing but the tail counts
        seen = 0
        for child in islice(body.iter(), 1, None):
            seen += 1
            if seen > MAX_ELEMENTS or len(segments) > MAX_SEGMENTS:
                text.partial = True
                break
            outer = child.getparent()
            if outer is not element:
                if outer in unread:
                    unread.add(child)
                    continue
                while element is not outer:
                    element, place, linking, strong = self.close(element, place, stack)
            tag = child.tag
            kind = kinds.get(tag)
            if kind == "inline":
                stack.append((element, place, linking, strong))
                element = child
                self.inline.append(tag)
                if tag == "a":
                    linking = True
                    if href := child.get("href"):
                        self.hrefs.append(href)
                elif tag in STRONG:
                    strong = True
                if name := child.get("class"):
                    self.words.extend(name_words(name))
                if start := child.text:
                    self.add(start, linking, strong)
                continue
            if kind == "skipped" and tag in SWALLOWING and _holds_much(child):
                kind = None
            if kind is None and isinstance(tag, str):  # a block; else a comment
                if parts:
                    self.flush(place)
                self.breaks = 0
                stack.append((element, place, linking, strong))
                element, place = child, self.enter(child, place)
                if (start := child.text) and not start.isspace():
                    self.add(start, linking, strong)
                continue
            if kind == "break":
                if parts:
                    self.flush(place)
                self.breaks += 1
            elif kind == "media":
                text.media.append((child, place))
            unread.add(child)
            if (tail := child.tail) and (parts or not tail.isspace()):
                self.add(tail, linking, strong)
        while stack:
            element, place, linking, strong = self.close(element, place, stack)
        self.leave(top)
        return top

    def close(self, element: HtmlElement, place: Place, stack: list[_Open]) -> _Open:
        """What is open when `element`, at `place`, was read: the last of `stack`."""
        outer, around, linking, strong = stack.pop()
        if around is not place:
            self.leave(place)
        if not self.text.partial and (tail := element.tail) and (self.parts or not tail.isspace()):
            self.add(tail, linking, strong)
        return outer, around, linking, strong

    def enter(self, element: HtmlElement, parent: Place | None) -> Place:
        text = self.text
        words: tuple[str, ...] = ()
        hidden = parent.hidden if parent else False
        for key, value in element.items():
            if key in NAMING:
                words += name_words(value)
            elif (
                key == "hidden"
                or (key == "style" and "n" in value and _HIDING.search(value[:300]))
                or (key == "aria-hidden" and value == "true")
            ):
                hidden = True
        place = Place(
            element, element.tag, parent, parent.depth + 1 if parent else 0, words[:MAX_WORDS], hidden,
            len(text.places),
            len(text.segments),
        )  # fmt: skip
        text.places.append(place)
        return place

    def leave(self, place: Place) -> None:
        if self.parts:
            self.flush(place)
        self.breaks = 0
        place.last = len(self.text.segments)

    def add(self, piece: str, in_link: bool, in_strong: bool) -> None:
        self.parts.append(piece)
        if in_link or in_strong:
            size = len(piece.strip())
            self.linked += size * in_link
            self.strong += size * in_strong

    def flush(self, place: Place) -> None:
        """End the run of inline content, if it has any text."""
        parts = self.parts
        line = squash(parts[0] if len(parts) == 1 else "".join(parts))
        parts.clear()
        if not line:
            return
        size = len(line)
        self.text.segments.append(
            Segment(place, line, min(self.linked, size), min(self.strong, size), self.breaks, tuple(self.inline),
                    tuple(self.words[:MAX_WORDS]), tuple(self.hrefs[:8]), len(self.text.media))
        )  # fmt: skip
        self.breaks = self.linked = self.strong = 0
        self.inline.clear()
        self.words.clear()
        self.hrefs.clear()
