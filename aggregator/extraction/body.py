"""The story's text: which segments of the page are the article, and what was left out from between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from aggregator.cleaning import boilerplate
from aggregator.cleaning.text import folded
from aggregator.extraction import assembly, embeds, jsonld, live, model, pictures, publisher, teasers
from aggregator.extraction.blocks import Segment, Text
from aggregator.extraction.features import Clues
from aggregator.extraction.live import Entry
from aggregator.extraction.page import Page
from aggregator.items import Block, Image, Removed

MANY = 60  # pieces recorded as removed, links as related
LIKELY = 0.15  # belief below which nothing is kept, even where nothing else is
TRUSTED = 0.3  # share of a payload's story that has to look like one
SURE = 0.8  # and how much so: most data are no stories
LINE = 40  # characters of text below which the page is looked at again
NEARLY = 0.75  # share of the best line's belief that another line of so short a story has
FEW = 4  # segments that may be kept on so little belief
LONG_LINK = 20  # characters of a link's text that may be another story's headline


@dataclass(slots=True)
class Body:
    blocks: list[Block] = field(default_factory=list)
    elements: list[HtmlElement] = field(default_factory=list)  # the element of each block
    container: HtmlElement | None = None
    images: list[Image] = field(default_factory=list)  # with the captions that were taken out of the text
    removed: list[Removed] = field(default_factory=list)
    partial: bool = False
    related: list[str] = field(default_factory=list)  # links to other stories that stood between the blocks
    entries: list[Entry] = field(default_factory=list)  # of a live blog


def clues(page: Page) -> Clues:
    """What the page's metadata says of the story."""
    articles = [node for node in page.jsonld if jsonld.is_article(node)]
    told = next((node["articleBody"] for node in articles if isinstance(node.get("articleBody"), str)), "")
    title = next(iter(page.meta.get("og:title", ())), "")
    if not title:
        title = next((element.text_content() for element in page.elements("title")), "")
    description = next(iter(page.meta.get("og:description") or page.meta.get("description") or ()), "")
    return Clues(page.host, title, description, told)


def read(page: Page, title: str | None) -> Body:
    text = page.text
    belief = model.beliefs(text, clues(page))
    believed = belief > model.KEEP
    if sum(len(text.segments[at].text) for at in np.flatnonzero(believed)) < LINE:  # a story of a few lines
        likely = belief > max(LIKELY, NEARLY * float(belief.max(initial=0.0)))
        believed = likely if likely.sum() <= FEW else believed
    believed = _shown(text, believed)
    if page.story:
        told = _inside(text, [page.story.element])
        size = np.array([len(segment.text) for segment in text.segments])
        if size[(belief > SURE) & told].sum() < TRUSTED * size[told].sum():  # it was something else
            page.story = None
        believed = believed & told if page.story else believed & ~told
    believed = _by_site(page, text, teasers.cut(page, text, believed))
    shown = embeds.read(page, text)
    posted = np.zeros(len(believed), np.bool_)
    for embed in shown:
        posted[embed.first : embed.last] = True
    entries = live.read(page, text)
    believed = live.evened(text, entries, believed)
    when = np.zeros(len(believed), np.bool_)
    when[[at for entry in entries for at in entry.lines]] = True
    if (believed & ~posted & ~when).any():
        believed = believed & ~posted & ~when
    kept: list[int] = []
    for at in np.flatnonzero(believed).tolist():
        if not (title and len(kept) < 3 and _same(text.segments[at].text, title)):
            kept.append(at)
    if not kept:
        return Body(partial=text.partial)
    chosen = set(kept)
    between = [(at, s) for at, s in enumerate(text.segments[: kept[-1]]) if at > kept[0] and at not in chosen]
    entries = [entry for entry in entries if entry.last > kept[0] and entry.first <= kept[-1]]
    pairs = list(assembly.story(text.segments, kept, shown, entries))
    elements = [element for _, element in pairs]
    return Body(
        blocks=[block for block, _ in pairs],
        elements=elements,
        container=assembly.common_ancestor(elements),
        images=pictures.of_story(page, text, [text.segments[at] for at in kept]),
        removed=[
            Removed(s.text, "body:embed" if posted[at] else "body:time" if when[at] else _rule(s))
            for at, s in between[:MANY]
        ],
        partial=text.partial,
        related=_related(page, [s for _, s in between], [text.segments[at] for at in kept]),
        entries=entries,
    )


def _shown(text: Text, believed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Dialogues and pleas wait hidden in a page for a script to show them; a story that is hidden itself stays."""
    hidden = np.array([segment.place.hidden for segment in text.segments], dtype=bool)
    if not (believed & hidden).any():
        return believed
    sizes = np.array([len(segment.text) for segment in text.segments])
    return believed & ~hidden if sizes[believed & ~hidden].sum() > sizes[believed & hidden].sum() else believed


def _by_site(page: Page, text: Text, believed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The site's own selectors have the last word: `body` says where the text stands, `remove` what is none of it."""
    if not page.site:
        return believed
    if selector := page.site.selectors.get("body"):
        believed = believed & _inside(text, page.root.cssselect(selector))
    if selector := page.site.selectors.get("remove"):
        believed = believed & ~_inside(text, page.root.cssselect(selector))
    return believed


def _inside(text: Text, elements: Sequence[HtmlElement]) -> NDArray[np.bool_]:
    """Which segments stand inside one of `elements`."""
    chosen = set(elements)
    inside: set[int] = set()
    for place in text.places:
        if place.element in chosen or (place.parent and place.parent.order in inside):
            inside.add(place.order)
    return np.array([segment.place.order in inside for segment in text.segments], dtype=bool)


def _same(text: str, title: str) -> bool:
    return len(text) < 2 * len(title) + 20 and folded(text) == folded(title)


def _rule(segment: Segment) -> str:
    if segment.place.tag == "figcaption" or "caption" in segment.place.words or "caption" in segment.words:
        return "body:caption"
    return "body:links" if segment.linked * 2 > len(segment.text) else "body:model"


def _is_file(url: str) -> bool:
    """Or the front page."""
    path = urlsplit(publisher.live(url)).path
    return path in ("", "/") or path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf"))


def _related(page: Page, between: list[Segment], kept: list[Segment]) -> list[str]:
    """Where the link lines between the story's paragraphs lead, within the site; buttons to share it name it, too.

    So do lines of the text that say they lead elsewhere, which are cut off it later.
    """
    site = publisher.domain(publisher.live(page.url))
    out: dict[str, None] = {}
    for segment in [*filter(_is_link, between), *(s for s in kept if _is_link(s) and _is_related(s.text))]:
        for href in segment.hrefs:
            url = page.absolute(href)
            if url and len(out) < MANY and publisher.domain(publisher.live(url)) == site and not _is_file(url):
                out[url] = None
    return list(out)


def _is_link(segment: Segment) -> bool:
    return segment.linked >= LONG_LINK and segment.linked * 2 > len(segment.text)


def _is_related(line: str) -> bool:
    return (boilerplate.flag(line, "middle") or "").startswith("related_link.")
