"""The index: which articles were written, and by what they are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, make_url, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from aggregator.items import Article
from aggregator.seen import repeats
from aggregator.seen.identity import Known, identity, url_digest
from aggregator.seen.tables import IndexBroken, articles, claims, connect, drop, files, upsert

_CLAIMED = select(claims.c.key, claims.c.kind, *articles.c).join(articles, articles.c.id == claims.c.article)
_LOOK_UP = _CLAIMED.where(claims.c.key.in_(bindparam("keys", expanding=True)), claims.c.kind != "alias")
_KNOWN = select(claims.c.article).where(claims.c.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Match:
    """The article that another one was recognised as."""

    id: str
    url: str
    by: str  # url, canonical or text
    first_seen_at: str | None
    revision: int
    same: bool  # title, text and modification date did not change
    this_run: bool  # it was claimed here, not read from an earlier run


class _Claim(NamedTuple):
    """A row of _LOOK_UP that is not in the database yet."""

    kind: str
    id: str
    url: str
    first_seen_at: str | None
    revision: int
    state: bytes


class Seen:
    """Opened at its first use. Every method raises IndexBroken where the database cannot be used.

    An article is claimed as soon as it is on its way to the file, so that a copy a moment later is recognised; the
    database learns of it by `commit`, once its line is safe.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pending: dict[bytes, _Claim] = {}
        self._claimed: set[str] = set()

    def known(self, url: str) -> bool:
        """Whether the page at `url` was written or led to an article that was: no need to fetch it."""
        key = url_digest(url)
        with self.reading() as connection:
            return key in self._pending or connection.scalar(_KNOWN, {"key": key}) is not None

    def match(self, article: Article) -> Match | None:
        """The article that this one is, by URL, else canonical URL, else text. One query."""
        mine = identity(article)
        ways = [(mine.url, "url"), (mine.canonical, "canonical"), (mine.source, "canonical"), (mine.text, "text")]
        keys = [key for key, _ in ways if key]
        with self.reading() as connection:
            found: dict[bytes, Any] = {row.key: row for row in connection.execute(_LOOK_UP, {"keys": keys})}
        found.update((key, self._pending[key]) for key in keys if key in self._pending)
        for key, way in ways:
            if key and (claim := found.get(key)):
                by = "canonical" if claim.kind == "canonical" else way
                same, this_run = claim.state == mine.state, claim.id in self._claimed
                return Match(claim.id, claim.url, by, claim.first_seen_at, claim.revision, same, this_run)
        return None

    def claim(self, article: Article) -> None:
        mine = identity(article)
        row = (article.id, article.url, article.first_seen_at, article.revision, mine.state)
        self._pending.update((key, _Claim(kind, *row)) for key, kind in mine.claims())
        self._claimed.add(article.id)

    def commit(
        self,
        written: Iterable[Article | Known],
        applied: Mapping[Path, int],
        aliases: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Enter articles whose lines are on disk, and how many bytes of the files the index now knows.

        `aliases` are pairs of a URL and the id of the article that it led to.
        """
        written = list(written)
        rows: list[dict[str, Any]] = []
        keys: list[dict[str, Any]] = []
        for article in written:
            mine = identity(article)
            row = {name: getattr(article, name) for name in ("id", "url", "first_seen_at", "revision")}
            rows.append({**row, "state": mine.state})
            keys += [{"key": key, "kind": kind, "article": article.id} for key, kind in mine.claims()]
        ends = [{"path": str(path), "applied": length} for path, length in applied.items()]
        others = [{"key": url_digest(url), "kind": "alias", "article": id} for url, id in aliases]
        with self.writing() as connection:
            upsert(connection, articles, rows, replaced=("url", "revision", "state"))
            upsert(connection, claims, keys, replaced=("kind", "article"), where=claims.c.kind == "alias")
            upsert(connection, claims, others)
            repeats.enter(connection, written)
            upsert(connection, files, ends, replaced=("applied",))
        for claim in keys:
            self._pending.pop(claim["key"], None)

    def repeats_of(self, host: str) -> repeats.Repeats:
        """What the site at `host` repeats, as far as earlier runs know."""
        with self.reading() as connection:
            return repeats.Repeats.read(connection, host)

    def applied(self) -> dict[Path, int]:
        """Bytes of each output file that the index knows."""
        with self.reading() as connection:
            return {Path(row.path): row.applied for row in connection.execute(select(files))}

    def clear(self) -> None:
        """Forget everything; a broken SQLite file goes altogether."""
        self.close()
        with self._errors():
            url = make_url(self._url)
        if url.get_backend_name() == "sqlite" and url.database:
            for tail in ("", "-wal", "-shm"):
                Path(url.database + tail).unlink(missing_ok=True)
        else:
            with self.writing() as connection:
                drop(connection)
            self.close()

    def close(self) -> None:
        if "_engine" in self.__dict__:
            self._engine.dispose()
            del self._engine

    @cached_property
    def _engine(self) -> Engine:
        return connect(self._url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, ImportError) as error:
            cause = getattr(error, "orig", None) or error
            remedy = ": `scrapy reindex` builds it anew" if isinstance(error, DBAPIError) else ""
            shown = re.sub(r":[^:/@]*@", ":***@", self._url)
            raise IndexBroken(f"the index {shown} cannot be used ({cause}){remedy}") from error
