"""How the index bears its growth: the same measurements with 10,000, 100,000 and 1,000,000 invented documents in it.

    python tests/benchmarks/growth.py [--sizes 10000 100000 1000000] [--on sqlite postgresql] [--folder DIR]

Times are CPU times, the database server's included: a machine has other work too. A look-up is the query alone, the
shortest of PASSES; half of the documents are new, half are copies of some that have been in the index since its
beginning. Then there are documents that go the whole way: look-up, claim, commits of 64. Between the sizes the index
is filled in bulk: the rows are those of a commit, but fingerprints are drawn at random instead of being taken from
texts, and rows go in in the order in which they lie, which leaves tables a little denser than commits do.
Ends with 1 where a look-up at the largest size takes more than three times (--bound) as long as at the smallest.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, func, select

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import postgres  # noqa: E402

from aggregator.items import Article  # noqa: E402
from aggregator.seen import Seen  # noqa: E402
from aggregator.seen.fingerprints import LEAST, SAMPLED, Fingerprint  # noqa: E402
from aggregator.seen.identity import identity  # noqa: E402
from aggregator.seen.lookup import Entry, look_up  # noqa: E402
from aggregator.seen.tables import articles, claims  # noqa: E402
from aggregator.seen.texts import postings  # noqa: E402

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


def fill(seen: Seen, count: int, chance: np.random.Generator) -> None:
    for start in range(0, count, BATCH):
        with seen.reading() as connection:
            first = (connection.scalar(select(func.max(articles.c.number))) or 0) + 1
        numbers = range(first, first + min(BATCH, count - start))
        prints = [_drawn(chance) for _ in numbers]
        entries = [_entry(number, print_, chance) for number, print_ in zip(numbers, prints, strict=True)]
        keys = sorted((chance.bytes(16), number, kind) for number in numbers for kind in ("url", "text"))
        hashes = np.concatenate([print_.sketch().hashes.view(np.int32) for print_ in prints])
        holders = np.repeat(np.array(numbers, np.int32), [len(print_.sketch().hashes) for print_ in prints])
        order = np.lexsort((holders, hashes))
        with seen.writing() as connection:
            _load(connection, articles, entries)
            _load(connection, claims, keys)
            _load_pairs(connection, hashes[order], holders[order])
    with seen.reading() as connection:
        if connection.dialect.name == "postgresql":  # as it does by itself, a little later
            connection.exec_driver_sql("VACUUM ANALYZE")


def _entry(number: int, print_: Fingerprint, chance: np.random.Generator) -> tuple[Any, ...]:
    """A row of `articles`."""
    article = replace(TEMPLATE, id=chance.bytes(8).hex(), url=f"{TEMPLATE.url}{number}")
    entry = Entry.of(article, chance.bytes(24))._asdict()
    row = entry | {"number": number, "fingerprint": print_.packed()}
    return tuple(row[column.name] for column in articles.columns)


def _drawn(chance: np.random.Generator) -> Fingerprint:
    """The fingerprint of a text of 200 to 1000 words: as many of the lowest of that many random hashes."""
    grams = int(chance.integers(200, 1000))
    kept = max(LEAST, grams // SAMPLED)
    hashes = np.cumsum(1 + chance.exponential((1 << 32) / grams, kept)).astype(np.uint32)
    traits = chance.integers(0, 64, kept).astype(np.uint8)
    numbers = np.sort(chance.integers(0, 1 << 32, 8, np.uint32))
    return Fingerprint(hashes, traits, traits & np.uint8(3), int(hashes[-1]) + 1, numbers)


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


def _load_pairs(connection: Connection, hashes: np.ndarray, holders: np.ndarray) -> None:
    if connection.dialect.name == "sqlite":
        _load(connection, postings, zip(hashes.tolist(), holders.tolist(), strict=True))
        return
    form = [("fields", ">i2"), ("size", ">i4"), ("hash", ">i4"), ("size_too", ">i4"), ("text", ">i4")]
    rows = np.empty(len(hashes), form)
    for name, values in (("fields", 2), ("size", 4), ("hash", hashes), ("size_too", 4), ("text", holders)):
        rows[name] = values
    with connection.connection.cursor().copy("COPY postings FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")


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


def look_ups(seen: Seen, documents: Sequence[Article]) -> tuple[float, float]:
    """Milliseconds that half of the look-ups stay below, and 99 in 100."""
    served_by, passes = servers(seen), []
    asked = [(identity(article), Fingerprint.of(article.text or "")) for article in documents]
    with seen.reading() as connection:
        for _ in range(PASSES):
            passes += [[cpu_seconds(partial(look_up, connection, *one), served_by) for one in asked]]
    taken = 1000 * np.min(passes, axis=0)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 99))


def size_of(seen: Seen, file: Path) -> int:
    """Bytes on disk."""
    with seen.reading() as connection:
        if connection.dialect.name == "postgresql":
            tables = "pg_class c JOIN pg_namespace n ON n.oid = relnamespace AND nspname = current_schema()"
            size = f"SELECT sum(pg_total_relation_size(c.oid)) FROM {tables} WHERE relkind = 'r'"
            return int(connection.exec_driver_sql(size).scalar_one())
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.stat().st_size


def grown(name: str, seen: Seen, file: Path, sizes: Sequence[int], tell: Callable[[str], None]) -> float:
    """Measures at each size, and returns how many times as long a look-up takes at the last one as at the first."""
    chance = np.random.default_rng(1)
    measured = min(MEASURED, sizes[0] // 4)
    originals, new = range(measured), iter(range(1_000_000_000, 2_000_000_000))
    enter(seen, map(document, originals))
    there, medians = measured, []
    for size in sizes:
        fill(seen, size - there - measured, chance)
        whole = [document(next(new)) for _ in range(measured)]
        used = cpu_seconds(partial(enter, seen, whole), servers(seen))
        there = size
        asked = [document(number, words=150) for number in originals[::2]] + [
            document(next(new)) for _ in originals[::2]
        ]
        random.Random(1).shuffle(asked)
        median, worst = look_ups(seen, asked)
        medians.append(median)
        tell(
            f"{name:10} {size:>9,} {measured / used:>10,.0f} {median:>8.2f} {worst:>8.2f}"
            f" {size_of(seen, file) / size:>12,.0f}"
        )
    return medians[-1] / medians[0]


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
            file = Path(stack.enter_context(TemporaryDirectory(dir=options.folder))) / "seen.db"
            url = stack.enter_context(postgres.served()).url() if name == "postgresql" else f"sqlite:///{file}"
            seen = Seen(url)
            stack.callback(seen.close)
            times = grown(name, seen, file, options.sizes, lambda line: print(line, flush=True))
            if times > options.bound:
                yield f"{name}: a look-up takes {times:.1f} times as long at the end as at the beginning"


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)
