from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from aggregator.items import Article
from aggregator.output import UNFINISHED
from aggregator.seen import Seen, visits
from aggregator.seen.visits import Fate

NOON = datetime.fromisoformat("2024-05-17T12:00:00+00:00")
PLAN = (1.0, 6.0)


@pytest.fixture
def seen(index_url: str) -> Iterator[Seen]:
    index = Seen(index_url)
    yield index
    index.close()


def fate(n: int = 1, hours: float = 0, fate: str = "failed", reason: str = "HTTP 500", fetched: bool = True) -> Fate:
    at = NOON + timedelta(hours=hours)
    return Fate(f"https://a.example/{n}", "a.example", "https://a.example/", fate, reason, at, fetched=fetched)


def test_the_last_fetch_counts_and_the_first_is_kept(seen: Seen) -> None:
    seen.commit([], {}, [fate(), fate(2), fate(hours=1, fate="written", reason="revision 1")])
    seen.commit([], {}, [fate(2, hours=3)])
    one, two = seen.met("https://a.example/1").visit, seen.met("https://a.example/2").visit
    assert one
    assert two
    assert (one.fate, one.reason, one.last - one.first) == ("written", "revision 1", 3600)
    assert two.last - two.first == 3 * 3600


def test_what_was_only_met_again_was_not_fetched(seen: Seen) -> None:
    seen.commit([], {}, [fate(), fate(hours=2, fetched=False), fate(2, fetched=False)])
    one = seen.met("https://a.example/1").visit
    assert one
    assert one.first == one.last
    assert seen.met("https://a.example/2").visit is None


def test_a_sites_urls_are_told_from_a_moment_on(seen: Seen) -> None:
    seen.commit([], {}, [fate(3, hours=2), fate(1), fate(2, hours=1)])
    assert [visit.found.url[-1] for visit in visits.since(seen, "a.example", NOON + timedelta(hours=1))] == ["2", "3"]
    assert visits.since(seen, "b.example", NOON) == []


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [(0, 0.9, False), (0, 1, True), (0, 5, True), (1, 5, False), (1, 6, True), (3, 6, True), (6, 9, False)],
)
def test_a_fetch_is_due_by_the_hours_since_the_first(seen: Seen, last: float, now: float, due: bool) -> None:
    seen.commit([], {}, [fate(), fate(hours=last)])
    visit = seen.met("https://a.example/1").visit
    assert visit
    assert visit.is_due(PLAN, NOON + timedelta(hours=now)) == due
    assert not visit.is_due((), NOON + timedelta(hours=now))


def test_what_the_run_did_not_come_to_is_due_at_once(seen: Seen) -> None:
    seen.commit([], {}, [fate(reason=UNFINISHED)])
    visit = seen.met("https://a.example/1").visit
    assert visit
    assert visit.is_due((), NOON)


def test_stories_are_forgotten_after_a_while_as_their_lines_are_known(seen: Seen) -> None:
    seen.commit([], {}, [fate(1, fate="written"), fate(2)])
    seen.commit([], {}, [fate(3, hours=100 * 24)])
    assert seen.met("https://a.example/1").visit is None
    assert seen.met("https://a.example/2").visit


def test_a_page_is_looked_up_in_one_query(seen: Seen, article: Callable[..., Article]) -> None:
    seen.commit([article(1)], {}, [fate(2)])
    statements: list[str] = []
    sa.event.listen(seen._engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
    assert seen.met(article(1).url) == (True, None)
    known, visit = seen.met("https://a.example/2")
    assert visit
    assert (known, visit.reason) == (False, "HTTP 500")
    assert len(statements) == 2
