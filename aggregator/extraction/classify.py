"""What kind of page this is, and whether it can be read without paying.

A page is refused only where its text is short or missing *and* something says what it is instead: a real article
refused costs more than a listing that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from aggregator import rules
from aggregator.cleaning import boilerplate
from aggregator.extraction import jsonld, listing
from aggregator.extraction.blocks import heads
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.items import Access, Evidence, Kind

SHORT = 400  # characters of text below which a page may be an error, a wall or a video's stub
EMPTY = 120  # below which it can be no article where a video stands instead
WORDLESS = 40  # below which it is a picture or a flash with a word to it
FULL = 1_500  # above which a story marked as paid has been let through whole or nearly
WIDE = "\u2e80"  # from here on, letters are words of their own or nearly
HEADINGS = 10  # of a page with little text that may say it is an error
_SPLIT = re.compile(r"\s[|–—·-]\s|\s*\|\s*")


def kind(page: Page, title: str | None, body: Body) -> tuple[Kind, Evidence]:
    """The kind; those in items.NOT_ARTICLES are refused later, with the evidence as the reason."""
    known = rules.load("kinds")
    size = sum(len(block.text) for block in body.blocks)
    if size < SHORT:
        for verdict in ("error", "wall"):
            for place, words in _headlines(page, title, verdict):
                if phrase := _begins(words, known[verdict]["phrases"]):
                    return verdict, {"from": place, "raw": words, "note": f"{size} characters, begins with {phrase!r}"}
        if mark := _mark(page, frozenset(known["wall"]["marks"])):
            return "wall", {"from": "mark", "raw": mark, "note": f"{size} characters of text"}
    if evidence := listing.read(page, body):
        return "listing", evidence
    special = _special(page)
    if size < EMPTY and (special in ("video", "audio") or _has_player(page)):
        return "stub", {"from": special or "player", "raw": f"{size} characters of text"}
    if 0 < size < SHORT and all(boilerplate.flag(block.text, "last") for block in body.blocks):
        return "stub", {"from": "text", "raw": f"{size} characters of text, all boilerplate"}
    if 0 < size < WORDLESS and _weight(body) < WORDLESS and special != "live_blog":
        return "stub", {"from": "text", "raw": f"{size} characters of text"}
    if special:
        return special, _special_evidence(page)
    if body.entries:
        return "live_blog", {"from": "text:entries", "raw": f"{len(body.entries)} entries with their times"}
    if label := _sponsored(page, body):
        return "sponsored", label
    return "article", {"from": "default", "raw": ""}


def _weight(body: Body) -> int:
    """The text's length in characters of an alphabet."""
    return sum(2 if letter >= WIDE else 1 for block in body.blocks for letter in block.text)


def _headlines(page: Page, title: str | None, verdict: str) -> Iterator[tuple[str, str]]:
    """Where such a page says what it is; any heading may be an error's, but 'Log in' stands beside many a story."""
    if title:
        yield "title", title
    if page.title_tag:
        yield "<title>", page.title_tag
    if verdict == "error":
        headings = (segment for segment in page.text.segments if segment.place.tag in ("h1", "h2", "h3"))
        yield from ((segment.place.tag, segment.text) for segment in islice(headings, HEADINGS))


def _begins(words: str, phrases: list[str]) -> str | None:
    """The phrase that `words` begin with or, cut at its separators, consist of."""
    parts = [part.strip(" .!…-") for part in (words.lower(), *_SPLIT.split(words.lower()))]
    for phrase in phrases:
        for part in parts:
            if part.startswith(phrase) and len(part) < len(phrase) + 40:
                return phrase
    return None


def _special(page: Page) -> Kind | None:
    evidence = _special_evidence(page)
    return rules.load("kinds")["kinds"][evidence["raw"]] if evidence["raw"] else None


def _special_evidence(page: Page) -> Evidence:
    """The type the page gives itself, where it is a special one: its main JSON-LD node, else og:type."""
    kinds = rules.load("kinds")["kinds"]
    articles = [node for node in page.jsonld if jsonld.is_article(node)]
    main = articles[:1] or [node for node in page.jsonld if any(name in kinds for name in jsonld.types(node))][:1]
    for node in main:
        for name in jsonld.types(node):
            if name in kinds:
                return {"from": "json-ld:@type", "raw": name}
    if not articles:
        for value in page.meta.get("og:type", ())[:1]:
            if value.lower() in kinds:
                return {"from": "meta:og:type", "raw": value.lower()}
    return {"from": "", "raw": ""}


def _has_player(page: Page) -> bool:
    return "og:video" in page.meta or "og:video:url" in page.meta or any(e.tag == "video" for e, _ in page.text.media)


def _sponsored(page: Page, body: Body) -> Evidence | None:
    labels = frozenset(rules.load("kinds")["sponsored"]["labels"])
    for name in ("article:section", "section", "parsely-section"):
        for value in page.meta.get(name, ()):
            if value.lower() in labels:
                return {"from": f"meta:{name}", "raw": value}
    for node in page.jsonld:
        if jsonld.is_article(node):
            for value in jsonld.strings(node.get("articleSection")):
                if value.lower() in labels:
                    return {"from": "json-ld:articleSection", "raw": value}
    if page.found and page.found.sponsored:
        return {"from": "found:sponsored", "raw": page.found.sponsored}
    for category in page.found.categories if page.found else ():
        if category.lower() in labels:
            return {"from": "found:category", "raw": category}
    around = {element.getparent() for element in body.elements}
    for segment in page.text.segments:  # a label among the paragraphs; elsewhere it belongs to an advertisement
        if segment.text.lower() in labels and segment.place.element.getparent() in around:
            return {"from": "text:label", "raw": segment.text}
    return None


def access(page: Page, body: Body) -> tuple[Access, Evidence]:
    """Free, paid (next to nothing can be read), partial, or unknown where the page does not say."""
    known = rules.load("kinds")["access"]
    size = sum(len(block.text) for block in body.blocks)
    for node in page.jsonld:
        if jsonld.is_article(node) and (free := _truth(node.get("isAccessibleForFree"))) is not None:
            found: Access = "free" if free else "paid" if size < SHORT else "partial"
            return found, {"from": "json-ld:isAccessibleForFree", "raw": str(node["isAccessibleForFree"])}
    for name in ("article:content_tier", "lp.article:content_tier", "cxenseparse:pageclass:tier", "content_tier"):
        for value in page.meta.get(name, ()):
            if tier := known["tiers"].get(value.lower()):
                return ("partial" if tier == "paid" and size >= SHORT else tier), {"from": f"meta:{name}", "raw": value}
    if mark := _mark(page, frozenset(known["marks"])):
        return ("partial" if size >= SHORT else "paid"), {"from": "mark", "raw": mark}
    return "unknown", {"from": "none", "raw": ""}


def _truth(value: Any) -> bool | None:
    """Booleans as they are written: `true`, "False", "http://schema.org/True"."""
    if isinstance(value, bool):
        return value
    word = str(value).lower().rsplit("/", 1)[-1]
    return {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}.get(word)


def _mark(page: Page, marks: frozenset[str]) -> str | None:
    """The first of `marks` among the ids and classes of the page's boxes, its frame left out."""
    beginnings = heads(marks) & page.text.words
    for place in page.text.places[1:] if beginnings else ():
        if beginnings.isdisjoint(place.words):
            continue
        for name in ("id", "class"):
            if value := place.element.get(name):
                for word in str(value).lower().split():
                    if word in marks:
                        return word
    return None
