"""The index: which articles were written, and by what they are recognised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from aggregator.items import Article, Copy, RecognisedBy
from aggregator.seen import repeats, texts, visits
from aggregator.seen.fingerprints import Fingerprint
from aggregator.seen.identity import Identity, Known, changed, day_of, identity, url_digest
from aggregator.seen.tables import (
    IndexBroken,
    articles,
    claims,
    connect,
    destroy,
    files,
    forget,
    shown,
    upsert,
    writing,
)

_LOOK_UP = (
    select(claims.c.key, claims.c.kind, *articles.c)
    .join(articles, articles.c.id == claims.c.article)
    .where(claims.c.key.in_([bindparam(way) for way in ("url", "canonical", "source", "text")]))
)
_KNOWN = select(claims.c.article).where(claims.c.key == bindparam("key"))
_ENTRY = select(articles).where(articles.c.id == bindparam("id"))
_ALIAS = claims.c.kind == "alias"
_PRUNED = 500  # texts at most that a commit removes, so that none waits long
_REVISED = [column.name for column in articles.c if column.name not in ("id", "first_seen_at")]

_fingerprint = lru_cache(maxsize=16)(Fingerprint.of)  # an article is looked up and claimed


class Entry(NamedTuple):
    """What the index knows of an article: a row of `articles`."""

    id: str
    url: str
    site: str
    story_id: str
    duplicates_of: str | None
    source_name: str | None
    source_url: str | None
    published_at: str | None
    first_seen_at: str | None
    day: int
    revision: int
    state: bytes

    @classmethod
    def of(cls, article: Article | Known, state: bytes) -> Self:
        source = article.source
        return cls(
            article.id,
            article.url,
            article.site,
            article.story_id or article.id,
            article.duplicates_of,
            source.name if source else None,
            source.url if source else None,
            article.published_at,
            article.first_seen_at,
            day_of(article.fetched_at),
            article.revision,
            state,
        )


class _Record(NamedTuple):
    """What is entered of an article."""

    entry: Entry
    claims: list[tuple[bytes, str]]
    text: Fingerprint

    @classmethod
    def of(cls, article: Article | Known) -> Self:
        mine = identity(article)
        return cls(Entry.of(article, mine.state), mine.claims(), _fingerprint(article.text or ""))


@dataclass(frozen=True, slots=True)
class Match:
    """The article that another one was recognised as."""

    article: Entry
    by: RecognisedBy
    changed: list[str]  # which of title, text and modified_at differ
    this_run: bool  # it was claimed here, not read from an earlier run
    known: bool  # the URL led to it before
    inside: float | None = None  # share of the new text that stands in the old one
    around: float | None = None  # share of the old text that stands in the new one


class Seen:
    """Opened at its first use. Every method raises IndexBroken where the database cannot be used.

    An article is claimed as soon as it is on its way to the file, so that a copy a moment later is recognised; the
    database learns of it by `commit`, once its line is safe.
    """

    def __init__(self, url: str, days: int = 30) -> None:
        """`days`: how long a text is compared with later ones."""
        self._url, self._days = url, days
        self._claims: dict[bytes, tuple[str, str]] = {}  # of articles in flight: key -> kind, id
        self._flying: dict[str, _Record] = {}
        self._texts = texts.InFlight()
        self._claimed: set[str] = set()

    def known(self, url: str) -> bool:
        """Whether the page at `url` was written or led to an article that was: no need to fetch it."""
        key = url_digest(url)
        with self.reading() as connection:
            return key in self._claims or connection.scalar(_KNOWN, {"key": key}) is not None

    def match(self, article: Article) -> Match | None:
        """The article that this one is by URL, canonical URL or text, or whose copy it is.

        One query by keys, one by the text where that found nothing, one for the article of a near copy.
        """
        mine = identity(article)
        with self.reading() as connection:
            found = self._found(connection, mine)
            led = found[mine.url][1].id if mine.url in found else None
            entry, by, inside, around = self._recognised(connection, mine, found, article.text or "")
        if entry is None:
            return None
        this_run, known = entry.id in self._claimed, entry.id == led
        return Match(entry, by, changed(entry.state, mine.state), this_run, known, inside, around)

    def _found(self, connection: Connection, mine: Identity) -> dict[bytes, tuple[str, Entry]]:
        """The claims on the same keys: their kind, and the article."""
        found = {row.key: (row.kind, Entry(*row[2:])) for row in connection.execute(_LOOK_UP, mine._asdict())}
        for key in self._claims.keys() & mine[:4]:
            kind, id_ = self._claims[key]
            found[key] = kind, self._flying[id_].entry
        return found

    def _recognised(
        self, connection: Connection, mine: Identity, found: Mapping[bytes, tuple[str, Entry]], text: str
    ) -> tuple[Entry | None, RecognisedBy, float | None, float | None]:
        ways: list[tuple[bytes | None, RecognisedBy]]
        ways = [(mine.url, "url"), (mine.canonical, "canonical"), (mine.source, "canonical"), (mine.text, "text")]
        for key, by in ways:
            kind, entry = found.get(key or b"", ("alias", None))
            if kind != "alias":
                whole = 1.0 if by == "text" else None
                return entry, "canonical" if kind == "canonical" else by, whole, whole
        near = texts.find(connection, _fingerprint(text), self._texts)
        if near is None:
            return None, "near", None, None
        if near.article in self._flying:
            entry = self._flying[near.article].entry
        else:
            entry = Entry(*connection.execute(_ENTRY, {"id": near.article}).one())
        return entry, "near", near.inside, near.around

    def claim(self, article: Article) -> None:
        record = self._flying[article.id] = _Record.of(article)
        self._claims.update((key, (kind, article.id)) for key, kind in record.claims)
        self._texts.add(article.id, record.text)
        self._claimed.add(article.id)

    def under_way(self, article_id: str) -> bool:
        """Whether it is claimed and its line is not safe yet."""
        return article_id in self._flying

    def commit(
        self,
        written: Iterable[Article | Known],
        applied: Mapping[Path, int],
        fates: Sequence[visits.Fate] = (),
        copies: Sequence[Copy] = (),
    ) -> None:
        """Enter what has its line on disk, and how many bytes of the files the index now knows."""
        written = list(written)
        records = [self._flying.get(article.id) or _Record.of(article) for article in written]
        latest = {record.entry.id: record for record in records}  # of several revisions
        keys: dict[bytes, dict[str, Any]] = {}
        for entry, claimed, _ in records:
            for key, kind in claimed:
                keys.setdefault(key, {"key": key, "kind": kind, "article": entry.id, "day": entry.day})
        led = [(copy.url, copy.duplicate_of, copy.fetched_at) for copy in copies]
        led += [(fate.url, fate.id, fate.at.isoformat()) for fate in fates if fate.id]
        others = [{"key": url_digest(url), "kind": "alias", "article": id_, "day": day_of(at)} for url, id_, at in led]
        ends = [{"path": str(path), "applied": length} for path, length in applied.items()]
        with self.writing() as connection:
            visits.enter(connection, fates)
            upsert(connection, files, ends, replaced=("applied",))
            upsert(connection, articles, [record.entry._asdict() for record in latest.values()], replaced=_REVISED)
            upsert(connection, claims, list(keys.values()), replaced=("kind", "article", "day"), where=_ALIAS)
            upsert(connection, claims, others)
            repeats.enter(connection, written)
            texts.put(connection, [texts.Text(id_, one.entry.day, one.text) for id_, one in latest.items()])
            if newest := max((one.entry.day for one in latest.values()), default=0):
                texts.prune(connection, newest - self._days, _PRUNED)
        for key in keys:
            self._claims.pop(key, None)
        for id_ in latest:
            self._flying.pop(id_, None)
            self._texts.discard(id_)

    def repeats_of(self, host: str) -> repeats.Repeats:
        """What the site at `host` repeats, as far as earlier runs know."""
        with self.reading() as connection:
            return repeats.Repeats.read(connection, host)

    def applied(self) -> dict[Path, int]:
        """Bytes of each output file that the index knows."""
        with self.reading() as connection:
            return {Path(row.path): row.applied for row in connection.execute(select(files))}

    def clear(self) -> None:
        """Forget what the files tell; everything, where the index cannot be used as it is."""
        self.close()
        try:
            with self.writing() as connection:
                forget(connection)
        except IndexBroken:
            with self._errors():
                destroy(self._url)
        self.close()

    def close(self) -> None:
        self._lose_reader()
        if "_engine" in self.__dict__:
            self._engine.dispose()
            del self._engine

    def _lose_reader(self) -> None:
        if "_reader" in self.__dict__:
            self._reader.close()
            del self._reader

    @cached_property
    def _engine(self) -> Engine:
        return connect(self._url)

    @cached_property
    def _reader(self) -> Connection:
        """Kept open, as there is a query a URL; no transaction is left open on it."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._errors():
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._errors(), writing(self._engine) as connection:
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, ImportError) as error:
            self._lose_reader()
            cause = " ".join(str(getattr(error, "orig", None) or error).split())
            unreachable = isinstance(error, OperationalError) and not self._url.startswith("sqlite")
            remedy = ": `scrapy reindex` builds it anew" if isinstance(error, DBAPIError) and not unreachable else ""
            raise IndexBroken(f"the index {shown(self._url)} cannot be used ({cause}){remedy}") from error
