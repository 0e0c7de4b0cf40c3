"""Which teasers of a listing a text badge calls paid: 'Anzeige', 'Sponsored by Acme' …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.extraction.page import Page

MOST = 100
"""Badges of one page that are looked at."""

_TAGS = (
    "span",
    "div",
    "p",
    "a",
    "small",
    "strong",
    "b",
    "em",
    "i",
    "label",
    "header",
    "footer",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
)
_LONGEST = 60  # characters of a badge, the name of who paid included
_HEIGHT = 8  # elements from a badge up to its teaser
_LINKS = 50  # of a teaser
_EDGES = " \t\n\r\xa0:·•|–—-*[]()"
_SLOTS = frozenset({"iframe", "ins", "script"})
_SLOT = re.compile(r"(?:^|[\s_-])(?:ads?|adslot|advert\w*|banner|dfp|gpt)(?:$|[\s_-])")


def paid(page: Page, stories: Mapping[HtmlElement, str]) -> dict[str, str]:
    """URL -> badge. `stories`: the page's links to stories, and their URLs.

    A badge belongs to the one story that its box names. Where an advertisement stands in the box, it belongs to that.
    """
    out: dict[str, str] = {}
    for element, badge in islice(_badges(page), MOST):
        if url := _story(element, stories):
            out.setdefault(url, badge)
    return out


def _badges(page: Page) -> Iterator[tuple[HtmlElement, str]]:
    labels, openings = _known()
    for element in (element for tag in _TAGS for element in page.elements(tag)):
        text = element.text
        if not text or len(text) > 2 * _LONGEST:
            continue
        badge = text.strip(_EDGES)
        if len(badge) <= _LONGEST and ((folded := badge.casefold()) in labels or folded.startswith(openings)):
            yield element, badge


def _story(badge: HtmlElement, stories: Mapping[HtmlElement, str]) -> str | None:
    for box in (badge, *islice(badge.iterancestors(), _HEIGHT)):
        if named := _named(box, stories):
            return named.pop() if len(named) == 1 else None
        if (
            _SLOT.search(f"{box.get('class') or ''} {box.get('id') or ''}".lower())
            or next(box.iter(*_SLOTS), None) is not None
        ):
            return None
    return None


def _named(box: HtmlElement, stories: Mapping[HtmlElement, str]) -> set[str]:
    around: Iterable[HtmlElement] = (one for one in box.iterancestors("a")) if box.tag != "a" else ()
    links = (*around, *islice(box.iter("a"), _LINKS))
    return {url for link in links if (url := stories.get(link))}


@cache
def _known() -> tuple[frozenset[str], tuple[str, ...]]:
    table = rules.load("kinds")["sponsored"]
    return frozenset(table["labels"]), tuple(f"{opening} " for opening in table["by"])
