"""When article URLs were fetched, and what came of it: what is to be fetched once more, and what is better left alone.

A row is a summary of a URL's lines in the fates files; `scrapy reindex` builds it anew from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Connection,
    Index,
    LargeBinary,
    Row,
    Table,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
)

from aggregator.items import Found
from aggregator.output import UNFINISHED
from aggregator.seen.identity import url_digest
from aggregator.seen.tables import AnyText, claims, schema, upsert

if TYPE_CHECKING:
    from aggregator.seen.index import Seen

WRITTEN = ("written", "unchanged")
"""Fates of a URL that has its own line."""

_KEPT = 90 * 24 * 3600  # seconds after its first visit for which a written URL has its row; its line is known anyway

_visits = Table(
    "visits",
    schema,
    Column("key", LargeBinary, primary_key=True),  # digest of the URL's key
    Column("site", AnyText, nullable=False),
    Column("url", AnyText, nullable=False),
    Column("listing", AnyText, nullable=False),
    Column("fate", AnyText, nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("first", BigInteger, nullable=False),  # seconds since 1970
    Column("last", BigInteger, nullable=False),
    Column("said", AnyText, nullable=False),
    sqlite_with_rowid=False,
)
Index("visits_by_site", _visits.c.site, _visits.c.first)

_page: BindParameter[bytes] = bindparam("page")
_MET = select(exists(claims.c.key).where(claims.c.key == _page).label("known"), _visits).select_from(
    select(literal_column("1")).subquery().outerjoin(_visits, _visits.c.key == _page)
)


@dataclass(slots=True)
class Fate:
    """A line of fates.jsonl."""

    url: str
    site: str
    listing: str
    fate: str
    reason: str
    at: datetime
    id: str | None = None  # of the article that the URL led to
    said: dict[str, Any] = field(default_factory=dict)  # what its feed or listing said of it
    fetched: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """The fetches of one URL so far."""

    fate: str  # of the last fetch
    reason: str
    first: int  # seconds since 1970
    last: int  # 0: it was met, and is still to be fetched
    found: Found  # as at the last fetch

    def is_due(self, hours: Sequence[float], now: datetime) -> bool:
        """Whether it is time for another fetch, by a plan of so many `hours` after the first."""
        if not self.last:
            return True
        moments = [self.first + hour * 3600 for hour in hours]
        return any(self.last < moment <= now.timestamp() for moment in moments)


class Met(NamedTuple):
    """What is known of a page."""

    known: bool  # it was written, or led to an article that was: no need to fetch it
    visit: Visit | None


def enter(connection: Connection, fates: Sequence[Fate]) -> None:
    """Enter fates, in the order in which they came."""
    rows: dict[bytes, dict[str, Any]] = {}
    for fate in fates:
        if not fate.fetched:
            continue
        key, at = url_digest(fate.url), int(fate.at.timestamp())
        row = {"key": key, "site": fate.site, "url": fate.url, "listing": fate.listing, "first": at}
        new = {
            "fate": fate.fate,
            "reason": fate.reason,
            "last": 0 if fate.reason.startswith(UNFINISHED) else at,
            "said": msgspec.json.encode(fate.said).decode(),
        }
        rows[key] = row | rows.get(key, {}) | new
    upsert(connection, _visits, list(rows.values()), replaced=("fate", "reason", "last", "said"))
    if rows:
        old = max(row["first"] for row in rows.values()) - _KEPT
        connection.execute(delete(_visits).where(_visits.c.fate.in_(WRITTEN), _visits.c.first < old))


def met(connection: Connection, key: bytes) -> Met:
    """What the database knows of the page whose URL has this digest."""
    row = connection.execute(_MET, {"page": key}).one()
    return Met(bool(row.known), _visit(row) if row.key else None)


def since(seen: Seen, site: str, moment: datetime) -> list[Visit]:
    """The URLs of a site that were fetched for the first time at `moment` or later, in that order."""
    query = select(_visits).where(_visits.c.site == site, _visits.c.first >= int(moment.timestamp()))
    with seen.reading() as connection:
        return [_visit(row) for row in connection.execute(query.order_by(_visits.c.first, _visits.c.url))]


def _visit(row: Row[Any]) -> Visit:
    found = Found(row.url, row.site, row.listing, **msgspec.json.decode(row.said))
    return Visit(row.fate, row.reason, row.first, row.last, found)
