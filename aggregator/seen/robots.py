"""Copies of hosts' robots.txt, so that not every run has to ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, LargeBinary, Table, select

from aggregator.seen.tables import AnyText, schema, upsert

if TYPE_CHECKING:
    from aggregator.seen.index import Seen

_robots = Table(
    "robots",
    schema,
    Column("origin", AnyText, primary_key=True),  # scheme, host and port
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),  # seconds since 1970
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Copy:
    body: bytes
    at: int


def of(seen: Seen, origin: str) -> Copy | None:
    with seen.reading() as connection:
        row = connection.execute(select(_robots).where(_robots.c.origin == origin)).first()
        return Copy(row.body, row.at) if row else None


def enter(seen: Seen, origin: str, body: bytes, at: datetime) -> None:
    with seen.writing() as connection:
        row = {"origin": origin, "body": body, "at": int(at.timestamp())}
        upsert(connection, _robots, [row], replaced=("body", "at"))
