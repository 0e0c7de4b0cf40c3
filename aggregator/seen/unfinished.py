"""Article URLs that were found and have no fate yet: the next run begins with those that a killed one left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Column, LargeBinary, Table, bindparam, delete, select

from aggregator import lines
from aggregator.items import Found
from aggregator.seen.identity import digest
from aggregator.seen.index import Seen
from aggregator.seen.tables import LEARNED, AnyText, schema, upsert

_unfinished = Table(
    "unfinished",
    schema,
    Column("site", AnyText, primary_key=True),
    Column("walk", AnyText, primary_key=True),  # the back-fill it belongs to; "" an everyday run
    Column("key", LargeBinary, primary_key=True),  # digest of the URL
    Column("found", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    info=LEARNED,
)
_DONE = delete(_unfinished).where(
    _unfinished.c.site == bindparam("its_site"), _unfinished.c.key == bindparam("its_key")
)


def add(seen: Seen, walk: str, found: Sequence[Found]) -> None:
    said = [asdict(replace(one, content=None)) for one in found]
    rows = [
        {"site": one.site, "walk": walk, "key": digest(one.url), "found": lines.encode(what)}
        for one, what in zip(found, said, strict=True)
    ]
    with seen.writing() as connection:
        upsert(connection, _unfinished, rows)


def done(seen: Seen, found: Iterable[Found]) -> None:
    """Forget those, in whatever walk they were found."""
    rows = [{"its_site": one.site, "its_key": digest(one.url)} for one in found]
    with seen.writing() as connection:
        if rows:
            connection.execute(_DONE, rows)


def left(seen: Seen, site: str, walk: str) -> list[Found]:
    of_walk = (_unfinished.c.site == site) & (_unfinished.c.walk == walk)
    with seen.reading() as connection:
        return [lines.decode(data, Found) for data in connection.scalars(select(_unfinished.c.found).where(of_walk))]
