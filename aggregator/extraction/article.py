"""From one page to one article: who is believed, field by field."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from aggregator.cleaning import boilerplate, urls
from aggregator.cleaning.loader import ArticleLoader
from aggregator.cleaning.text import folded
from aggregator.extraction import (
    body,
    classify,
    cut,
    dates,
    ending,
    language,
    media,
    metadata,
    origin,
    people,
    rights,
    title,
    told,
)
from aggregator.extraction.page import Candidate, Page
from aggregator.items import Article, Evidence, Extraction, Links

VERSION = "1"

# Field -> where its claims stand, most trusted first; "" is any place, in the order the reader gives. Title, dates,
# people and origin weigh their claims against each other: see the modules of that name.
TRUST: dict[str, tuple[str, ...]] = {
    "title": ("site", ""),
    "subtitle": ("site", "deck", "json-ld:alternativeHeadline", "microdata:alternativeHeadline"),
    "canonical_url": ("link:canonical", "meta:og:url"),
    "section": (
        "site",
        "meta:article:section",
        "json-ld:articleSection",
        "meta:",
        "a:rel=category",
        "json-ld:",
        "trail",
    ),
    "breadcrumbs": ("site", "json-ld:BreadcrumbList", "microdata:BreadcrumbList", "trail"),
    "tags": ("site", "meta:article:tag", "a:rel=tag", "json-ld:keywords", "meta:", "feed:category"),
}
LISTS = frozenset({"breadcrumbs", "tags"})  # one origin's whole list is taken, never a mixture


def read(page: Page) -> Article:
    """The article of one page. Never raises on a page's content; what looks wrong is in `extraction.warnings`."""
    claims = _ranked(page)
    loader = ArticleLoader()
    article: Article = loader.item
    article.url = urls.clean(page.url) or page.url
    article.site = page.found.site if page.found else page.site.name if page.site else page.host
    article.fetched_at = stamp(page.fetched_at)
    article.extraction = Extraction(version=VERSION, site_rules=page.site.name if page.site else None)
    for name, ranked in claims.items():
        if name == "section":  # a trail may end with the story itself
            heading = folded(loader.get_output_value("title") or "")
            ranked = [claim for claim in ranked if folded(claim.value) != heading]
        _load(loader, article, name, ranked)
    loader.load_item()
    article.id = hashlib.sha256(article.url.encode()).hexdigest()[:16]

    text = body.read(page, article.title)
    when = dates.read(page, text)
    who = people.read(page, text)
    whence = origin.read(page, text, who)
    if whence.source and whence.source.name:
        mark = whence.evidence["source"]
        who = people.reposted(who, whence.source.name, mark["from"], mark["raw"])
    article.blocks, article.removed = text.blocks, text.removed
    if page.story:
        article.evidence["text"] = {"from": page.story.source, "raw": page.story.path}
    article.published_at, article.modified_at = stamp(when.published), stamp(when.modified)
    article.authors, article.posted_by = who.authors, who.posted_by
    article.source, article.agencies = whence.source, list(dict.fromkeys([*whence.agencies, *who.agencies]))
    article.images, article.videos = media.images(page, text), media.videos(page, text)
    article.evidence |= when.evidence | who.evidence | whence.evidence
    told.cut(article)
    media.tidy(article.images, article.title, [author.name for author in article.authors])
    article.text = "\n\n".join(block.text for block in article.blocks if block.text) or None
    article.language, article.evidence["language"] = language.read(page, article.text)
    article.kind, article.evidence["kind"] = classify.kind(page, article.title, text)
    article.access, article.evidence["access"] = classify.access(page, text)
    article.rights = rights.read(page)
    article.removed += boilerplate.beside(ending.read(page, text))
    article.links = Links(related=text.related)
    article.extraction.partial = page.truncated or text.partial or cut.is_cut(page, text)
    article.extraction.warnings = page.warnings
    return article


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _ranked(page: Page) -> dict[str, list[Candidate]]:
    """Each field's claims, most trusted first; claims from places TRUST does not name are left out."""
    met: dict[str, list[Candidate]] = defaultdict(list)
    if page.site:
        for name, selector in page.site.selectors.items():
            for element in page.root.cssselect(selector) if name in TRUST else ():
                met[name].append(Candidate(element.text_content(), "site", selector))
    for source in (title.candidates(page), metadata.candidates(page)):
        for name, claim in source:
            met[name].append(claim)
    return {
        name: [c for place in places for c in met[name] if c.source.startswith(place) and (place or c.source != "site")]
        for name, places in TRUST.items()
    }


def _load(loader: ArticleLoader, article: Article, name: str, ranked: list[Candidate]) -> None:
    winner: Any = loader.trusted(name, ranked)
    if winner is None:
        return
    evidence: Evidence = {"from": winner.source, "raw": winner.raw}
    if name in LISTS:
        loader.replace_value(name, [claim.value for claim in ranked if claim.source == winner.source])
    else:
        other = next((claim for claim in ranked if claim.value != winner.value), None)
        if other:
            evidence["runner_up"] = {"from": other.source, "raw": other.raw}
    article.evidence[name] = evidence
