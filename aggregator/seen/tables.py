"""The index's tables, and the connection to them: SQLite here, the same statements on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Subquery,
    Table,
    bindparam,
    cast,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

FORMAT = 2
"""Raised when the tables change: an index of another format is refused, as it can be rebuilt from the files."""

BUSY_SECONDS = 30
"""How long a statement waits for another process to finish its commit."""

CACHE_KIB = 64 << 10
"""Of the database that a process keeps in memory."""

WAL_PAGES = 8192
"""Of 4 KiB that wait in the log: pages that change again and again meanwhile are written to the file once."""

schema = MetaData()
"""All tables of the index; a module that adds its own defines them on it."""


class json_each(GenericFunction[Any]):  # noqa: N801  # SQLite's name
    inherit_cache = True


@compiles(json_each, "postgresql")
def _elements(element: json_each, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **how)} AS JSON))"


def each(parameter: str, type_: type[Integer | String]) -> Subquery:
    """The elements of a JSON array that is bound as one parameter, as rows with a column `value`."""
    elements = json_each(bindparam(parameter, type_=String)).table_valued("value")
    return select(cast(elements.c.value, type_).label("value")).subquery()


articles = Table(
    "articles",
    schema,
    Column("id", String, primary_key=True),
    Column("url", String, nullable=False),
    Column("site", String, nullable=False),
    Column("story_id", String, nullable=False),
    Column("duplicates_of", String),
    Column("source_name", String),
    Column("source_url", String),
    Column("published_at", String),
    Column("first_seen_at", String),
    Column("day", Integer, nullable=False),  # of the last revision's fetch, counted from 1970
    Column("revision", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),  # digests of what a revision changes
    sqlite_with_rowid=False,
)
Index("articles_by_day", articles.c.day)

claims = Table(
    "claims",
    schema,
    Column("key", LargeBinary, primary_key=True),  # digest of a URL's key or of a text
    Column("article", String, nullable=False),
    Column("kind", String, nullable=False),  # url, canonical, text; alias: a URL that led to the article
    Column("day", Integer, nullable=False),  # counted from 1970
    sqlite_with_rowid=False,
)
Index("claims_by_day", claims.c.day)

files = Table(
    "files",
    schema,
    Column("path", String, primary_key=True),
    Column("applied", BigInteger, nullable=False),  # bytes of it that the index knows
    sqlite_with_rowid=False,
)

repeats = Table(  # the last articles of each site, for what they have in common
    "repeats",
    schema,
    Column("host", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("at", String, nullable=False),  # when it was fetched
    Column("story", String, nullable=False),
    Column("title", LargeBinary, nullable=False),  # 4 bytes a word
    Column("blocks", LargeBinary, nullable=False),  # 8 bytes a block
    sqlite_with_rowid=False,
)

_format = Table("format", schema, Column("version", Integer, primary_key=True))


class IndexBroken(Exception):
    """The index cannot be used; the message says why and what to do."""


def connect(url: str) -> Engine:
    """An engine whose tables exist. Raises IndexBroken where they are of another format."""
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {})
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _write_ahead)
    with engine.begin() as connection:  # no CREATE where it is there: another process may be at it
        for table in schema.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        found = connection.scalars(select(_format.c.version)).all()
        if not found:
            upsert(connection, _format, [{"version": FORMAT}])
        elif found != [FORMAT]:
            raise IndexBroken(
                f"{url} has format {found[0]} where {FORMAT} is expected: `scrapy reindex` builds it anew"
            )
    return engine


def drop(connection: Connection) -> None:
    schema.drop_all(connection)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    replaced: Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert `rows`; where one is there already, replace its columns `replaced` if `where` holds of the old one."""
    if not rows:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    keys = list(table.primary_key)
    rows = sorted(rows, key=lambda row: [row[key.name] for key in keys])  # two processes in one order: no deadlock
    if replaced:
        new = {name: insert.excluded[name] for name in replaced}
        connection.execute(insert.on_conflict_do_update(keys, set_=new, where=where), rows)
    else:
        connection.execute(insert.on_conflict_do_nothing(keys), rows)


def _write_ahead(connection: Any, _: Any) -> None:
    """Readers never wait for the writer; the last commits may be lost with the power, and are read from the files."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    cursor.close()
