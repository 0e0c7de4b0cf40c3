"""The SQL of near copies: candidates, common 5-grams, texts in flight."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from aggregator.seen import texts
from aggregator.seen.fingerprints import Fingerprint
from aggregator.seen.tables import connect
from aggregator.seen.texts import COMMON, InFlight, Text, find, put

Prose = Callable[..., str]


@pytest.fixture
def connection(index_url: str) -> Iterator[Connection]:
    engine = connect(index_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def entered(connection: Connection, *said: str, day: int = 1) -> None:
    put(connection, [Text(f"{text[:20]} {len(text)}", day, Fingerprint.of(text)) for text in said])


def found(connection: Connection, text: str, flying: InFlight | None = None) -> str | None:
    near = find(connection, Fingerprint.of(text), flying or InFlight())
    return near and near.article


def test_a_copy_is_found_among_others_and_a_new_text_is_not(connection: Connection, prose: Prose) -> None:
    entered(connection, *(prose(seed, 300) for seed in range(20)))
    assert found(connection, "A new beginning. " + prose(7, 300)) == f"{prose(7)[:20]} {len(prose(7, 300))}"
    assert found(connection, prose(99, 300)) is None


def test_a_text_in_flight_is_found_until_it_has_landed(connection: Connection, prose: Prose) -> None:
    flying = InFlight()
    flying.add("first", Fingerprint.of(prose(1, 300)))
    assert found(connection, prose(1, 200), flying) == "first"
    flying.discard("first")
    assert found(connection, prose(1, 200), flying) is None


def test_a_long_text_is_found_by_a_part_and_a_part_by_the_whole(connection: Connection, prose: Prose) -> None:
    whole, part = prose(1, 5000), prose(2, 5000)[:7000]
    entered(connection, whole, part)
    assert found(connection, whole[: len(whole) // 4])
    assert found(connection, prose(2, 5000))


def test_the_look_up_is_one_query_with_all_hashes_in_one_parameter(connection: Connection, prose: Prose) -> None:
    entered(connection, prose(1, 300))
    statements: list[str] = []
    sa.event.listen(connection, "before_cursor_execute", lambda *event: statements.append(event[2]))
    assert found(connection, prose(1, 250))
    assert len(statements) == 1


def test_what_stands_in_many_texts_makes_no_copy_and_is_entered_no_more(connection: Connection, prose: Prose) -> None:
    standing = prose(999, 150)
    for seed in range(COMMON + 5):
        entered(connection, f"{prose(seed, 40)} {standing}")
    assert found(connection, f"{prose(500, 40)} {standing}") is None
    most = sa.select(sa.func.count(texts.postings.c.text)).group_by(texts.postings.c.hash)
    assert max(connection.scalars(most)) == COMMON


def test_a_revision_takes_the_place_of_the_text_before(connection: Connection, prose: Prose) -> None:
    put(connection, [Text("a", 1, Fingerprint.of(prose(1, 300)))])
    put(connection, [Text("a", 2, Fingerprint.of(prose(2, 300)))])
    assert [found(connection, prose(seed, 300)) for seed in (1, 2)] == [None, "a"]
    assert connection.scalar(sa.select(sa.func.count(texts.texts.c.number))) == 1


def test_old_texts_go_in_batches_with_all_that_was_entered_of_them(connection: Connection, prose: Prose) -> None:
    entered(connection, *(prose(seed, 200) for seed in range(5)), day=10)
    entered(connection, *(prose(seed, 200) for seed in range(5, 8)), day=40)
    assert [texts.prune(connection, 40, 3) for _ in range(3)] == [3, 2, 0]
    assert [bool(found(connection, prose(seed, 200))) for seed in (0, 4, 5, 7)] == [False, False, True, True]
    left = sa.select(sa.func.count(sa.distinct(texts.postings.c.text)))
    assert connection.scalar(left) == 3
