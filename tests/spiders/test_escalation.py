"""When a page is rendered. What becomes of it then is told in tests/fetching/test_rendering.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse

from aggregator.fetching.pace import HostLeftAloneError
from aggregator.fetching.rendering import NoBrowserError, Render, RenderError, Rendering
from aggregator.seen import Seen, renderings
from aggregator.spiders.base import SiteSpider
from aggregator.spiders.escalation import Escalation

SITE = "http://www.dam-times.example"
SHELL = "<title>Dams</title><div id='root'></div><script src='/app.js'></script>"
jobs: list[Render] = []


class FakeBrowser:
    """Shows what a page holds in comments; crashes where there is none."""

    async def render(self, job: Render) -> HtmlResponse:
        jobs.append(job)
        if b"<!--" not in job.page.body:
            raise RenderError("rendering: the browser crashed")
        return job.page.replace(body=job.page.body.replace(b"<!--", b"").replace(b"-->", b""))

    async def close(self) -> None:
        pass


class FakeRendering(Rendering):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = FakeBrowser()  # type: ignore[assignment]


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [f"{SITE}/"]


MIDDLEWARES = {FakeRendering: 580, "aggregator.fetching.clock.ClockMiddleware": 950}
RENDER = {"RENDER": True, "DOWNLOADER_MIDDLEWARES": MIDDLEWARES}


@pytest.fixture(autouse=True)
def none_yet() -> None:
    jobs.clear()


def rendered() -> list[str]:
    return [job.page.url for job in jobs]


def test_a_page_that_keeps_its_contract_is_not_rendered(crawl: Any, dam_times: dict[str, str]) -> None:
    assert len(crawl(DamTimes, dam_times, RENDER).articles) == 3
    assert rendered() == []


def test_a_listing_without_a_link_is_rendered(crawl: Any, dam_times: dict[str, str]) -> None:
    dam_times[f"{SITE}/"] = f"{SHELL}<!--{dam_times[f'{SITE}/']}-->"
    outcome = crawl(DamTimes, dam_times, RENDER)
    assert (len(outcome.articles), rendered(), outcome.problems) == (3, [f"{SITE}/"], [])
    assert (jobs[0].gave, jobs[0].loads, jobs[0].site) == (0, 4, "dam-times.example")


def test_so_is_an_article_without_text(crawl: Any, dam_times: dict[str, str]) -> None:
    url = list(dam_times)[1]
    dam_times[url] = f"{SHELL}<!--{dam_times[url]}-->"
    outcome = crawl(DamTimes, dam_times, RENDER)
    assert rendered() == [url]
    assert "held through a week of rain" in outcome.articles[url].text


def test_one_whose_data_has_its_text_is_not(crawl: Any, dam_times: dict[str, str]) -> None:
    url = list(dam_times)[1]
    text = "The dam held through a week of rain that brought more water than last spring, the engineers said. " * 6
    data = json.dumps({"story": {"path": urlsplit(url).path, "content": text}})
    dam_times[url] = f"{SHELL}<script id=state type=application/json>{data}</script>"
    outcome = crawl(DamTimes, dam_times, RENDER)
    assert rendered() == []
    assert outcome.articles[url].text == text.strip()


def test_a_failed_rendering_is_the_fate_of_its_page_only(crawl: Any, dam_times: dict[str, str]) -> None:
    url = list(dam_times)[1]
    dam_times[url] = SHELL
    outcome = crawl(DamTimes, dam_times, RENDER)
    assert outcome.fates == {url: ("failed", "rendering: the browser crashed")}
    assert len(outcome.articles) == 2


def test_a_listing_that_could_not_be_rendered_is_read_as_it_is(crawl: Any, dam_times: dict[str, str]) -> None:
    dam_times[f"{SITE}/"] = dam_times[f"{SITE}/"].replace("<main>", f"{SHELL}<main>")
    outcome = crawl(DamTimes, dam_times, RENDER)
    assert (len(outcome.articles), rendered()) == (3, [f"{SITE}/"])


def test_a_site_with_nothing_else_says_why(crawl: Any) -> None:
    (said,) = crawl(DamTimes, {f"{SITE}/": SHELL}, RENDER).problems
    assert said == f"dam_times: no articles found ({SITE}/: rendering: the browser crashed)"


@pytest.mark.parametrize(
    ("error", "proves"),
    [(RenderError("crashed"), True), (NoBrowserError("none"), False), (HostLeftAloneError("HTTP 429", 429), False)],
)
def test_only_a_rendering_that_was_tried_proves_something(tmp_path: Path, error: Exception, proves: bool) -> None:
    arrived = {"fetched_at": datetime(2024, 5, 17, tzinfo=UTC)}
    page = HtmlResponse(f"{SITE}/dam", body=SHELL.encode(), request=Request(f"{SITE}/dam", meta=arrived))
    request = Request(f"{SITE}/dam", meta={"render": Render(page, "dam-times.example", 0)})
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    Escalation("auto", index, 0, None).failed(request, error, "dam_times", "article")
    assert (renderings.last(index, "dam_times", "article") is not None) == proves
    index.close()


@pytest.mark.parametrize(("mode", "times"), [("always", 4), ("never", 0)])
def test_a_site_can_say_always_or_never(crawl: Any, dam_times: dict[str, str], mode: str, times: int) -> None:
    pages = {url: f"{html}<!-- -->" for url, html in dam_times.items()}
    assert len(crawl(DamTimes, pages, RENDER, render=mode).articles) == 3
    assert len(jobs) == times


def test_another_word_is_refused(crawl: Any, dam_times: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="render must be one of auto, always, never, not 'sometimes'"):
        crawl(DamTimes, dam_times, RENDER, render="sometimes")


def test_what_was_in_vain_is_not_done_for_ever(crawl: Any) -> None:
    for _ in range(5):
        crawl(DamTimes, {f"{SITE}/": f"{SHELL}<!-- -->"}, RENDER)
    assert len(jobs) == 3


def test_a_setting_turns_it_off(crawl: Any) -> None:
    crawl(DamTimes, {f"{SITE}/": SHELL}, {**RENDER, "RENDER": False})
    assert jobs == []
