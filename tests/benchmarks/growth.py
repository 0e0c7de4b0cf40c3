"""How the index bears its growth: the same measurements with 10,000, 100,000 and 1,000,000 invented documents in it.

    python tests/benchmarks/growth.py [--sizes 10000 100000 1000000] [--on sqlite postgresql] [--folder DIR]

Times are CPU times, the database server's included, and the sizes take turns: a machine has other work too. A look-up
is the query alone, the shortest of PASSES; half of the documents are new, half are copies of some that have been in the
index since its beginning. Then there are documents that go the whole way: look-up, claim, commits of 64. Before, each
index is filled in bulk: the rows are those of a commit, but fingerprints are drawn at random instead of being taken
from texts, rows go in in the order in which they lie, and the indexes of the texts are made at the end: in PostgreSQL
as loose as commits leave them, in SQLite denser.
Ends with 1 where a look-up at the largest size takes more than three times (--bound) as long as at the smallest.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateIndex, DropIndex

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import postgres  # noqa: E402

from aggregator.items import Article  # noqa: E402
from aggregator.seen import Seen  # noqa: E402
from aggregator.seen.fingerprints import LEAST, SAMPLED, Fingerprint  # noqa: E402
from aggregator.seen.identity import day_of, identity  # noqa: E402
from aggregator.seen.lookup import Entry, look_up  # noqa: E402
from aggregator.seen.tables import articles, claims  # noqa: E402
from aggregator.seen.texts import bound, texts  # noqa: E402

COMMITTED = 64
BATCH = 100_000  # documents that are filled in together
PASSES = 3  # over all look-ups; of each the shortest time counts
MEASURED = 1000  # look-ups; as many documents go the whole way
NOW = "2026-11-20T08:00:00+00:00"

SYLLABLES = [first + then for first in "bcdfghjklmnp" for then in "aeiou"]
_dice = random.Random(1)
LEXICON = list({"".join(_dice.choices(SYLLABLES, k=_dice.randint(1, 4))) for _ in range(30_000)})
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(LEXICON) + 1)))  # Zipf's


def document(number: int, words: int = 0) -> Article:
    """Each number gives another story; with `words` it is cut there, and stands on another site."""
    dice = random.Random(number)
    text = dice.choices(LEXICON, cum_weights=WEIGHTS, k=dice.randint(200, 1000))[: words or None]
    url = f"https://www.site{number % 2000}.example/2026/11/a-story-told-in-words-{number}{'-again' * bool(words)}"
    id_ = hashlib.sha256(url.encode()).hexdigest()[:16]
    return Article(id=id_, url=url, site=url[8:28], title=" ".join(text[:9]), text=" ".join(text), fetched_at=NOW)


TEMPLATE = document(0)

# --- Filling ----------------------------------------------------------------------------------------------------------


def filled(seen: Seen, size: int, originals: Sequence[Article]) -> Seen:
    """The index with the originals and invented rows up to `size` documents."""
    enter(seen, originals)
    chance = np.random.default_rng(1)
    made = sorted(texts.indexes, key=str)
    with seen.writing() as connection:
        for index in made:
            connection.execute(DropIndex(index))
    for start in range(len(originals), size, BATCH):
        fill(seen, range(start + 1, min(start + BATCH, size) + 1), chance)
    with seen.writing() as connection:
        loose = " WITH (fillfactor = 69)" if connection.dialect.name == "postgresql" else ""  # Yao 1978: ln 2
        for index in made:
            connection.exec_driver_sql(str(CreateIndex(index)) + loose)
    with seen.reading() as connection:
        if loose:  # as it does by itself, a little later
            connection.exec_driver_sql("VACUUM ANALYZE")
    return seen


def fill(seen: Seen, numbers: range, chance: np.random.Generator) -> None:
    prints = [_drawn(chance) for _ in numbers]
    keys = sorted((chance.bytes(16), number, kind) for number in numbers for kind in ("url", "text"))
    with seen.writing() as connection:
        _load(connection, articles, [_entry(number, chance) for number in numbers])
        _load(connection, claims, keys)
        _load(connection, texts, [_text(number, print_) for number, print_ in zip(numbers, prints, strict=True)])


def _entry(number: int, chance: np.random.Generator) -> tuple[Any, ...]:
    """A row of `articles`."""
    article = replace(TEMPLATE, id=chance.bytes(8).hex(), url=f"{TEMPLATE.url}{number}")
    row = Entry.of(article, chance.bytes(24))._asdict() | {"number": number}
    return tuple(row[column.name] for column in articles.columns)


def _text(number: int, print_: Fingerprint) -> tuple[Any, ...]:
    """A row of `texts`."""
    return (number, day_of(NOW), print_.packed(), *bound(print_.sketch).values())


def _drawn(chance: np.random.Generator) -> Fingerprint:
    """The fingerprint of a text of 200 to 1000 words: as many of the lowest of that many random hashes."""
    grams = int(chance.integers(200, 1000))
    kept = max(LEAST, grams // SAMPLED)
    hashes = np.cumsum(1 + chance.exponential((1 << 32) / grams, kept)).astype(np.uint32)
    traits = chance.integers(0, 64, kept).astype(np.uint8)
    numbers = np.sort(chance.integers(0, 1 << 32, 8, np.uint32))
    return Fingerprint(hashes, traits, traits & np.uint8(3), int(hashes[-1]) + 1, numbers, grams)


def _load(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in table.columns)})", rows)
        return
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if table is articles:
        connection.exec_driver_sql("SELECT setval('articles_number_seq', max(number)) FROM articles")


# --- Measuring --------------------------------------------------------------------------------------------------------


def enter(seen: Seen, documents: Iterable[Article]) -> None:
    """As the pipelines do."""
    group: list[Article] = []
    for article in documents:
        seen.match(article)
        seen.claim(article)
        group.append(article)
        if len(group) == COMMITTED:
            seen.commit(group, {Path("a.jsonl"): 1})
            group = []
    seen.commit(group, {Path("a.jsonl"): 1})


def servers(seen: Seen) -> list[int]:
    """The processes that serve this one."""
    with seen.reading() as connection:
        if connection.dialect.name == "sqlite":
            return []
        pids = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        return list(connection.exec_driver_sql(pids).scalars())


def cpu_seconds(work: Callable[[], object], served_by: Sequence[int]) -> float:
    """What some work takes, here and in the processes that serve it."""

    def served() -> float:
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in served_by) / 1e9

    before, started = served(), process_time()
    work()
    return process_time() - started + served() - before


def look_ups(indexes: Sequence[Seen], documents: Sequence[Article]) -> np.ndarray:
    """Milliseconds of the look-ups of each document (columns) in each index (rows)."""
    asked = [(identity(article), Fingerprint.of(article.text or "")) for article in documents]
    taken = np.full((len(indexes), len(asked)), np.inf)
    served_by = [servers(seen) for seen in indexes]
    for _ in range(PASSES):
        for column, one in enumerate(asked):
            for row, seen in enumerate(indexes):
                with seen.reading() as connection:
                    used = cpu_seconds(partial(look_up, connection, *one), served_by[row])
                taken[row, column] = min(taken[row, column], 1000 * used)
    return taken


def whole_way(indexes: Sequence[Seen], documents: Sequence[Article]) -> list[float]:
    """Documents a second in each index."""
    used = [0.0] * len(indexes)
    for start in range(0, len(documents), COMMITTED):
        for row, seen in enumerate(indexes):
            together = documents[start : start + COMMITTED]
            used[row] += cpu_seconds(partial(enter, seen, together), servers(seen))
    return [len(documents) / seconds for seconds in used]


def size_of(seen: Seen) -> int:
    """Bytes on disk."""
    with seen.reading() as connection:
        if connection.dialect.name == "postgresql":
            tables = "pg_class c JOIN pg_namespace n ON n.oid = relnamespace AND nspname = current_schema()"
            size = f"SELECT sum(pg_total_relation_size(c.oid)) FROM {tables} WHERE relkind = 'r'"
            return int(connection.exec_driver_sql(size).scalar_one())
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(connection.engine.url.database or "").stat().st_size


def measured(name: str, urls: Iterator[str], sizes: Sequence[int]) -> float:
    """Measures at each size, and returns how many times as long a look-up takes at the last one as at the first."""
    count = min(MEASURED, sizes[0] // 4)
    originals, new = [document(number) for number in range(count)], map(document, range(10**9, 2 * 10**9))
    with ExitStack() as stack:
        indexes = [filled(stack.enter_context(closing(Seen(next(urls)))), size, originals) for size in sizes]
        sizes_now = [size_of(seen) for seen in indexes]
        asked = [document(number, words=150) for number in range(0, count, 2)] + list(islice(new, count // 2))
        random.Random(1).shuffle(asked)
        taken = look_ups(indexes, asked)
        rates = whole_way(indexes, list(islice(new, count)))
    for size, times, rate, size_now in zip(sizes, taken, rates, sizes_now, strict=True):
        median, worst = np.percentile(times, [50, 99])
        print(f"{name:10} {size:>9,} {rate:>10,.0f} {median:>8.2f} {worst:>8.2f} {size_now / size:>12,.0f}", flush=True)
    return float(np.median(taken[-1]) / np.median(taken[0]))


def main() -> Iterator[str]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="ascending")
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--folder", help="where the SQLite file is made (default: the system's for temporary files)")
    parser.add_argument("--bound", type=float, default=3.0, help="how many times as long a look-up may take at the end")
    options = parser.parse_args()
    print(f"{'':10} {'documents':>9} {'docs/CPU s':>10} {'p50 ms':>8} {'p99 ms':>8} {'bytes a doc':>12}", flush=True)
    for name in options.on:
        with ExitStack() as stack:
            if name == "postgresql":
                server = stack.enter_context(postgres.served())
                urls = (server.url() for _ in options.sizes)
            else:
                folder = stack.enter_context(TemporaryDirectory(dir=options.folder))
                urls = (f"sqlite:///{folder}/{size}.db" for size in options.sizes)
            times = measured(name, urls, options.sizes)
            if times > options.bound:
                yield f"{name}: a look-up takes {times:.1f} times as long at the end as at the beginning"


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)
