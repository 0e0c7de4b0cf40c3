"""All that the index knows of an article, in one query: who has its URLs or its text, and whose texts are like it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

from sqlalchemy import Connection, Dialect, bindparam, literal_column, null, or_, select, union_all

from aggregator.items import Article
from aggregator.seen.fingerprints import Fingerprint
from aggregator.seen.identity import Identity, Known
from aggregator.seen.tables import articles, claims, fetched
from aggregator.seen.texts import Candidate, bound, common, shared, texts


class Entry(NamedTuple):
    """What the index knows of an article: a row of `articles`."""

    id: str
    url: str
    site: str
    story_id: str
    duplicates_of: str | None
    source_name: str | None
    source_url: str | None
    language: str | None
    published_at: str | None
    first_seen_at: str | None
    revision: int
    state: bytes

    @classmethod
    def of(cls, article: Article | Known, state: bytes) -> Self:
        source = article.source
        return cls(
            article.id,
            article.url,
            article.site,
            article.story_id or article.id,
            article.duplicates_of,
            source.name if source else None,
            source.url if source else None,
            article.language,
            article.published_at,
            article.first_seen_at,
            article.revision,
            state,
        )


@dataclass(slots=True)
class Found:
    claims: dict[bytes, tuple[str, Entry]] = field(default_factory=dict)  # key -> kind, article
    candidates: list[Candidate[Entry]] = field(default_factory=list)
    common: list[int] = field(default_factory=list)  # hashes of the text that many texts have
    pictured: tuple[Entry, Fingerprint] | None = None  # who has the picture, and its text


_entry = [articles.c[name] for name in Entry._fields]
_ways = ("url", "canonical", "source", "text", "picture")
_NO_HASH = -1
_has_key = or_(*(claims.c.key == bindparam(way) for way in _ways))  # IN would be compiled anew at each look-up
_QUERY = union_all(
    select(claims.c.kind, claims.c.key, literal_column("0").label("number"), texts.c.fingerprint, *_entry)
    .join(articles, articles.c.number == claims.c.article)
    .outerjoin(texts, texts.c.number == claims.c.article)
    .where(_has_key),
    select(literal_column("'near'"), null(), shared.c.count, texts.c.fingerprint, *_entry)
    .join(articles, articles.c.number == shared.c.number)
    .join(texts, texts.c.number == shared.c.number),
    select(literal_column("'common'"), null(), common.c.place, null(), *[null() for _ in _entry]),
)


@lru_cache(maxsize=4)
def _statement(dialect: Dialect) -> str:
    return str(_QUERY.compile(dialect=dialect))


def look_up(connection: Connection, mine: Identity, text: Fingerprint) -> Found:
    found = Found()
    sketch = text.sketch
    asked = {way: key or b"" for way, key in mine._asdict().items()} | bound(sketch, _NO_HASH)
    for kind, key, number, fingerprint, *entry in fetched(connection, _statement(connection.dialect), asked):
        if kind == "common":
            found.common.append(sketch[number])
        elif kind == "near":
            found.candidates.append(Candidate(Entry(*entry), number, fingerprint))
        elif kind == "picture":
            found.pictured = (Entry(*entry), Fingerprint.unpacked(fingerprint)) if fingerprint else None
        else:
            found.claims[key] = kind, Entry(*entry)
    return found
