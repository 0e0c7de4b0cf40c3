"""What a feed, sitemap or listing answered when it was read last, so that it can be asked whether that has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, delete, select

from aggregator.seen.identity import digest
from aggregator.seen.tables import AnyText, schema, upsert

if TYPE_CHECKING:
    from aggregator.seen.index import Seen

_KEPT = 90 * 24 * 3600  # seconds; what was not read for so long is gone

_answers = Table(
    "answers",
    schema,
    Column("key", LargeBinary, primary_key=True),  # digest of the URL as it was asked for
    Column("etag", AnyText),
    Column("modified", AnyText),
    Column("named", LargeBinary, nullable=False),
    Column("further", AnyText, nullable=False),
    Column("doubt", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Answer:
    etag: str | None
    modified: str | None  # Last-Modified, as it stood there
    named: bytes  # digest of the article URLs in it
    further: str  # the sources it led to, as the spider wrote them down
    doubt: int  # runs in a row that it called itself unchanged while others had news; below 0: runs of distrust to come
    at: int  # seconds since 1970


def of(seen: Seen, url: str) -> Answer | None:
    with seen.reading() as connection:
        row = connection.execute(select(_answers).where(_answers.c.key == digest(url))).first()
        return Answer(row.etag, row.modified, row.named, row.further, row.doubt, row.at) if row else None


def enter(seen: Seen, answers: Mapping[str, Answer]) -> None:
    rows = [{"key": digest(url), **asdict(answer)} for url, answer in answers.items()]
    if rows:
        with seen.writing() as connection:
            upsert(connection, _answers, rows, replaced=tuple(name for name in rows[0] if name != "key"))
            connection.execute(delete(_answers).where(_answers.c.at < max(row["at"] for row in rows) - _KEPT))
