"""The article as it is written, one JSON line each, keys in this order.

Plain data: unknown is None or an empty list. Moments are ISO 8601 strings with an offset. `make schema` writes
`schema/article.schema.json` from these classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Required, TypedDict

SCHEMA_VERSION = "1.0"

Kind = Literal["article", "live_blog", "gallery", "video", "audio", "sponsored", "listing", "stub", "error", "wall"]
NOT_ARTICLES: frozenset[Kind] = frozenset({"listing", "stub", "error", "wall"})
"""Kinds of page that are recognised so that they can be refused; they are never written."""

BlockType = Literal["paragraph", "heading", "quote", "list", "table", "preformatted", "embed"]
Access = Literal["free", "paid", "partial", "unknown"]

Trace = TypedDict("Trace", {"from": str, "raw": str})
"""Where a value stood (`json-ld:datePublished`) and how it was written there."""

Evidence = TypedDict(
    "Evidence",
    {
        "from": Required[str],
        "raw": Required[str],
        "zone": str,  # dates: where the offset came from (value, page, site, assumed)
        "note": str,
        "runner_up": Trace,
        "conflicts": list[Trace],
    },
    total=False,
)
"""Why a field has its value; `runner_up` is the next best candidate, `conflicts` those that contradict."""


@dataclass(slots=True)
class Block:
    """One piece of the story's text in reading order; keys that do not apply to its type are left out of the line."""

    type: BlockType
    text: str
    level: int | None = None  # heading: 1 to 6
    speaker: str | None = None  # quote
    items: list[str] = field(default_factory=list)  # list
    url: str | None = None  # embed, whose text is empty
    published_at: str | None = None  # live blog: the first block of an entry


@dataclass(slots=True)
class Author:
    name: str
    url: str | None = None


@dataclass(slots=True)
class Source:
    """The outlet that wrote the story, where that is not the site that shows it."""

    name: str | None = None
    url: str | None = None
    evidence: str | None = None  # the words or mark that named it


@dataclass(slots=True)
class Image:
    url: str
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Video:
    url: str
    title: str | None = None


@dataclass(slots=True)
class Rights:
    """What the page and its headers say of reuse, as they say it."""

    robots: str | None = None
    license: str | None = None
    copyright: str | None = None
    tdm: str | None = None  # TDM-Reservation, and after a space the URL of its policy
    ai: str | None = None


@dataclass(slots=True)
class Links:
    source_link: str | None = None  # the story on its own site, where this page only points to it
    related: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Removed:
    """A piece of text that was cut, and the rule that cut it."""

    text: str
    rule: str


@dataclass(slots=True)
class Extraction:
    version: str = ""
    site_rules: str | None = None  # the spider whose selectors were used
    partial: bool = False  # the page was cut short or too deep to be read whole, or a part of the story is missing
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Article:
    schema_version: str = SCHEMA_VERSION
    id: str = ""
    url: str = ""
    canonical_url: str | None = None
    site: str = ""
    kind: Kind = "article"
    title: str | None = None
    subtitle: str | None = None
    text: str | None = None
    blocks: list[Block] = field(default_factory=list)
    language: str | None = None
    authors: list[Author] = field(default_factory=list)
    posted_by: str | None = None
    source: Source | None = None
    agencies: list[str] = field(default_factory=list)
    published_at: str | None = None
    modified_at: str | None = None
    first_seen_at: str | None = None
    fetched_at: str | None = None
    section: str | None = None
    breadcrumbs: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    access: Access = "unknown"
    rights: Rights = field(default_factory=Rights)
    links: Links = field(default_factory=Links)
    removed: list[Removed] = field(default_factory=list)
    duplicates_of: str | None = None
    story_id: str | None = None
    possible_translation_of: str | None = None  # an article in another language, by its picture and numbers
    revision: int = 1
    changed: list[str] = field(default_factory=list)  # the fields that differ from the revision before
    evidence: dict[str, Evidence] = field(default_factory=dict)
    extraction: Extraction = field(default_factory=Extraction)


RecognisedBy = Literal["url", "canonical", "text", "near", "picture"]
Side = Literal["copy", "article"]


@dataclass(slots=True)
class Copy:
    """A copy of a story that is written already: it has no line among the articles, but one in `copies.jsonl`."""

    url: str
    site: str
    title: str | None
    published_at: str | None
    fetched_at: str | None
    duplicate_of: str  # id of the article that it repeats …
    article_url: str  # … and its URL
    story_id: str
    by: RecognisedBy
    inside: float | None  # share of its text that stands in the article; None: the texts were not compared
    around: float | None  # share of the article's text that stands in it
    older: Side | None  # by the dates of publication, as far as they tell


@dataclass(slots=True)
class Found:
    """One article URL as discovery met it: every way it was found, and what the feed or listing said of it.

    Values are as they stood there, unparsed: evidence, not truth.
    """

    url: str
    site: str  # spider name, or the host of the start URL
    listing: str  # the feed, sitemap or listing page that showed it first
    via: list[str] = field(default_factory=list)  # feed:URL, sitemap:URL, listing:URL, api:URL, start:URL
    title: str | None = None  # feed title or anchor text
    published: str | None = None
    modified: str | None = None
    authors: list[str] = field(default_factory=list)
    source: str | None = None  # the feed entry's <source>
    source_url: str | None = None
    summary: str | None = None
    categories: list[str] = field(default_factory=list)
    sponsored: str | None = None  # the badge or mark by which a listing calls it paid
    language: str | None = None
    content: str | None = None  # HTML of the story as the site's API gives it; until its page was read
