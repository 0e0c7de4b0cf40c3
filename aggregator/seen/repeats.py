"""What each site repeats, learned from the blocks of its last articles.

A block is boilerplate while it stands in SHARE of the site's last WINDOW articles, and those are at least STORIES
distinct stories: copies and updates of a story, and the reports that follow it, have paragraphs in common that are its
own. As articles leave the window, what is no longer printed is forgotten, and a new design is learned.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select

from aggregator.cleaning import repeated, urls
from aggregator.items import Article
from aggregator.seen.identity import Known
from aggregator.seen.tables import repeats, upsert

WINDOW = 40  # articles
STORIES = 3
SHARE = 0.1
ALIKE = 2  # words that the headlines of two reports on one story have in common, or
RARE = 8  # headlines: one word that no more have; asked of a block in less than OFTEN of the articles
OFTEN = 0.3  # no event is in so many of them

FIRST, LAST = 16, 48  # blocks at either end of an article that are kept

_NEWEST = (
    select(repeats)
    .where(repeats.c.host == bindparam("name"))
    .order_by(repeats.c.at.desc(), repeats.c.article)
    .limit(WINDOW)
)
_OLDER = delete(repeats).where(
    repeats.c.host == bindparam("name"), repeats.c.article.not_in(_NEWEST.with_only_columns(repeats.c.article))
)


_NONE: frozenset[int] = frozenset()


class _Row(NamedTuple):
    story: str
    title: frozenset[int]
    blocks: frozenset[int]


class Repeats:
    """The last articles of one site (host)."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}  # by article id, oldest first

    @classmethod
    def read(cls, connection: Connection, host: str) -> Repeats:
        known = cls()
        for row in reversed(connection.execute(_NEWEST, {"name": host}).all()):
            title, blocks = (
                frozenset(np.frombuffer(data, kind).tolist())
                for data, kind in ((row.title, "<u4"), (row.blocks, "<u8"))
            )
            known._rows[row.article] = _Row(row.story, title, blocks)
        return known

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, article: Article) -> None:
        self._rows.pop(article.id, None)
        self._rows[article.id] = _row(article)
        if len(self._rows) > WINDOW:
            del self._rows[next(iter(self._rows))]

    def among(self, article: Article) -> frozenset[int]:
        """The prints of those of the article's blocks that the site repeats."""
        needed = max(STORIES, ceil(SHARE * len(self._rows)))
        counts = Counter(one for row in self._rows.values() for one in row.blocks)
        often = [one for one in _row(article).blocks if counts[one] >= needed]
        if not often:
            return frozenset()
        words = Counter(word for row in self._rows.values() for word in row.title)
        usual = frozenset(word for word, count in words.items() if count > len(self._rows) / 2)  # the site, a rubric
        rare = frozenset(word for word, count in words.items() if count <= RARE)
        seldom = OFTEN * len(self._rows)
        return frozenset(one for one in often if self._in_stories(one, usual, rare if counts[one] < seldom else _NONE))

    def _in_stories(self, block: int, usual: frozenset[int], telling: frozenset[int]) -> bool:
        found: list[_Row] = []
        for row in self._rows.values():
            if block in row.blocks and not any(_alike(row, other, usual, telling) for other in found):
                found.append(row)
                if len(found) == STORIES:
                    return True
        return False


def _alike(one: _Row, other: _Row, usual: frozenset[int], telling: frozenset[int]) -> bool:
    """Whether two articles tell the same story."""
    common = (one.title & other.title) - usual
    return one.story == other.story or len(common) >= ALIKE or not common.isdisjoint(telling)


def _row(article: Article | Known) -> _Row:
    texts = repeated.pieces(article.blocks, article.removed)
    if len(texts) > FIRST + LAST:
        texts = texts[:FIRST] + texts[-LAST:]
    blocks = frozenset(found for text in texts if (found := repeated.block_print(text)) is not None)
    return _Row(article.story_id or article.id, repeated.title_words(article.title or ""), blocks)


def enter(connection: Connection, written: Iterable[Article | Known]) -> None:
    """Add articles to the windows of their sites; what falls out of them is deleted."""
    by_host: dict[str, list[Article | Known]] = defaultdict(list)
    for article in written:
        by_host[urls.host(article.url)].append(article)
    rows = [
        _stored(host, article)
        for host, articles in by_host.items()
        for article in sorted(articles, key=_moment)[-WINDOW:]
    ]
    upsert(connection, repeats, rows, ("at", "story", "title", "blocks"))
    if by_host:
        connection.execute(_OLDER, [{"name": host} for host in by_host])


def _moment(article: Article | Known) -> str:
    return article.fetched_at or ""


def _stored(host: str, article: Article | Known) -> dict[str, object]:
    row = _row(article)
    title, blocks = _packed(sorted(row.title), "<u4"), _packed(sorted(row.blocks), "<u8")
    return {
        "host": host,
        "article": article.id,
        "at": _moment(article),
        "story": row.story,
        "title": title,
        "blocks": blocks,
    }


def _packed(numbers: Sequence[int], kind: str) -> bytes:
    return np.array(numbers, kind).tobytes()
