"""What earlier runs learned of a site: how its stories' URLs are built, and which guessed addresses are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, select

from aggregator.seen.identity import digest
from aggregator.seen.index import Seen
from aggregator.seen.tables import LEARNED, AnyText, schema, upsert

_shapes = Table(
    "site_shapes",
    schema,
    Column("site", AnyText, primary_key=True),
    Column("key", LargeBinary, primary_key=True),  # digest of the shape: an index bounds the length of what is in it
    Column("shape", AnyText, nullable=False),
    Column("stories", Integer, nullable=False),  # pages of that shape that were a story …
    Column("others", Integer, nullable=False),  # … and that were a listing
    sqlite_with_rowid=False,
    info=LEARNED,
)

_guesses = Table(
    "site_guesses",
    schema,
    Column("site", AnyText, primary_key=True),
    Column("key", LargeBinary, primary_key=True),  # digest of the URL
    Column("url", AnyText, nullable=False),
    Column("right", Boolean, nullable=False),  # it was a feed or sitemap
    sqlite_with_rowid=False,
    info=LEARNED,
)


class Tally(NamedTuple):
    """What the pages of one URL shape turned out to be."""

    stories: int = 0
    others: int = 0


def shapes(seen: Seen, site: str) -> dict[str, Tally]:
    with seen.reading() as connection:
        rows = connection.execute(select(_shapes).where(_shapes.c.site == site))
        return {row.shape: Tally(row.stories, row.others) for row in rows}


def guesses(seen: Seen, site: str) -> dict[str, bool]:
    """Addresses that were tried at the site, and whether something was there."""
    with seen.reading() as connection:
        return {row.url: row.right for row in connection.execute(select(_guesses).where(_guesses.c.site == site))}


def learn(seen: Seen, site: str, tallies: Mapping[str, Tally], tried: Mapping[str, bool]) -> None:
    """Enter whole tallies (the old ones included) and the guesses of this run."""
    counts = [
        {"site": site, "key": digest(shape), "shape": shape, "stories": one.stories, "others": one.others}
        for shape, one in tallies.items()
    ]
    rows = [{"site": site, "key": digest(url), "url": url, "right": right} for url, right in tried.items()]
    with seen.writing() as connection:
        upsert(connection, _shapes, counts, replaced=("stories", "others"))
        upsert(connection, _guesses, rows, replaced=("right",))
