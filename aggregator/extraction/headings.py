"""The text of a heading: without kicker, byline and date, its lines and its elements words apart."""

from __future__ import annotations

from functools import cache

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning.text import squash
from aggregator.extraction.blocks import name_words
from aggregator.extraction.pieces import pieces
from aggregator.extraction.zones import words

TIGHT = frozenset({"sub", "sup"})  # what follows these may be the same word
READINGS = frozenset({"rt", "rp"})  # how to say what stands beside them
_FOREIGN = frozenset({"h2", "h3", "h4", "h5", "h6", "time", "figure"})  # in a heading by mistake
_EDGES = " |/–—-"


def text(element: HtmlElement) -> str:
    """One line: a kicker that has an element of its own before the headline is cut, unless it ends in a colon."""
    while len(element) == 1 and not squash(element.text or "") and not squash(element[0].tail or ""):
        if not isinstance(element[0].tag, str) or not len(element[0]):
            break
        element = element[0]
    children = list(element)
    if children and not squash(element.text or "") and not _kickers().isdisjoint(_names(children[0])):
        rest = _joined(children[0].tail or "", children[1:])
        if len(rest.split()) > 1 and not rest.startswith(":"):
            return rest.lstrip(_EDGES)
    return _joined(element.text or "", children)


def _joined(line: str, children: list[HtmlElement]) -> str:
    """Text and elements; elements that follow each other directly are words apart (a line break)."""
    abuts = False
    for child in children:
        inner = _inner(child, bool(squash(line)))
        tail = child.tail or ""
        apart = child.tag not in TIGHT and line and not line[-1].isspace() and inner[:1].isalnum() and abuts
        glued = child.tag == "br" or (inner[-1:].islower() and tail[:1].isupper())  # <span>Kicker</span>The headline
        line += (" " if apart else "") + inner + (" " if glued else "") + tail
        abuts = not tail
    return squash(line)


def _inner(child: HtmlElement, headed: bool) -> str:
    """An element's text; none where it is a comment, or a byline or the like behind the headline."""
    if not isinstance(child.tag, str):
        return ""
    if headed and (child.tag in _FOREIGN or not words("marks").isdisjoint(_names(child))):
        return " "
    if child.tag == "ruby":
        return (child.text or "") + "".join(
            ("" if part.tag in READINGS else "".join(part.itertext())) + (part.tail or "") for part in child
        )
    return "".join(pieces(child))


def _names(element: HtmlElement) -> tuple[str, ...]:
    return name_words(element.get("class") or "") if isinstance(element.tag, str) else ()


@cache
def _kickers() -> frozenset[str]:
    return frozenset(rules.load("headlines")["kicker"]["words"])
