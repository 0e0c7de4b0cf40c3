"""Near copies in the index: candidates, common 5-grams, texts in flight, texts that are too old."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from aggregator.items import Article
from aggregator.seen import Seen, texts
from aggregator.seen.texts import COMMON

Make = Callable[..., Article]
Prose = Callable[..., str]


@pytest.fixture
def seen(index_url: str) -> Iterator[Seen]:
    index = Seen(index_url)
    yield index
    index.close()


@pytest.fixture
def enter(seen: Seen, article: Make) -> Callable[..., None]:
    """`enter(texts by article number)` as a writer does with safe lines."""

    def commit(said: dict[int, str], **values: str) -> None:
        seen.commit([article(n, text=text, **values) for n, text in said.items()], {})

    return commit


@pytest.fixture
def found(seen: Seen, article: Make) -> Callable[[str], str | None]:
    """`found(text)`: the title of the article whose text is like it."""

    def look_up(text: str) -> str | None:
        match = seen.match(article(999_999, text=text))
        return match and match.article.url.rpartition("-")[2]

    return look_up


def test_a_copy_is_found_among_others_and_a_new_text_is_not(
    enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose
) -> None:
    enter({seed: prose(seed, 300) for seed in range(20)})
    assert found("A new beginning. " + prose(7, 300)) == "7"
    assert found(prose(99, 300)) is None


def test_a_text_in_flight_is_found_until_it_has_landed_and_then_too(seen: Seen, article: Make, prose: Prose) -> None:
    first, cut = article(1, text=prose(1, 300)), article(2, text=prose(1, 200))
    assert seen.match(cut) is None
    seen.claim(first)
    flying = seen.match(cut)
    seen.commit([first], {})
    landed = seen.match(cut)
    assert flying
    assert landed
    assert (flying.article.id, flying.by, flying.inside) == (first.id, "near", 1.0)
    assert landed == flying


def test_a_long_text_is_found_by_a_part_and_a_part_by_the_whole(
    enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose
) -> None:
    whole = prose(1, 5000)
    enter({1: whole, 2: prose(2, 5000)[:7000]})
    assert found(whole[: len(whole) // 4]) == "1"
    assert found(prose(2, 5000)) == "2"


@pytest.mark.parametrize(("holders", "is_copy"), [(COMMON - 1, True), (2 * COMMON, False)])
def test_what_stands_in_so_many_texts_makes_no_copy(
    enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose, holders: int, is_copy: bool
) -> None:
    standing = prose(999, 300)
    for n in range(holders):
        enter({n: f"{prose(n, 20)} {standing}"})
    assert bool(found(f"{prose(500, 20)} {standing}")) == is_copy


def test_a_copy_is_found_among_many_texts_that_have_its_frame(
    enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose
) -> None:
    frame = prose(999, 60)
    for n in range(COMMON):
        enter({n: f"{prose(n, 150)} {frame}"})
    assert found(f"{prose(3, 140)} {frame}") == "3"
    assert found(f"{prose(500, 140)} {frame}") is None


def test_a_revision_takes_the_place_of_the_text_before(
    enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose
) -> None:
    enter({1: prose(1, 300)})
    enter({1: prose(2, 300)}, revision=2)
    assert [found(prose(seed, 250)) for seed in (1, 2)] == [None, "1"]


def test_old_texts_go_in_batches_with_all_that_was_entered_of_them(
    seen: Seen, enter: Callable[..., None], found: Callable[[str], str | None], prose: Prose
) -> None:
    enter({n: prose(n, 200) for n in range(5)}, fetched_at="1970-01-11T00:00:00+00:00")
    enter({n: prose(n, 200) for n in range(5, 8)}, fetched_at="1970-02-09T00:00:00+00:00")
    with seen.writing() as connection:
        assert [texts.prune(connection, 39, 3) for _ in range(3)] == [3, 2, 0]
    assert [bool(found(prose(n, 150))) for n in (0, 4, 5, 7)] == [False, False, True, True]
    with seen.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(texts.texts)) == 3
