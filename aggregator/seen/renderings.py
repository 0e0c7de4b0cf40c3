"""What rendering a site's pages in a browser was good for, so that it is not done in vain for ever."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Integer, String, Table, select

from aggregator.seen.index import Seen
from aggregator.seen.tables import LEARNED, AnyText, schema, upsert

TRIES = 3
"""In a row and in vain, after which a site's pages of a kind are left as they are …"""
REST = timedelta(days=7)
"""… for so long; then another one is tried, as sites change."""

_renderings = Table(
    "renderings",
    schema,
    Column("site", String, primary_key=True),
    Column("kind", String, primary_key=True),  # of page: listing, article
    Column("url", AnyText, nullable=False),
    Column("static", Integer, nullable=False),
    Column("rendered", Integer, nullable=False),
    Column("in_vain", Integer, nullable=False),
    Column("at", String, nullable=False),
    sqlite_with_rowid=False,
    info=LEARNED,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """The last page of a site and kind that was rendered, and what it gave before and after: links, or characters."""

    url: str
    static: int
    rendered: int
    at: str  # ISO 8601 with offset
    in_vain: int = 0  # renderings in a row up to this one that gave no more than there was

    def speaks_against(self, now: datetime) -> bool:
        return self.in_vain >= TRIES and now - datetime.fromisoformat(self.at) < REST


def last(seen: Seen, site: str, kind: str) -> Proof | None:
    with seen.reading() as connection:
        found = connection.execute(select(_renderings).filter_by(site=site, kind=kind)).first()
    return Proof(found.url, found.static, found.rendered, found.at, found.in_vain) if found else None


def remember(seen: Seen, site: str, kind: str, url: str, static: int, rendered: int, at: datetime) -> None:
    before = last(seen, site, kind)
    in_vain = 0 if rendered > static else (before.in_vain if before else 0) + 1
    proof = Proof(url, static, rendered, at.isoformat(timespec="seconds"), in_vain)
    row = {"site": site, "kind": kind, **asdict(proof)}
    with seen.writing() as connection:
        upsert(connection, _renderings, [row], replaced=tuple(asdict(proof)))
