"""One pass over the tree: the page's text as segments, each with where it stands.

A segment is a maximal run of inline content: block elements and `<br>` end it. Segments are what the model keeps or
drops; assembly joins what belongs together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning.text import squash

MAX_ELEMENTS = 200_000  # of a page; what comes later is not read (the page is then partial)
MAX_SEGMENTS = 6_000
MAX_WORDS = 20  # name words of one element that are looked at
MANY_COMMENTS = 10_000  # of which lxml's walk takes a time that grows with their square

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
NAMING = frozenset(
    ["class", "id", "itemprop", "role", "data-testid", "data-component", "data-qa", "data-type", "data-module"]
)
HIDING = frozenset({"hidden", "style", "aria-hidden"})
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
    seams: str | None = None  # its text with its seams, once they were asked for, see `zones.with_seams`


@dataclass(slots=True)
class Text:
    places: list[Place] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    media: list[tuple[HtmlElement, Place]] = field(default_factory=list)
    partial: bool = False
    words: frozenset[str] = frozenset()  # all name words of the places: what is not among them needs no search


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


@lru_cache(maxsize=64)
def heads(names: frozenset[str]) -> frozenset[str]:
    """The first words of classes or ids: a place with none of them among its words has none of the names."""
    return frozenset(word for name in names for word in name_words(name)[:1])


def _holds_much(element: HtmlElement) -> bool:
    return len(list(islice(element.iter("p"), MANY_PARAGRAPHS))) >= MANY_PARAGRAPHS


def read(root: HtmlElement) -> Text:
    """All segments of the page in document order. Iterative: nesting costs no stack; linear in the page's size."""
    if next(islice(root.iter(etree.Comment, etree.PI), MANY_COMMENTS, None), None) is not None:
        etree.strip_tags(root, etree.Comment, etree.PI)
    text = Text()
    run = _Run(text)
    top = _walk(next(root.iter("body"), root), run, None)
    for other in root.itersiblings("html"):  # two documents in one answer: the second may hold the story
        _walk(next(other.iter("body"), other), run, top)
        top.last = len(text.segments)
    text.words = frozenset(chain.from_iterable(place.words for place in text.places))
    return text


class _Run:
    """The run of inline content under way."""

    __slots__ = ("breaks", "hrefs", "inline", "linked", "parts", "strong", "text", "words")

    def __init__(self, text: Text) -> None:
        self.text = text
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.inline: list[str] = []
        self.words: list[str] = []
        self.hrefs: list[str] = []
        self.breaks = 0

    def leave(self, place: Place) -> None:
        if self.parts:
            self.end(place)
        self.breaks = 0
        place.last = len(self.text.segments)

    def end(self, place: Place) -> None:
        """The run is a segment, if it has any text."""
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


def _walk(body: HtmlElement, run: _Run, parent: Place | None) -> Place:
    text, parts = run.text, run.parts
    segments = text.segments
    top = place = _enter(body, parent, text)
    if body.text:
        parts.append(body.text)
    links = strongs = 0  # that are open
    seen = 0
    walk = etree.iterwalk(body, ("start", "end", "comment", "pi"))
    for event, element in islice(walk, 1, None):
        if event == "start":
            seen += 1
            if seen > MAX_ELEMENTS or len(segments) > MAX_SEGMENTS:
                text.partial = True
                break
            tag = element.tag
            kind = KINDS.get(tag)
            if kind == "skipped" and tag in SWALLOWING and _holds_much(element):
                kind = None
            if kind is None:  # a block
                if parts:
                    run.end(place)
                run.breaks = 0
                place = _enter(element, place, text)
            elif kind == "inline":
                run.inline.append(tag)
                if tag == "a":
                    links += 1
                    if href := element.get("href"):
                        run.hrefs.append(href)
                elif tag in STRONG:
                    strongs += 1
                if name := element.get("class"):
                    run.words.extend(name_words(name))
            else:
                walk.skip_subtree()
                if kind == "break":
                    if parts:
                        run.end(place)
                    run.breaks += 1
                elif kind == "media":
                    text.media.append((element, place))
                continue
            piece = element.text
        else:
            if element is place.element:
                run.leave(place)
                if place is top:
                    return top
                place = place.parent or top
            elif links or strongs:
                tag = element.tag
                links -= tag == "a"
                strongs -= tag in STRONG
            piece = element.tail
        if piece and (parts or not piece.isspace()):
            parts.append(piece)
            if links or strongs:
                size = len(piece.strip())
                run.linked += size * (links > 0)
                run.strong += size * (strongs > 0)
    around: Place | None = place  # cut off: what is open ends here
    while around and around is not parent:
        run.leave(around)
        around = around.parent
    return top


def _enter(element: HtmlElement, parent: Place | None, text: Text) -> Place:
    words: tuple[str, ...] = ()
    hidden = parent.hidden if parent else False
    for key, value in element.items():
        if key in NAMING:
            words += name_words(value)
        elif key in HIDING and (
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
