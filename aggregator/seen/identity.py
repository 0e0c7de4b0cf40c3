"""By what an article is recognised: digests of its URL, its canonical URL, its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from aggregator.cleaning import repeated, urls
from aggregator.items import Article, Block, Removed

SHORT = 200
"""Characters. Shorter texts (flashes, teasers of paid stories) recur in other stories: their title counts too."""

_PAGE_NUMBER = re.compile(r"/(page/?)?\d{1,3}")
_PLAIN = {'"': "“”„‟«»″〝〞＂", "'": "‘’‚‛‹›′`´＇", "-": "‐‑‒–—―−", "...": "…"}
_ALIKE = {ord(char): plain for plain, chars in _PLAIN.items() for char in chars}


@dataclass(slots=True)
class Known:
    """What the index keeps of an article: the part of its line that is read back."""

    id: str
    url: str
    canonical_url: str | None = None
    title: str | None = None
    text: str | None = None
    modified_at: str | None = None
    first_seen_at: str | None = None
    fetched_at: str | None = None
    story_id: str | None = None
    revision: int = 1
    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)


class Identity(NamedTuple):
    url: bytes
    canonical: bytes | None  # another address of this article on its own site
    source: bytes | None  # the address on another site that this page calls the original
    text: bytes
    state: bytes  # what a revision changes

    def claims(self) -> list[tuple[bytes, str]]:
        """What belongs to the article alone, with its kind; the source is another's."""
        claims = [(self.url, "url"), (self.canonical, "canonical"), (self.text, "text")]
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
    text, title = normal(_whole(article)), normal(article.title or "")
    return Identity(
        url_digest(article.url),
        canonical,
        source,
        _digest("text", text, title if len(text) <= SHORT else ""),
        _digest("state", text, title, article.modified_at or ""),
    )


def _whole(article: Article | Known) -> str:
    """The text with what its site repeats, so that it makes no difference how much of that was known at the time."""
    texts = repeated.pieces(article.blocks, article.removed)
    return "\n".join(sorted(texts)) if article.blocks else article.text or ""


def url_digest(url: str) -> bytes:
    return _digest("url", urls.key(url))


def normal(text: str) -> str:
    """Text for comparing: case, quotes, dashes and spaces make no difference, digits do.

    >>> normal("“The dam — built in 1962 —\\nholds”")
    '"the dam - built in 1962 - holds"'
    """
    return " ".join(text.translate(_ALIKE).casefold().split())


def _is_above(other: str, own: str) -> bool:
    """Whether `other` is a section that `own` lies in, and not its first page."""
    return own.startswith(other + "/") and not _PAGE_NUMBER.fullmatch(own[len(other) :])


def _digest(*parts: str) -> bytes:
    """16 bytes that nobody can aim at another article's."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).digest()
