"""Signs that a page lists stories instead of telling one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import parse_qs, urlsplit

from aggregator import rules
from aggregator.extraction import jsonld
from aggregator.extraction.blocks import Place, Segment, Text
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.items import Evidence

SHORT = 400  # characters of kept text below which two signs are enough
FULL = 1_500  # above which only cards tell: a story may stand among many links
LONG_LINK = 25  # characters of a link's text that may be a headline
MANY_LINKS = 15
MANY_CARDS = 6  # siblings of one shape, each with a headline
ALL_CARDS = 8  # of a page that is made of them
MAX_LINKED = 3  # headlines in one card; more make it a list of its own
IN_CARDS = 0.6  # share of the kept text that stands in cards where they are what the page is made of
HALF = 0.4  # the same where the text is short
LONG_SLUG = 4  # words of a path's last part that name a story
_DIGITS = re.compile(r"\d{5}")


def read(page: Page, body: Body) -> Evidence | None:
    """An address that is a listing's alone; else at least three signs, or two where the text is short or made of cards.

    One sign has to be stated and none may be of one story: links and cards stand below every story too, they only bear
    out what the page says of itself.
    """
    if any(jsonld.is_article(node) for node in page.jsonld) or "article:published_time" in page.meta:
        return None
    if where := _address(page.url):
        return {"from": "address", "raw": where}
    if _names_a_story(page.url):
        return None
    size = sum(len(block.text) for block in body.blocks)
    found = cards(page.text)
    share = _share(body, found) / max(1, size)
    made_of_cards = share >= IN_CARDS and len(found) >= ALL_CARDS
    links = sum(map(_is_headline, page.text.segments))
    many = links >= MANY_LINKS and links * LONG_LINK > size
    if not made_of_cards and (size > FULL or (size >= SHORT and not many)):
        return None
    signs = list(_stated(page))
    if not signs:
        return None
    if many:
        signs.append(f"{links} links with long text")
    if share >= HALF:
        signs.append(f"{len(found)} cards")
    if len(signs) >= 3 or (len(signs) == 2 and (size < SHORT or made_of_cards)):
        return {"from": "signs", "raw": "; ".join(signs), "note": f"{size} characters of text"}
    return None


def cards(text: Text) -> list[Place]:
    """The siblings of one shape that hold a headline link each: of all such groups, the one with most text."""
    headlines = list(accumulate(map(_is_headline, text.segments), initial=0))
    groups: dict[tuple[int, str, tuple[str, ...]], list[Place]] = defaultdict(list)
    for place in text.places:
        if place.parent and place.tag != "p" and 1 <= headlines[place.last] - headlines[place.first] <= MAX_LINKED:
            groups[place.parent.order, place.tag, place.words[:2]].append(place)
    chars = list(accumulate((len(segment.text) for segment in text.segments), initial=0))
    many = [group for group in groups.values() if len(group) >= MANY_CARDS]
    return max(many, key=lambda group: sum(chars[place.last] - chars[place.first] for place in group), default=[])


def _is_headline(segment: Segment) -> bool:
    return segment.linked >= LONG_LINK and 2 * segment.linked > len(segment.text)


def _share(body: Body, found: list[Place]) -> int:
    """Characters of the kept text that stand in the cards, or in lists made of them."""
    inside = {place.element for place in found}
    inside |= {place.parent.element for place in found if place.parent and place.parent.tag in ("ul", "ol", "table")}
    return sum(
        len(block.text)
        for block, element in zip(body.blocks, body.elements, strict=True)
        if element in inside or any(ancestor in inside for ancestor in element.iterancestors())
    )


def _address(url: str) -> str | None:
    """A site's front page or a later page of it, whatever text is on it."""
    parts = urlsplit(url)
    path = [part for part in parts.path.lower().split("/") if part]
    queries = parse_qs(parts.query, keep_blank_values=True)
    if not queries.keys() <= set(rules.load("kinds")["listing"]["queries"]):
        return None
    return f"{parts.path or '/'}?{parts.query}".rstrip("?") if not path or _is_page(path) else None


def _is_page(path: list[str]) -> bool:
    return len(path) == 2 and path[0] == "page" and path[1].isdigit()


def _names_a_story(url: str) -> bool:
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return len(last.split("-")) >= LONG_SLUG or _DIGITS.search(last) is not None


def _stated(page: Page) -> Iterator[str]:
    """What address, types and body classes say."""
    known = rules.load("kinds")["listing"]
    parts = [part for part in urlsplit(page.url).path.lower().split("/") if part]
    if _is_page(parts[-2:]):
        yield "path:page"
    elif parts and (
        parts[-1] in known["paths"] or ("." not in parts[-1] and any(part in known["paths"] for part in parts[-3:-1]))
    ):
        yield f"path:{'/'.join(parts[-2:])}"
    named = {name for node in page.jsonld for name in jsonld.types(node)}
    yield from (f"json-ld:{name}" for name in known["types"] if name in named)
    yield from (f"og:type {value}" for value in page.meta.get("og:type", ())[:1] if value.lower() in known["og"])
    classes = [name for body in page.elements("body")[:1] for name in (body.get("class") or "").lower().split()]
    yield from [f"body.{name}" for name in known["classes"] if name in classes][:1]
