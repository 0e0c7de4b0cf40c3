"""Where a back-fill is: the sources that it has met and not read yet, so that one that was killed goes on there."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table, delete, select

from aggregator.seen.identity import digest
from aggregator.seen.index import Seen
from aggregator.seen.tables import LEARNED, AnyText, schema, upsert

_walks = Table(
    "walks",
    schema,
    Column("site", AnyText, primary_key=True),
    Column("walk", AnyText, primary_key=True),  # which back-fill
    Column("key", LargeBinary, primary_key=True),  # digest of what is asked for
    Column("source", LargeBinary, nullable=False),  # as the spider wrote it down
    sqlite_with_rowid=False,
    info=LEARNED,
)


def ahead(seen: Seen, site: str, walk: str, asked: str, source: bytes) -> None:
    row = {"site": site, "walk": walk, "key": digest(asked), "source": source}
    with seen.writing() as connection:
        upsert(connection, _walks, [row], replaced=("source",))


def behind(seen: Seen, site: str, walk: str, asked: str) -> None:
    one = (_walks.c.site == site) & (_walks.c.walk == walk) & (_walks.c.key == digest(asked))
    with seen.writing() as connection:
        connection.execute(delete(_walks).where(one))


def left(seen: Seen, site: str, walk: str) -> list[bytes]:
    of_walk = (_walks.c.site == site) & (_walks.c.walk == walk)
    with seen.reading() as connection:
        return list(connection.scalars(select(_walks.c.source).where(of_walk)))
