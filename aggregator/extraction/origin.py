"""Which outlet or agency the story came from, where that is not the site that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aggregator import rules
from aggregator.cleaning import people as cleaning
from aggregator.cleaning.text import folded
from aggregator.extraction import credit_lines, jsonld
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.people import People
from aggregator.extraction.publisher import domain, label, outlet_of, spelt
from aggregator.items import Evidence, Source

POINTERS = ("syndication-source", "original-source", "dc.source", "dcterms.source", "article:original_source")
ORGANISATIONS = ("sourceOrganization", "provider")  # these are named; what a story is based on is linked
NODES = ("isBasedOn", "isBasedOnUrl", *ORGANISATIONS)
_END_OF_WORD = re.compile(r"(?<=[a-z.])(?=[A-Z])")


@dataclass(slots=True)
class Origin:
    source: Source | None = None
    agencies: list[str] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)  # source, agencies


@dataclass(slots=True)
class Mark:
    """Something on the page that names the story's origin."""

    place: str
    raw: str
    name: str | None
    url: str | None = None


def read(page: Page, body: Body, people: People) -> Origin:
    """The strongest mark that does not name the page's own site; agencies from all of them."""
    lines = list(credit_lines.read(page, body))
    wires = (wire for line in lines for wire in line.agencies if folded(wire) not in page.own_names)
    out = Origin(agencies=list(dict.fromkeys(wires)))
    if out.agencies:
        first = next(line for line in lines if line.agencies)
        out.evidence["agencies"] = {"from": first.place, "raw": first.raw}
    for mark in _marks(page, lines, people):
        if source := _source(page, mark):
            out.source = source
            out.evidence["source"] = {"from": mark.place, "raw": mark.raw}
            if source.url and source.name == domain(source.url):
                key = folded(label(source.url))  # a credit line or another text spells the name as people know it
                credited = (line.outlet for line in lines if line.outlet and folded(line.outlet) == key)
                source.name = next(credited, None) or spelt(page, source.url) or source.name
            break
    return out


def _marks(page: Page, lines: list[credit_lines.Line], people: People) -> Iterator[Mark]:
    """Marks of origin, strongest first."""
    yield from _canonical(page)
    for name in POINTERS:
        for content in page.meta.get(name, ()):
            if "://" in content:
                yield _pointer(f"meta:{name}", content)
    for node in page.jsonld:
        if jsonld.is_article(node):
            for key in NODES:
                for text in jsonld.strings(node.get(key)):
                    if key in ORGANISATIONS or "://" in text:
                        yield _pointer(f"json-ld:{key}", text)
    for line in sorted(lines, key=lambda line: line.rank):
        if line.outlet or line.url:
            yield Mark(line.place, line.raw, line.outlet, line.url)
    if page.found and (page.found.source or page.found.source_url):
        yield Mark(
            "feed:source", page.found.source or page.found.source_url or "", page.found.source, page.found.source_url
        )
    if people.wire:
        yield Mark("byline", people.wire, people.wire)


def _canonical(page: Page) -> Iterator[Mark]:
    for link in page.elements("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (url := page.absolute(link.get("href") or "")):
            if urlsplit(url).path.strip("/"):  # a bare homepage is a mistake in the theme, not a pointer
                yield Mark("link:canonical", url, None, url)
            return


def _pointer(place: str, text: str) -> Mark:
    return Mark(place, text, None, text) if text.startswith(("http://", "https://")) else Mark(place, text, text)


def _source(page: Page, mark: Mark) -> Source | None:
    """The mark as a source, or None where it names the site itself or nobody."""
    if mark.url and (domain(mark.url) == domain(page.url) or label(mark.url) == label(page.url)):
        return None
    never = rules.load("origin")["never"]["domains"]
    network = folded((mark.name or "").split()[-1]) if mark.name else ""  # 'Dam Board's Twitter'
    if (mark.url and domain(mark.url) in never) or f"{network}.com" in never:
        return None
    name = mark.name or (outlet_of(mark.url) if mark.url else None)
    if name is None or (mark.name and (cleaning.is_nobody(mark.name, page.own_names) or _is_own(page, mark.name))):
        return None
    return Source(name, mark.url, mark.raw[:300])


def _is_own(page: Page, name: str) -> bool:
    """The page's own site with something behind its name: an issue ('Orchard 10/22'), a department, a glued button."""
    own = folded(label(page.url))
    words = [folded(word) for word in name.split()]
    glued = (folded(name[: end.start()]) for end in _END_OF_WORD.finditer(name))  # 'Dam TimesLicense': a button
    return len(words) > 1 and own in (words[0], *glued)
