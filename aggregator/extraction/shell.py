"""Whether a page waits for a script to make it."""

from __future__ import annotations

from functools import cache

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.extraction.page import Page

LITTLE = 400  # characters of text that the frame of a page may have before its scripts have run
_NO_TEXT = frozenset({"script", "style", "noscript", "template", "link", "meta", "svg", "img"})
_DATA = ("json", "template", "html", "speculationrules", "importmap", "x-")  # types of <script> that is not run


def is_scripted(page: Page) -> bool:
    """Whether any script would run: without one a browser shows what the HTML says."""
    return any(_runs(script) for script in page.root.iter("script"))


def is_shell(page: Page) -> bool:
    """Whether the story or the list is still missing: an app's root is empty, or the page asks for JavaScript and says
    next to nothing else."""
    if not is_scripted(page):
        return False
    ids, tags = _roots()
    if any((e.tag in tags or e.get("id") in ids) and _is_empty(e) for e in page.root.iter("div", "main", *tags)):
        return True
    asks = any("javascript" in element.text_content().lower() for element in page.root.iter("noscript"))
    return asks and sum(len(segment.text) for segment in page.text.segments) < LITTLE


def _runs(script: HtmlElement) -> bool:
    kind = (script.get("type") or "").lower()
    return not any(word in kind for word in _DATA) and bool(script.get("src") or (script.text or "").strip())


def _is_empty(element: HtmlElement) -> bool:
    """Nothing but comments, scripts and wrappers of those."""
    stack = [element]
    while stack:
        one = stack.pop()
        if isinstance(one.tag, str) and one.tag not in _NO_TEXT:
            if (one.text or "").strip() or len(one) > 3:
                return False
            stack.extend(one)
        if one is not element and (one.tail or "").strip():
            return False
    return True


@cache
def _roots() -> tuple[frozenset[str], tuple[str, ...]]:
    known = rules.load("script_shells")
    return frozenset(known["ids"]), tuple(known["tags"])
