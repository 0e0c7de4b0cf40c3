"""Claims for the plain fields: canonical URL, section, breadcrumbs, tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from aggregator.cleaning.text import folded
from aggregator.extraction import jsonld
from aggregator.extraction.blocks import Place
from aggregator.extraction.page import Candidate, Page
from aggregator.extraction.pieces import line

Claims = Iterator[tuple[str, Candidate]]

MAX_STEPS = 10  # of a breadcrumb trail
MAX_UP = 5  # ancestors of a step that are asked for the trail
MIN_TITLE = 15  # letters of a last step that is the headline
CRUMBS = frozenset({"breadcrumb", "breadcrumbs", "crumb", "crumbs", "ariadne"})  # words in class names


def candidates(page: Page) -> Claims:
    """(field, candidate) pairs; article.TRUST orders them by where they stood."""
    yield from _from_jsonld(page)
    yield from _from_meta(page)
    yield from _from_links(page)
    yield from _from_trails(page)
    if page.found:
        for category in page.found.categories:
            yield "tags", Candidate(category, "feed:category", category)


def _from_jsonld(page: Page) -> Claims:
    for node in page.jsonld:
        if jsonld.is_article(node):
            if section := jsonld.first(node.get("articleSection")):
                yield "section", Candidate(section, "json-ld:articleSection", section)
            for value in jsonld.strings(node.get("keywords")):
                for keyword in value.split(","):
                    yield "tags", Candidate(keyword, "json-ld:keywords", value)
        elif "BreadcrumbList" in jsonld.types(node):
            yield from _trail(page, "json-ld:BreadcrumbList", _steps(node))


def _steps(node: jsonld.Node) -> list[str]:
    """The names of a BreadcrumbList's items in order of their positions."""
    steps = node.get("itemListElement")
    out: list[tuple[float, str]] = []
    for place, step in enumerate(steps if isinstance(steps, list) else []):
        if not isinstance(step, dict):
            continue
        inner = step.get("item")
        name = jsonld.first(step.get("name") or (inner.get("name") if isinstance(inner, dict) else None))
        position = step.get("position")
        if name:
            out.append((position if isinstance(position, (int, float)) else place, name))
    return [name for _, name in sorted(out, key=lambda pair: pair[0])]


def _from_meta(page: Page) -> Claims:
    for field, names in (
        ("canonical_url", ("og:url",)),
        ("section", ("article:section", "parsely-section", "section", "cxenseparse:category")),
        ("tags", ("article:tag", "news_keywords", "parsely-tags", "keywords")),
    ):
        for name in names:
            for content in page.meta.get(name, ()):
                for value in content.split(",") if field == "tags" else (content,):
                    yield field, Candidate(value, f"meta:{name}", content)


def _from_links(page: Page) -> Claims:
    for link in page.elements("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (href := link.get("href")):
            yield "canonical_url", Candidate(page.absolute(href), "link:canonical", href)
    for anchor in page.anchors:
        rel = anchor.get("rel").lower().split()
        if "tag" in rel and (name := line(anchor)):
            if "category" in rel:  # WordPress: rel="category tag"
                yield "section", Candidate(name, "a:rel=category", name)
            else:
                yield "tags", Candidate(name, "a:rel=tag", name)


def _from_trails(page: Page) -> Claims:
    for item in page.microdata:
        if item.type == "BreadcrumbList":
            steps = item.items.get("itemListElement", ())
            yield from _trail(
                page, "microdata:BreadcrumbList", [n for s in steps for n in s.properties.get("name", ())[:1]]
            )
            break
    yield from _trail(page, "trail", trail(page))


def trail(page: Page) -> list[str]:
    """The steps of the breadcrumb trail that readers see, the site's front page first."""
    for place in () if CRUMBS.isdisjoint(page.text.words) else page.text.places:
        if not CRUMBS.isdisjoint(place.words):
            names = map(line, islice(place.element.iterfind(".//a[@href]"), MAX_STEPS))
            return list(dict.fromkeys(filter(None, names)))
    return []


def in_trail(place: Place) -> bool:
    """Whether the place is a step of the breadcrumb trail, or of other navigation."""
    for _ in range(MAX_UP):
        if place.tag == "nav" or not CRUMBS.isdisjoint(place.words):
            return True
        if place.parent is None:
            break
        place = place.parent
    return False


def _trail(page: Page, source: str, names: list[str]) -> Claims:
    """A trail's steps without the story itself; the last of them is its section, the first is the site's front page."""
    if names and len(key := folded(names[-1])) >= MIN_TITLE and key in folded(page.title_tag):
        names = names[:-1]
    for name in names[:MAX_STEPS]:
        yield "breadcrumbs", Candidate(name, source, name)
    if len(names) > 1:
        yield "section", Candidate(names[-1], source, names[-1])
