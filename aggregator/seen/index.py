"""The index: which articles were written, and by what they are recognised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import Connection, Engine, String, select
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from aggregator.items import Article, Copy, RecognisedBy
from aggregator.seen import repeats, texts, visits
from aggregator.seen.fingerprints import Fingerprint
from aggregator.seen.identity import Identity, Known, changed, day_of, identity, url_digest
from aggregator.seen.lookup import Entry, Found, look_up
from aggregator.seen.tables import (
    IndexBroken,
    articles,
    claims,
    connect,
    destroy,
    each,
    files,
    forget,
    number,
    shown,
    upsert,
    writing,
)
from aggregator.seen.translations import is_likely

_ids = each("ids", String)
_NUMBERS = select(articles.c.id, articles.c.number).join_from(_ids, articles, articles.c.id == _ids.c.value)
_ALIAS = claims.c.kind == "alias"
_OUTSIDE = ("disk is full", "unable to open", "readonly")  # SQLite's words where the file itself may be sound
_PRUNED = 500  # texts at most that a commit removes, so that none waits long
_REVISED = [column.name for column in articles.c if column.name not in ("number", "id", "first_seen_at")]

_fingerprint = lru_cache(maxsize=16)(Fingerprint.of)  # an article is looked up and claimed


class _Record(NamedTuple):
    """What is entered of an article."""

    entry: Entry
    claims: list[tuple[bytes, str]]
    text: Fingerprint
    day: int  # of the fetch, counted from 1970

    @classmethod
    def of(cls, article: Article | Known, mine: Identity) -> Self:
        text, day = _fingerprint(article.text or ""), day_of(article.fetched_at)
        return cls(Entry.of(article, mine.state), mine.claims(), text, day)


@dataclass(frozen=True, slots=True)
class Match:
    """The article that another one was recognised as."""

    article: Entry
    by: RecognisedBy
    changed: list[str]  # which of title, text and modified_at differ
    this_run: bool  # it was claimed here, not read from an earlier run
    known: bool  # the URL led to it before
    translation_of: str | None = None  # an article that may tell the same in another language
    inside: float | None = None  # share of the new text that stands in the old one
    around: float | None = None  # share of the old text that stands in the new one
    length: float | None = None  # times that the new text is as long


class Seen:
    """Opened at its first use. Every method raises IndexBroken where the database cannot be used.

    An article is claimed as soon as it is on its way to the file, so that a copy a moment later is recognised; the
    database learns of it by `commit`, once its line is safe. Other processes learn of it from the database: of two
    that meet a story before either has committed it, both write it, and later copies are told as those of the first.
    """

    def __init__(self, url: str, days: int = 30) -> None:
        """`days`: how long a text is compared with later ones."""
        self._url, self._days = url, days
        self._claims: dict[bytes, tuple[str, str]] = {}  # of articles in flight: key -> kind, id
        self._flying: dict[str, _Record] = {}
        self._texts = texts.InFlight()
        self._claimed: set[str] = set()
        self._matched: tuple[Article, Identity] | None = None  # the last article, which may be claimed next

    def met(self, url: str) -> visits.Met:
        """What this run and all before it know of the page at `url`. One query."""
        key = url_digest(url)
        with self.reading() as connection:
            met = visits.met(connection, key)
        return met._replace(known=True) if key in self._claims else met

    def match(self, article: Article) -> Match | None:
        """The article that this one is by URL, canonical URL or text, or whose copy or translation it is. One query."""
        mine, text = identity(article), _fingerprint(article.text or "")
        self._matched = article, mine
        with self.reading() as connection:
            found = look_up(connection, mine, text)
        for key in self._claims.keys() & mine[:4]:
            kind, id_ = self._claims[key]
            found.claims[key] = kind, self._flying[id_].entry
        entry, by, *shares = self._recognised(found, mine, text)
        told = self._translated(found, mine, article, text)
        entry = entry or told
        if entry is None:
            return None
        known = mine.url in found.claims and found.claims[mine.url][1].id == entry.id
        this_run, translation = entry.id in self._claimed, told.id if told else None
        return Match(entry, by, changed(entry.state, mine.state), this_run, known, translation, *shares)

    def _recognised(
        self, found: Found, mine: Identity, text: Fingerprint
    ) -> tuple[Entry | None, RecognisedBy, float | None, float | None, float | None]:
        ways: list[tuple[bytes | None, RecognisedBy]]
        ways = [(mine.url, "url"), (mine.canonical, "canonical"), (mine.source, "canonical"), (mine.text, "text")]
        for key, by in ways:
            kind, entry = found.claims.get(key or b"", ("alias", None))
            if kind != "alias":
                whole = 1.0 if by == "text" else None
                return entry, "canonical" if kind == "canonical" else by, whole, whole, whole
        flying = self._texts.candidates(text, found.common)
        here = [texts.Candidate(self._flying[id_].entry, count, old) for id_, count, old in flying]
        near = texts.nearest(text, [*found.candidates, *here], found.common)
        return (near.article, "near", *near[1:]) if near else (None, "picture", None, None, None)

    def _translated(self, found: Found, mine: Identity, article: Article, text: Fingerprint) -> Entry | None:
        """The article that this one may be a translation of."""
        _, flying = self._claims.get(mine.picture or b"", ("", None))
        other = (self._flying[flying].entry, self._flying[flying].text) if flying else found.pictured
        if other is None:
            return None
        entry, its = other
        published = article.published_at, entry.published_at
        return entry if is_likely((article.language, entry.language), published, (text, its)) else None

    def claim(self, article: Article) -> None:
        """Of an article that was matched just before, nothing that it is recognised by may have changed since."""
        matched, self._matched = self._matched, None
        mine = matched[1] if matched and matched[0] is article else identity(article)
        record = self._flying[article.id] = _Record.of(article, mine)
        self._claims.update((key, (kind, article.id)) for key, kind in record.claims)
        self._texts.add(article.id, record.text)
        self._claimed.add(article.id)

    def give_up(self, article: Article) -> None:
        """It was claimed, and its line cannot be written."""
        for key in [key for key, (_, id_) in self._claims.items() if id_ == article.id]:
            del self._claims[key]
        self._flying.pop(article.id, None)
        self._texts.discard(article.id)
        self._claimed.discard(article.id)

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
        records = [self._flying.get(article.id) or _Record.of(article, identity(article)) for article in written]
        latest = {record.entry.id: record for record in records}  # of several revisions
        claimed: dict[bytes, tuple[str, str]] = {}
        for record in records:
            for key, kind in record.claims:
                claimed.setdefault(key, (kind, record.entry.id))
        led = [(copy.url, copy.duplicate_of) for copy in copies] + [(fate.url, fate.id) for fate in fates if fate.id]
        ends = [{"path": str(path), "applied": length} for path, length in applied.items()]
        with self.writing() as connection:
            visits.enter(connection, fates)
            upsert(connection, files, ends, replaced=("applied",))
            numbers = self._enter(connection, latest)
            if others := list({id_ for _, id_ in led} - numbers.keys()):
                numbers |= {row.id: row.number for row in connection.execute(_NUMBERS, {"ids": json.dumps(others)})}
            rows = [{"key": key, "kind": kind, "article": numbers[id_]} for key, (kind, id_) in claimed.items()]
            upsert(connection, claims, rows, replaced=("kind", "article"), where=_ALIAS)
            aliases = [(url_digest(url), numbers[id_]) for url, id_ in led if id_ in numbers]
            upsert(connection, claims, [{"key": key, "kind": "alias", "article": number} for key, number in aliases])
            repeats.enter(connection, written)
            if newest := max((record.day for record in latest.values()), default=0):
                texts.prune(connection, newest - self._days, _PRUNED)
        for key in claimed:
            self._claims.pop(key, None)
        for id_ in latest:
            self._flying.pop(id_, None)
            self._texts.discard(id_)

    def _enter(self, connection: Connection, latest: Mapping[str, _Record]) -> dict[str, int]:
        """Enter articles and their texts, in the place of earlier revisions; their numbers by id."""
        numbers = number(connection, [record.entry._asdict() for record in latest.values()], replaced=_REVISED)
        texts.enter(connection, {numbers[id_]: (record.day, record.text) for id_, record in latest.items()})
        return numbers

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
            sound = isinstance(error, OperationalError) and (
                not self._url.startswith("sqlite") or any(word in cause for word in _OUTSIDE)  # not reached, no room
            )
            remedy = ": `scrapy reindex` builds it anew" if isinstance(error, DBAPIError) and not sound else ""
            raise IndexBroken(f"the index SEEN_URL={shown(self._url)} cannot be used ({cause}){remedy}") from error
