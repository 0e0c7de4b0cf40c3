"""The texts inside one element, however it is built; a container's, which may be a whole page, are none."""

from __future__ import annotations

from lxml.html import HtmlElement

from aggregator.cleaning.text import squash

MAX_TEXT = 2_000  # characters


def pieces(element: HtmlElement, limit: int = MAX_TEXT) -> list[str]:
    """The element's texts as they stand, one a tag; none where they are longer than `limit`: it is a container."""
    out: list[str] = []
    size = 0
    for text in element.itertext():
        size += len(text)
        if size > limit:
            return []
        out.append(text)
    return out


def line(element: HtmlElement) -> str:
    """The element's text as one line, or nothing where it is a container."""
    return squash("".join(pieces(element)))
