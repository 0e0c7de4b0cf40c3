from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.discovery.window import Window, appeared
from aggregator.items import Found

SPRING = Window.parse("2024-03-01", "2024-06-01")


def found(path: str, **said: str) -> Found:
    return Found(f"https://dam-times.example{path}", "dam_times", "", **said)


@pytest.mark.parametrize(
    ("one", "day"),
    [
        (found("/2024/05/17/dam"), (2024, 5, 17)),
        (found("/2024-05-17/dam"), (2024, 5, 17)),
        (found("/20240517-dam"), (2024, 5, 17)),
        (found("/2024/02/dam"), (2024, 2, 29)),
        (found("/2024/02/31/dam"), (2024, 2, 29)),
        (found("/2024/05/17/dam", modified="2024-09-01"), (2024, 5, 17)),
        (found("/dam", published="2024-05-17", modified="2024-09-01"), (2024, 5, 17)),
        (found("/dam-20249917-x", published="last week"), None),
    ],
)
def test_when_a_story_appeared(one: Found, day: tuple[int, int, int] | None) -> None:
    assert appeared(one) == (datetime(*day, tzinfo=UTC) if day else None)


@pytest.mark.parametrize(
    ("path", "held"),
    [("/2024/04/02/dam", True), ("/dam", True), ("/2024/02/02/dam", False), ("/2024/07/02/dam", False)],
)
def test_what_may_lie_in_the_window(path: str, held: bool) -> None:
    assert SPRING.may_hold(found(path)) == held


@pytest.mark.parametrize(
    ("path", "asked"),
    [("/2024/03/", True), ("/2024/05", True), ("/?m=202404", True), ("/2024/01/", False), ("/2024/08/", False),
     ("/2024/04/dam/", False)],
)  # fmt: skip
def test_the_archives_of_its_months(path: str, asked: bool) -> None:
    assert SPRING.is_month(f"https://dam-times.example{path}") == asked


def test_a_page_before_it_may_show_new_stories_beside() -> None:
    old = [found(f"/2024/01/0{n}/dam") for n in range(1, 6)]
    assert SPRING.ends_after([found("/2024/07/02/popular"), *old])
    assert not SPRING.ends_after([found("/2024/04/02/dam"), found("/dam")])
    assert not SPRING.ends_after([found("/dam")])


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("spring", "", "since=spring is no day"),
        ("0001-01-01", "", "since=0001-01-01 is no day"),
        ("2024-03-01", "9999-12-31", "until=9999-12-31 is no day"),
        ("2024-03-01", "2024-02-01", "until=2024-02-01 is not after since=2024-03-01"),
    ],
)
def test_nonsense_is_refused_in_one_line(since: str, until: str, words: str) -> None:
    with pytest.raises(ValueError, match=rf"^{words}[^\n]*$"):
        Window.parse(since, until)
