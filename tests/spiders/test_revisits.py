from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from aggregator.seen import Seen
from aggregator.seen.visits import Fate
from aggregator.spiders.base import SiteSpider
from aggregator.spiders.revisits import Revisits

NOON = datetime.fromisoformat("2024-05-17T12:00:00+00:00")
SITE = "dam_times"
HOST = "http://www.dam-times.example"
STORY = f"{HOST}/2024/05/17/dam-holds-after-a-week-of-rain"


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    yield index
    index.close()


def enter(seen: Seen, fate: str, hours_ago: float, url: str = STORY, reason: str = "") -> None:
    at = NOON - timedelta(hours=hours_ago)
    seen.commit([], {}, [Fate(url, SITE, f"{HOST}/", fate, reason, at, said={"title": "Dam news"})])


def refused(seen: Seen, url: str) -> bool:
    visit = seen.met(url).visit
    return visit is not None and revisits(seen).refuses(visit)


def revisits(seen: Seen, **settings: Any) -> Revisits:
    return Revisits(seen, Settings({"REVISIT_HOURS": [1, 6], "RETRY_HOURS": [2]} | settings), lambda: NOON)


@pytest.mark.parametrize(
    ("fate", "hours_ago", "due"),
    [("written", 0.5, False), ("written", 1.5, True), ("unchanged", 1.5, True), ("failed", 1.5, False),
     ("failed", 2.5, True), ("not_article", 2.5, True), ("failed", 60, False)],
)  # fmt: skip
def test_stories_and_others_are_due_by_their_own_plan(seen: Seen, fate: str, hours_ago: float, due: bool) -> None:
    enter(seen, fate, hours_ago)
    assert [found.url for found in revisits(seen).due(SITE)] == [STORY] * due


def test_plans_can_be_switched_off(seen: Seen) -> None:
    enter(seen, "written", 3)
    enter(seen, "failed", 3, f"{STORY}-and-more")
    assert len(revisits(seen).due(SITE)) == 2
    assert revisits(seen, REVISIT_HOURS=[], RETRY_HOURS="").due(SITE) == []


@pytest.mark.parametrize(
    ("fate", "hours_ago", "is_refused"),
    [("rejected", 1, True), ("rejected", 3, False), ("blocked", 1, True), ("written", 1, False)],
)
def test_what_gave_no_article_is_refused_until_it_is_due(
    seen: Seen, fate: str, hours_ago: float, is_refused: bool
) -> None:
    enter(seen, fate, hours_ago)
    assert refused(seen, STORY) == is_refused


def test_what_was_tried_to_the_end_of_its_plan_is_left_alone(seen: Seen) -> None:
    enter(seen, "rejected", 100)
    assert not refused(seen, STORY)
    enter(seen, "rejected", 10)
    assert refused(seen, STORY)
    assert not refused(seen, f"{HOST}/never-met")


class DamTimes(SiteSpider):
    name = SITE
    start_urls = [f"{HOST}/"]


def test_a_story_is_fetched_again_although_no_page_names_it(crawl: Any, dam_times: dict[str, str], seen: Seen) -> None:
    dropped = f"{HOST}/2024/05/16/the-dam-that-was-news-yesterday"
    enter(seen, "written", 1.5, dropped)
    outcome = crawl(DamTimes, dam_times | {dropped: dam_times[STORY]})
    assert dropped in outcome.articles
    assert (outcome.found[dropped].listing, outcome.found[dropped].title) == (f"{HOST}/", "Dam news")


def test_a_refusal_is_told_again_without_a_fetch(crawl: Any, dam_times: dict[str, str], seen: Seen) -> None:
    enter(seen, "rejected", 0.5, reason="no text")
    outcome = crawl(DamTimes, dam_times)
    assert outcome.fates == {STORY: ("rejected", "no text")}
    assert STORY not in outcome.fetched
