"""The texts of the index, found by the 5-grams that they have in common with another one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    union_all,
)

from aggregator.seen.copies import FEWEST, compare
from aggregator.seen.fingerprints import Fingerprint, Hashes
from aggregator.seen.tables import AnyText, each, schema

COMMON = 25  # texts: a 5-gram that stands in so many is no one's own
CANDIDATES = 8  # earlier texts that are compared, those with the most in common
_TOGETHER = 64  # texts that are entered at once; COMMON may be exceeded by so many

texts = Table(
    "texts",
    schema,
    Column("number", Integer, primary_key=True),
    Column("article", AnyText, nullable=False, unique=True),
    Column("day", Integer, nullable=False),  # since 1970
    Column("fingerprint", LargeBinary, nullable=False),
)
Index("texts_by_day", texts.c.day)

postings = Table(
    "postings",
    schema,
    Column("hash", Integer, primary_key=True, autoincrement=False),  # signed, as PostgreSQL has no other
    Column("text", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

_UNSIGNED = 0xFFFFFFFF
_asked = each("hashes", Integer)
_held = select(postings).join_from(_asked, postings, postings.c.hash == _asked.c.value).cte("held")
_COMMON_AMONG = select(_held.c.hash).group_by(_held.c.hash).having(func.count() >= COMMON)
_common = _COMMON_AMONG.cte("common")
_shared = (
    select(_held.c.text, func.count().label("count"))
    .where(_held.c.hash.not_in(select(_common.c.hash)))
    .group_by(_held.c.text)
    .having(func.count() >= FEWEST)
    .order_by(func.count().desc(), _held.c.text)
    .limit(CANDIDATES)
    .cte("shared")
)
_NEAREST = union_all(
    select(_shared.c.count.label("number"), texts.c.article, texts.c.fingerprint).join(
        texts, texts.c.number == _shared.c.text
    ),
    select(_common.c.hash, null(), null()),
)
"""Candidates with what they have in common, and after them the hashes that are common."""

_POST = insert(postings).from_select(["hash", "text"], select(_asked.c.value, bindparam("text", type_=Integer)))
_UNPOST = delete(postings).where(postings.c.hash.in_(select(_asked.c.value)), postings.c.text == bindparam("text_"))
_DROP = delete(texts).where(texts.c.number == bindparam("text_"))
_OLDER = select(texts.c.number, texts.c.fingerprint).where(texts.c.day < bindparam("day")).limit(bindparam("limit"))
_ids = each("articles", String)
_OF_ARTICLES = select(texts.c.number, texts.c.fingerprint).join_from(_ids, texts, texts.c.article == _ids.c.value)


class Text(NamedTuple):
    article: str  # its id
    day: int  # since 1970
    fingerprint: Fingerprint


class Near(NamedTuple):
    """An earlier article's text that repeats the new one, or is repeated by it."""

    article: str
    inside: float  # share of the new text that stands in the old one
    around: float  # share of the old text that stands in the new one


class InFlight:
    """Texts on their way to the database."""

    def __init__(self) -> None:
        self._texts: dict[str, Fingerprint] = {}
        self._holders: defaultdict[int, list[str]] = defaultdict(list)

    def __getitem__(self, article: str) -> Fingerprint:
        return self._texts[article]

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

    def shared(self, text: Fingerprint) -> Counter[str]:
        """How many 5-grams each has in common with `text`."""
        held = self._holders.keys() & text.hashes.tolist()
        return Counter(chain.from_iterable(self._holders[value] for value in held))


def find(connection: Connection, text: Fingerprint, flying: InFlight) -> Near | None:
    """The article whose text `text` is a copy of, or whose text is a copy of `text`. One query."""
    rows = connection.execute(_NEAREST, {"hashes": _bound(text.hashes)}).all()
    common = [row.number & _UNSIGNED for row in rows if row.article is None]
    found = [(row.number, row.article, row.fingerprint) for row in rows if row.article is not None]
    own = text.without(common)
    found += [(count, article, None) for article, count in flying.shared(own).items() if count >= FEWEST]
    found.sort(key=lambda candidate: -candidate[0])
    for _, article, packed in found[:CANDIDATES]:
        old = Fingerprint.unpacked(packed) if packed else flying[article]
        if common:  # of the other 5-grams nobody knows whether they are
            old = old.sketch().without(common)
        if shares := compare(own, old):
            return Near(article, *shares)
    return None


def put(connection: Connection, new: Sequence[Text]) -> None:
    """Enter texts, in the place of those that the same articles had before."""
    by_article = {text.article: text for text in new}
    _remove(connection, connection.execute(_OF_ARTICLES, {"articles": json.dumps(list(by_article))}).all())
    together = list(by_article.values())
    for start in range(0, len(together), _TOGETHER):
        _insert(connection, together[start : start + _TOGETHER])


def _insert(connection: Connection, new: Sequence[Text]) -> None:
    rows = [{"article": text.article, "day": text.day, "fingerprint": text.fingerprint.packed()} for text in new]
    numbers = connection.execute(insert(texts).returning(texts.c.article, texts.c.number), rows).all()
    number_of = {row.article: row.number for row in numbers}
    sketches = {number_of[text.article]: text.fingerprint.sketch() for text in new}
    hashes = np.unique(np.concatenate([sketch.hashes for sketch in sketches.values()]))
    common = [value & _UNSIGNED for value in connection.scalars(_COMMON_AMONG, {"hashes": _bound(hashes)})]
    posted = [{"text": number, "hashes": _bound(sketch.without(common).hashes)} for number, sketch in sketches.items()]
    connection.execute(_POST, posted)


def prune(connection: Connection, day: int, limit: int) -> int:
    """Remove up to `limit` of the texts from before `day`, and return their number."""
    old = connection.execute(_OLDER, {"day": day, "limit": limit}).all()
    _remove(connection, old)
    return len(old)


def _remove(connection: Connection, old: Sequence[Row[Any, Any]]) -> None:
    if old:
        posted = [
            {"text_": row.number, "hashes": _bound(Fingerprint.unpacked(row.fingerprint).sketch().hashes)}
            for row in old
        ]
        connection.execute(_UNPOST, posted)
        connection.execute(_DROP, [{"text_": row.number} for row in old])


def _bound(hashes: Hashes) -> str:
    return json.dumps(hashes.view(np.int32).tolist())
