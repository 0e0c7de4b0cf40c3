"""The index's tables, and the connection to them: SQLite here, the same statements on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Subquery,
    Table,
    TypeDecorator,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

FORMAT = 6
"""Raised when the tables change: an index of another format is refused, as it can be rebuilt from the files."""

BUSY_SECONDS = 30
"""How long a commit waits for those of other processes."""

CACHE_KIB = 64 << 10
"""Of the database that a process keeps in memory."""

WAL_PAGES = 8192
"""Of 4 KiB that wait in the log: pages that change again and again meanwhile are written to the file once."""

_WRITER = 0x6E657773  # the number of the lock that PostgreSQL gives to one writer at a time
_SQLITE = b"SQLite format 3\0"  # what its files begin with
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

schema = MetaData()
"""All tables of the index; a module that adds its own defines them on it."""

LEARNED = {"learned": True}
"""The `info` of a table that the files do not tell: it outlives `forget`."""


class AnyText(TypeDecorator[str]):
    """Whatever a page says; ordered by its characters' numbers on every machine.

    PostgreSQL takes no NUL, and no database a lone surrogate.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or value.isprintable() else _UNSTORABLE.sub("\ufffd", value)


class json_each(GenericFunction[Any]):  # noqa: N801  # SQLite's name
    inherit_cache = True


@compiles(json_each, "postgresql")
def _elements(element: json_each, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **how)} AS JSON))"


def each(parameter: str, type_: type[TypeEngine[Any]]) -> Subquery:
    """The elements of a JSON array that is bound as one parameter, as rows with a column `value`."""
    elements = json_each(bindparam(parameter, type_=String)).table_valued("value")
    return select(cast(elements.c.value, type_).label("value")).subquery()


articles = Table(
    "articles",
    schema,
    Column("number", Integer, primary_key=True),
    Column("id", AnyText, nullable=False, unique=True),
    Column("url", AnyText, nullable=False),
    Column("site", AnyText, nullable=False),
    Column("story_id", AnyText, nullable=False),
    Column("duplicates_of", AnyText),
    Column("source_name", AnyText),
    Column("source_url", AnyText),
    Column("language", AnyText),
    Column("published_at", AnyText),
    Column("first_seen_at", AnyText),
    Column("revision", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),  # digests of what a revision changes
)

claims = Table(
    "claims",
    schema,
    Column("key", LargeBinary, primary_key=True),  # digest of a URL's key, a text, a picture's name
    Column("article", Integer, nullable=False),  # its number
    Column("kind", String, nullable=False),  # url, canonical, text, picture; alias: a URL that led to the article
    sqlite_with_rowid=False,
)

files = Table(
    "files",
    schema,
    Column("path", AnyText, primary_key=True),
    Column("applied", BigInteger, nullable=False),  # bytes of it that the index knows
    sqlite_with_rowid=False,
)

repeats = Table(  # the last articles of each site, for what they have in common
    "repeats",
    schema,
    Column("host", AnyText, primary_key=True),
    Column("article", AnyText, primary_key=True),
    Column("at", AnyText, nullable=False),  # when it was fetched
    Column("story", AnyText, nullable=False),
    Column("title", LargeBinary, nullable=False),  # 4 bytes a word
    Column("blocks", LargeBinary, nullable=False),  # 8 bytes a block
    sqlite_with_rowid=False,
)

_format = Table("format", schema, Column("version", Integer, primary_key=True))


def shown(url: str) -> str:
    """The URL of an index without its password."""
    return re.sub(r":[^:/@]*@", ":***@", url)


class IndexBroken(Exception):
    """The index cannot be used; the message says why and what to do."""


def connect(url: str) -> Engine:
    """An engine whose tables exist. Raises IndexBroken where they are of another format."""
    engine = _engine(url)
    try:
        with writing(engine) as connection:
            _create(connection)
            found = connection.scalars(select(_format.c.version)).all()
            if not found:
                upsert(connection, _format, [{"version": FORMAT}])
            elif found != [FORMAT]:
                raise IndexBroken(
                    f"{shown(url)} has format {found[0]} where {FORMAT} is expected: `scrapy reindex` builds it anew"
                )
    except Exception:
        engine.dispose()
        raise
    return engine


def _create(connection: Connection) -> None:
    for table in schema.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _engine(url: str) -> Engine:
    is_file = url.startswith("sqlite")
    own: dict[str, Any] = {"paramstyle": "named", "connect_args": {"timeout": BUSY_SECONDS}} if is_file else {}
    engine = create_engine(url, pool_pre_ping=True, **own)
    if engine.dialect.name == "sqlite" and engine.url.database:
        try:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexBroken(
                f"the index SEEN_URL={url} cannot be used ({error.strerror}: {error.filename})"
            ) from error
    event.listen(engine, "connect", _file_settings if engine.dialect.name == "sqlite" else _server_settings)
    return engine


def forget(connection: Connection) -> None:
    """Drop what can be read again from the files."""
    schema.drop_all(connection, [table for table in schema.sorted_tables if table.info != LEARNED])


def destroy(url: str) -> None:
    """Drop everything, whatever its format. A SQLite file goes altogether, sound or not; a file that never was one may
    be anything of anybody's, and is moved to the same name with `.kept` behind it."""
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        for tail in ("", "-wal", "-shm") if engine.url.database else ():
            file = Path(f"{engine.url.database}{tail}")
            if not tail and file.is_file() and not _is_sqlite(file):
                file.replace(f"{file}.kept")
            file.unlink(missing_ok=True)
    else:
        with writing(engine) as connection:
            schema.drop_all(connection)
    engine.dispose()


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction beside which no other one writes: what is read in it stays true, and none can block another."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(_WRITER)))
        yield connection


def fetched(connection: Connection, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query in the driver's own words. For the one that is asked for each article: SQLAlchemy describes
    a result's columns anew each time, and takes longer for it than SQLite for the query."""
    error_of_driver = connection.dialect.loaded_dbapi.Error
    try:
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    except error_of_driver as error:
        connection.invalidate(error)
        raise DBAPIError.instance(statement, values, error, error_of_driver, dialect=connection.dialect) from error


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    replaced: Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert `rows`; where one is there already, replace its columns `replaced` if `where` holds of the old one."""
    if rows:
        connection.execute(_insert(connection.dialect.name, table, tuple(replaced), where), rows)


def number(connection: Connection, rows: Sequence[dict[str, Any]], replaced: Sequence[str]) -> dict[str, int]:
    """Insert rows of `articles`, or replace columns of those with the same id, and return their numbers by id."""
    if not rows:
        return {}
    insert = _insert(connection.dialect.name, articles, tuple(replaced), None, articles.c.id)
    return {row.id: row.number for row in connection.execute(insert.returning(articles.c.id, articles.c.number), rows)}


@cache
def _insert(
    dialect: str,
    table: Table,
    replaced: tuple[str, ...],
    where: ColumnElement[bool] | None,
    *unique: ColumnElement[Any],
) -> Any:
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)  # one is enough: PostgreSQL's takes 30 ms
    keys = list(unique or table.primary_key)
    if not replaced:
        return insert.on_conflict_do_nothing(index_elements=keys)
    new = {name: insert.excluded[name] for name in replaced}
    return insert.on_conflict_do_update(index_elements=keys, set_=new, where=where)


# Of both the last commits may be lost with the power; they are read from the files.


def _file_settings(connection: Any, _: Any) -> None:
    """Readers never wait for the writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    cursor.close()


def _server_settings(connection: Any, _: Any) -> None:
    """A machine that hangs in the middle of a commit holds up the others for so long, not for ever."""
    from psycopg.types.numeric import Int8Dumper

    connection.adapters.register_dumper(int, Int8Dumper)  # whatever its size: each mix of types would be planned anew
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{BUSY_SECONDS}s'")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET jit = off")  # no query here is worth a compiler
        cursor.execute("SET plan_cache_mode = force_generic_plan")  # planning costs more than any of them …
        cursor.execute("SET enable_seqscan = off")  # … and each has its index, also for a table that was empty then
    connection.commit()
