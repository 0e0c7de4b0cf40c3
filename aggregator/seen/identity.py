"""By what an article is recognised: digests of its URL, its canonical URL, its text; and what makes a revision."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from aggregator.cleaning import noise, repeated, urls
from aggregator.items import Article, Block, Image, Removed, Source, Trace
from aggregator.seen.translations import picture

SHORT = 200
"""Characters. Shorter texts (flashes, teasers of paid stories) recur in other stories: their title counts too."""

REVISED = ("title", "text", "modified_at")
"""The fields whose change makes a revision."""

_EPOCH = date(1970, 1, 1).toordinal()
_STATE = 8  # bytes of a field's digest in Identity.state
_KEPT = 16  # texts whose digests are at hand: an article is looked up and claimed
_PAGE_NUMBER = re.compile(r"/(page/?)?\d{1,3}")
_PLAIN = {'"': "“”„‟«»″〝〞＂", "'": "‘’‚‛‹›′`´＇", "-": "‐‑‒–—―−", "...": "…"}
_ALIKE = {char: plain for plain, chars in _PLAIN.items() for char in chars}
_ALIKE |= {char: " " for char in map(chr, range(0x10000)) if char.isspace() and char not in " \n"}


@dataclass(slots=True)
class Known:
    """What the index keeps of an article: the part of its line that is read back."""

    id: str
    url: str
    site: str = ""
    canonical_url: str | None = None
    title: str | None = None
    text: str | None = None
    language: str | None = None
    source: Source | None = None
    published_at: str | None = None
    modified_at: str | None = None
    first_seen_at: str | None = None
    fetched_at: str | None = None
    duplicates_of: str | None = None
    story_id: str | None = None
    revision: int = 1
    evidence: dict[str, Trace] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


class Identity(NamedTuple):
    url: bytes
    canonical: bytes | None  # another address of this article on its own site
    source: bytes | None  # the address on another site that this page calls the original
    text: bytes
    picture: bytes | None  # of the first one; it may be others' too
    state: bytes  # a digest of each of REVISED

    def claims(self) -> list[tuple[bytes, str]]:
        """What the article is recognised by, with its kind; the source is another's."""
        claims = [(self.url, "url"), (self.canonical, "canonical"), (self.text, "text"), (self.picture, "picture")]
        return [(key, kind) for key, kind in claims if key]


def identity(article: Article | Known) -> Identity:
    own = urls.key(article.url)
    canonical = source = None
    if article.canonical_url and not urls.is_front(article.canonical_url):
        other = urls.key(article.canonical_url)
        if not urls.same_site(article.url, article.canonical_url):
            source = url_digest(article.canonical_url)
        elif other != own and not _is_above(other, own):
            canonical = url_digest(article.canonical_url)
    text, substance = _of_text(_whole(article))
    title = normal(article.title or "")
    state = [digest("title", title), substance, digest("modified_at", _modified(article) or "")]
    return Identity(
        url_digest(article.url),
        canonical,
        source,
        digest("text", text, title) if len(text) <= SHORT else digest("text", text, ""),
        digest("picture", picture(article.images[0].url)) if article.images else None,
        b"".join(digest[:_STATE] for digest in state),
    )


def _whole(article: Article | Known) -> str:
    """The text with what its site repeats, so that it makes no difference how much of that was known at the time."""
    texts = repeated.pieces(article.blocks, article.removed)
    return "\n\n".join(sorted(texts)) if article.blocks else article.text or ""


def changed(before: bytes, after: bytes) -> list[str]:
    """The fields in which two states differ."""
    return [
        name
        for place, name in enumerate(REVISED)
        if before[place * _STATE : (place + 1) * _STATE] != after[place * _STATE : (place + 1) * _STATE]
    ]


def url_digest(url: str) -> bytes:
    return digest("url", urls.key(url))


def day_of(moment: str | None) -> int:
    """The day of an ISO 8601 moment, counted from 1970; 0 where there is none."""
    return date.fromisoformat(moment[:10]).toordinal() - _EPOCH if moment else 0


def normal(text: str) -> str:
    """Text for comparing: case, quotes, dashes and spaces make no difference, digits do.

    >>> normal("“The dam — built in 1962 —\\nholds”")
    '"the dam - built in 1962 - holds"'
    """
    return _squeezed(_folded(text))


def _folded(text: str) -> str:
    """Without case and variants; one after the other, as most of them are not there: faster than an expression."""
    for char, plain in _ALIKE.items():
        if char in text:
            text = text.replace(char, plain)
    return text.casefold()


def _squeezed(text: str) -> str:
    text = text.replace("\n", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


@lru_cache(maxsize=_KEPT)
def _of_text(text: str) -> tuple[str, bytes]:
    """The text in its normal form, and a digest of its blocks in any order, without counters and clocks."""
    blocks = [block for part in _folded(text).split("\n\n") if (block := _squeezed(part))]
    return " ".join(blocks), digest("blocks", *sorted(block for block in blocks if not noise.is_noise(block)))


def _modified(article: Article | Known) -> str | None:
    """When the article was modified, unless that was counted from the moment of the fetch ('2 hours ago')."""
    evidence = article.evidence.get("modified_at")
    return None if evidence and noise.is_relative(evidence["raw"]) else article.modified_at


def _is_above(other: str, own: str) -> bool:
    """Whether `other` is a section that `own` lies in, and not its first page."""
    return own.startswith(other + "/") and not _PAGE_NUMBER.fullmatch(own[len(other) :])


def digest(*parts: str) -> bytes:
    """16 bytes that nobody can aim at another article's."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).digest()
