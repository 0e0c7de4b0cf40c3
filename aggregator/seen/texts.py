"""The texts of the index, found by the 5-grams that they have in common with another one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from aggregator.seen.copies import compare
from aggregator.seen.fingerprints import Fingerprint, Hashes
from aggregator.seen.tables import articles, each, schema

T = TypeVar("T")

COMMON = 25  # texts: a 5-gram that stands in so many is no one's own
FEWEST = 2  # 5-grams of two sketches in common: the texts are worth comparing
CANDIDATES = 8  # earlier texts that are compared, those with the most in common
_TOGETHER = 64  # texts that are entered at once; COMMON may be exceeded by so many

postings = Table(
    "postings",
    schema,
    Column("hash", Integer, primary_key=True, autoincrement=False),  # signed, as PostgreSQL has no other
    Column("text", Integer, primary_key=True, autoincrement=False),  # number of the article
    sqlite_with_rowid=False,
)

_UNSIGNED = 0xFFFFFFFF
_asked = each("hashes", Integer)
_held = select(postings).join_from(_asked, postings, postings.c.hash == _asked.c.value).cte("held")
common = select(_held.c.hash).group_by(_held.c.hash).having(func.count() >= COMMON).cte("common")
"""Those of `hashes` that are in many texts, as they are stored."""
shared = (
    select(_held.c.text, func.count().label("count"))
    .where(_held.c.hash.not_in(select(common.c.hash)))
    .group_by(_held.c.text)
    .having(func.count() >= FEWEST)
    .order_by(func.count().desc(), _held.c.text)
    .limit(CANDIDATES)
    .cte("shared")
)
"""The articles whose texts have most of the other `hashes`."""

_pairs = each("pairs", BigInteger)  # a hash above, a number below
_new = select(
    _pairs.c.value.bitwise_rshift(literal_column("32")).label("hash"),
    _pairs.c.value.bitwise_and(literal_column(str(_UNSIGNED))).label("text"),
).subquery()
_often = select(func.count()).select_from(postings).where(postings.c.hash == _new.c.hash).scalar_subquery()
_POST = insert(postings).from_select(["hash", "text"], select(_new.c.hash, _new.c.text).where(_often < COMMON))
_UNPOST = delete(postings).where(tuple_(postings.c.hash, postings.c.text).in_(select(_new.c.hash, _new.c.text)))

_numbers = each("numbers", Integer)
_FORGET = update(articles).where(articles.c.number.in_(select(_numbers.c.value))).values(fingerprint=None)
_OLDER = (
    select(articles.c.number, articles.c.fingerprint)
    .where(articles.c.fingerprint.is_not(None), articles.c.day < bindparam("before"))
    .limit(bindparam("most"))
)


class Candidate(NamedTuple, Generic[T]):
    article: T
    shared: int  # 5-grams
    text: Fingerprint | bytes


class Near(NamedTuple, Generic[T]):
    """An earlier article whose text repeats the new one, or is repeated by it."""

    article: T
    inside: float  # share of the new text that stands in the old one
    around: float  # share of the old text that stands in the new one


class InFlight:
    """Texts on their way to the database, by their articles' ids."""

    def __init__(self) -> None:
        self._texts: dict[str, Fingerprint] = {}
        self._holders: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, article: str, text: Fingerprint) -> None:
        self.discard(article)
        self._texts[article] = text
        for value in text.sketch().hashes.tolist():
            self._holders[value].append(article)

    def discard(self, article: str) -> None:
        for value in self._texts.pop(article).sketch().hashes.tolist() if article in self._texts else ():
            self._holders[value].remove(article)
            if not self._holders[value]:
                del self._holders[value]

    def candidates(self, text: Fingerprint, common: Sequence[int]) -> list[Candidate[str]]:
        asked = self._holders.keys() & text.sketch().hashes.tolist()
        if len(asked) < FEWEST:
            return []
        counts = Counter(chain.from_iterable(self._holders[value] for value in asked.difference(common)))
        return [Candidate(id_, count, self._texts[id_]) for id_, count in counts.items() if count >= FEWEST]


def nearest(text: Fingerprint, candidates: Iterable[Candidate[T]], common: Sequence[int]) -> Near[T] | None:
    """The candidate whose text `text` is a copy of, or whose text is a copy of `text`."""
    text = text.without(common)
    for article, _, old in sorted(candidates, key=lambda one: -one.shared)[:CANDIDATES]:
        if isinstance(old, bytes):
            old = Fingerprint.unpacked(old)
        if common:  # of the other 5-grams nobody knows whether they are
            old = old.sketch().without(common)
        if shares := compare(text, old):
            return Near(article, *shares)
    return None


def unsigned(hash_: int) -> int:
    """A hash as it was before it was stored."""
    return hash_ & _UNSIGNED


def bound(hashes: Hashes) -> str:
    """The parameter `hashes`."""
    return _json(hashes.view(np.int32))


def post(connection: Connection, texts: Mapping[int, Fingerprint]) -> None:
    """Enter texts by their articles' numbers."""
    every = list(texts.items())
    for start in range(0, len(every), _TOGETHER):
        connection.execute(_POST, {"pairs": _pairs_of(every[start : start + _TOGETHER])})


def unpost(connection: Connection, texts: Mapping[int, Fingerprint]) -> None:
    if texts:
        connection.execute(_UNPOST, {"pairs": _pairs_of(texts.items())})


def prune(connection: Connection, before: int, most: int) -> int:
    """Compare no more with up to `most` of the texts from before the day `before`, and return their number."""
    old = connection.execute(_OLDER, {"before": before, "most": most}).all()
    unpost(connection, unpacked(old))
    if old:
        connection.execute(_FORGET, {"numbers": _json(np.array([row.number for row in old]))})
    return len(old)


def unpacked(rows: Sequence[Row[Any, Any]]) -> dict[int, Fingerprint]:
    """The texts by the numbers of their articles."""
    return {row.number: Fingerprint.unpacked(row.fingerprint) for row in rows}


def _pairs_of(texts: Iterable[tuple[int, Fingerprint]]) -> str:
    """In the order in which they lie in the database, so that each page is touched once."""
    pairs = [(text.sketch().hashes.view(np.int32).astype(np.int64) << 32) + number for number, text in texts]
    return _json(np.sort(np.concatenate(pairs)))


def _json(numbers: np.ndarray[Any, Any]) -> str:
    return msgspec.json.encode(numbers.tolist()).decode()
