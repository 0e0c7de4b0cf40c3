"""The texts of the index, found by the 5-grams that they have in common with another one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    union_all,
)

from aggregator.seen.copies import compare
from aggregator.seen.fingerprints import SKETCH, Fingerprint
from aggregator.seen.tables import schema, upsert

T = TypeVar("T")

COMMON = 25  # texts: a 5-gram by which so many are found is no one's own
FEWEST = 2  # hashes of two sketches in common: the texts are worth comparing
CANDIDATES = 8  # earlier texts that are compared, those with the most in common

_hashes = [Column(f"hash{place}", Integer, index=True) for place in range(SKETCH)]
texts = Table(  # a column a class of 5-grams, as a row a 5-gram would cost PostgreSQL more than twice as many bytes
    "texts",
    schema,
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the article
    Column("day", Integer, nullable=False, index=True),  # of its fetch, counted from 1970
    Column("fingerprint", LargeBinary, nullable=False),
    *_hashes,  # without the remainder that the column stands for
)

_held = union_all(
    *(
        select(
            select(literal_column(str(place)).label("place"), texts.c.number)
            .where(column == bindparam(column.name))
            .limit(literal_column(str(COMMON)))
            .offset(literal_column("0"))
            .subquery()
        )
        for place, column in enumerate(_hashes)
    )
).cte("held")
common = select(_held.c.place).group_by(_held.c.place).having(func.count() >= literal_column(str(COMMON))).cte("common")
"""The places of those hashes that are in many texts."""
shared = (
    select(_held.c.number, func.count().label("count"))
    .where(_held.c.place.not_in(select(common.c.place)))
    .group_by(_held.c.number)
    .having(func.count() >= literal_column(str(FEWEST)))
    .order_by(func.count().desc(), _held.c.number)
    .limit(literal_column(str(CANDIDATES)))
    .offset(literal_column("0"))
    .cte("shared")
)
"""The articles whose texts have most of the other hashes."""

_NAMES = [column.name for column in _hashes]
_REPLACED = tuple(column.name for column in texts.c if column.name != "number")
_old = select(texts.c.number).where(texts.c.day < bindparam("before")).limit(bindparam("most"))
_PRUNE = delete(texts).where(texts.c.number.in_(_old))


class Candidate(NamedTuple, Generic[T]):
    article: T
    shared: int  # 5-grams
    text: Fingerprint | bytes


class Near(NamedTuple, Generic[T]):
    """An earlier article whose text repeats the new one, or is repeated by it."""

    article: T
    inside: float  # share of the new text that stands in the old one
    around: float  # share of the old text that stands in the new one
    length: float  # times that the new text is as long


class InFlight:
    """Texts on their way to the database, by their articles' ids."""

    def __init__(self) -> None:
        self._texts: dict[str, Fingerprint] = {}
        self._holders: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, article: str, text: Fingerprint) -> None:
        self.discard(article)
        self._texts[article] = text
        for value in text.sketch.values():
            self._holders[value].append(article)

    def discard(self, article: str) -> None:
        for value in self._texts.pop(article).sketch.values() if article in self._texts else ():
            self._holders[value].remove(article)
            if not self._holders[value]:
                del self._holders[value]

    def candidates(self, text: Fingerprint, common: Collection[int]) -> list[Candidate[str]]:
        asked = self._holders.keys() & text.sketch.values()
        if len(asked) < FEWEST:
            return []
        counts = Counter(chain.from_iterable(self._holders[value] for value in asked.difference(common)))
        return [Candidate(id_, count, self._texts[id_]) for id_, count in counts.items() if count >= FEWEST]


def nearest(text: Fingerprint, candidates: Iterable[Candidate[T]], common: Collection[int]) -> Near[T] | None:
    """The candidate whose text `text` is a copy of, or whose text is a copy of `text`; `common`: hashes of many."""
    for article, _, old in sorted(candidates, key=lambda one: -one.shared)[:CANDIDATES]:
        if isinstance(old, bytes):
            old = Fingerprint.unpacked(old)
        one, other = _without(common, text, old) if common else (text, old)
        if shares := compare(one, other):
            length = shares[1] / shares[0] if common else text.length / old.length
            return Near(article, *shares, length)
    return None


def _without(common: Collection[int], text: Fingerprint, old: Fingerprint) -> tuple[Fingerprint, Fingerprint]:
    """Of both texts the lowest hash of each class that either has: of others nobody knows whether many have them."""
    mine, its = text.sketch, old.sketch
    one = {value for place, value in mine.items() if value <= its.get(place, value)}
    other = {value for place, value in its.items() if value <= mine.get(place, value)}
    return text.only(one.difference(common)), old.only(other.difference(common))


def bound(sketch: Mapping[int, int], missing: int | None = None) -> dict[str, int | None]:
    """The parameters of `shared` and `common`, and the hashes of a row."""
    absent: dict[str, int | None] = dict.fromkeys(_NAMES, missing)
    return absent | {_NAMES[place]: value // SKETCH for place, value in sketch.items()}


def enter(connection: Connection, days: Mapping[int, tuple[int, Fingerprint]]) -> None:
    """Enter texts with the days of their fetches, by their articles' numbers, in the place of earlier ones."""
    rows = [
        {"number": number, "day": day, "fingerprint": text.packed(), **bound(text.sketch)}
        for number, (day, text) in days.items()
    ]
    upsert(connection, texts, rows, replaced=_REPLACED)


def prune(connection: Connection, before: int, most: int) -> int:
    """Compare no more with up to `most` of the texts from before the day `before`, and return their number."""
    return connection.execute(_PRUNE, {"before": before, "most": most}).rowcount
