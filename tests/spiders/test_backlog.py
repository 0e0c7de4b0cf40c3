"""Article URLs without a fate outlive the run that found them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aggregator.items import Found
from aggregator.seen import Seen, unfinished
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
LOST = f"{HOST}/2024/05/17/dam-holds-after-a-week-of-rain"


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [f"{HOST}/"]


@pytest.fixture
def index(tmp_path: Path) -> Seen:
    """The one that `crawl` uses."""
    return Seen(f"sqlite:///{tmp_path}/seen.db")


def left_by_a_killed_run(index: Seen, walk: str = "") -> None:
    found = Found(LOST, "dam_times", f"{HOST}/", [f"feed:{HOST}/feed.xml"], title="Dam holds, for now")
    unfinished.add(index, walk, [found])


def test_what_a_killed_run_left_is_fetched_first_with_what_was_said_of_it(
    crawl: Any, dam_times: dict[str, str], index: Seen
) -> None:
    left_by_a_killed_run(index)
    front = dam_times[f"{HOST}/"].replace(LOST.removeprefix(HOST), "/about")
    outcome = crawl(DamTimes, dam_times | {f"{HOST}/": front})
    assert next(url for url in outcome.fetched if "/2024/" in url) == LOST
    assert outcome.found[LOST].title == "Dam holds, for now"


def test_what_has_its_fate_is_struck_off(crawl: Any, dam_times: dict[str, str], index: Seen) -> None:
    left_by_a_killed_run(index)
    outcome = crawl(DamTimes, dam_times | {LOST: (404, {}, "gone")})
    assert outcome.fates == {LOST: ("failed", "HTTP 404")}
    assert unfinished.left(index, "dam_times", "") == []


def test_urls_are_kept_from_the_moment_they_are_found(
    crawl: Any, dam_times: dict[str, str], index: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "done", lambda seen, found: None)  # as if it were killed before
    crawl(DamTimes, dam_times)
    assert len(unfinished.left(index, "dam_times", "")) == 3


def test_a_back_fill_leaves_its_own(crawl: Any, dam_times: dict[str, str], index: Seen) -> None:
    left_by_a_killed_run(index, "2024-01-01T00:00:00+00:00/")
    front = dam_times[f"{HOST}/"].replace(LOST.removeprefix(HOST), "/about")
    pages = dam_times | {f"{HOST}/": front}
    assert LOST not in crawl(DamTimes, pages).fetched
    assert LOST in crawl(DamTimes, pages, since="2024-01-01").fetched
