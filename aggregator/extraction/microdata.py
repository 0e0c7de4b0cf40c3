"""Microdata of a page as flat items (https://html.spec.whatwg.org/multipage/microdata.html)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from aggregator.extraction.pieces import line

_ADDRESS = {"a": "href", "area": "href", "link": "href", "img": "src", "iframe": "src", "video": "src", "audio": "src",
            "source": "src", "embed": "src", "object": "data"}  # fmt: skip
MAX_MARKED = 5_000  # items, and properties, of a page
_ITEMS, _PROPERTIES = (
    XPath(f"(descendant::*/@{name}/..)[position() <= {MAX_MARKED}]") for name in ("itemtype", "itemprop")
)


@dataclass(slots=True)
class Item:
    type: str  # without its namespace: NewsArticle
    element: HtmlElement
    properties: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, list[Item]] = field(default_factory=dict)  # properties that are items themselves
    parent: Item | None = None


def items(root: HtmlElement) -> list[Item]:
    """All items in page order. A property belongs to its nearest enclosing item; `itemref` is not followed.

    Names are stripped: the tagDiv theme writes `itemprop="headline "`.
    """
    out: list[Item] = []
    by_element: dict[HtmlElement, Item] = {}
    for element in cast("list[HtmlElement]", _ITEMS(root)):
        kind = element.get("itemtype").strip().rstrip("/").rsplit("/", 1)[-1]
        item = Item(kind, element)
        by_element[element] = item
        out.append(item)
    if not out:
        return out
    for element in cast("list[HtmlElement]", _PROPERTIES(root)):
        own = by_element.get(element)
        owner = next((by_element[a] for a in element.iterancestors() if a in by_element), None)
        if own:
            own.parent = owner
        if owner is None:
            continue
        for name in element.get("itemprop").split():
            if own:
                owner.items.setdefault(name, []).append(own)
            elif value := _value(element):
                owner.properties.setdefault(name, []).append(value)
    return out


def _value(element: HtmlElement) -> str:
    if (content := element.get("content")) is not None:
        return str(content).strip()
    if element.tag == "time" and element.get("datetime"):
        return str(element.get("datetime")).strip()
    if address := _ADDRESS.get(element.tag):
        return (element.get(address) or "").strip()
    if element.tag in ("div", "section", "article"):
        return ""  # a container (articleBody): its text is the body engine's work
    return line(element)
