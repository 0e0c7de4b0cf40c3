"""What a host that wants to be asked less often is asked, measured at its server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from time import monotonic, sleep
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from aggregator.commands.replay import articles_in
from aggregator.fetching.failures import fate
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.fetching.pace import wanted

A, B = "http://a.example/", "http://b.example/"
NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
BUSY = Saved(503)


class Hosts(Loopback):
    """Keeps a list of what it was asked. `answers` come first, each once; then there is a page at any address."""

    def __init__(self) -> None:
        super().__init__({})
        self.asked: list[tuple[float, str, int]] = []  # moment, URL, status
        self.answers: dict[str, list[Saved]] = {}  # by the beginning of a URL
        self.greeted = False  # was asked for a robots.txt
        self.takes = 0.0  # seconds for an answer

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        if url.endswith("/robots.txt"):
            self.greeted = True
            return super().answer(url, headers)
        waiting = next((them for start, them in self.answers.items() if them and url.startswith(start)), None)
        saved = waiting.pop(0) if waiting else self.pages.get(url, Saved())
        self.asked.append((monotonic(), url, saved.status))
        sleep(self.takes)
        return saved

    def gaps(self, start: str) -> list[float]:
        """Seconds between the requests for URLs that begin so."""
        return [after - before for before, after in pairwise(at for at, url, _ in self.asked if url.startswith(start))]


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with Hosts() as server, server.as_proxy():
        yield server


class Asker(Spider):
    """Asks for pages and for what they name, and notes what came of each: its status, or a fate."""

    name = "asker"
    urls: Sequence[str] = ()

    async def start(self) -> AsyncIterator[Request]:
        self.outcome: dict[str, int | tuple[str, str]] = {}
        for url in self.urls:
            yield self.request(url)

    def request(self, url: str) -> Request:
        return Request(url, errback=self.failed, cb_kwargs={"asked": url}, meta={"asked": url})

    def parse(self, response: Response, asked: str) -> Iterator[Request]:
        self.outcome[asked] = response.status
        yield from map(self.request, response.body.decode().split())

    def failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self.outcome[request.meta["asked"]] = fate(failure.value)


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """`ask(urls, **settings)`: what came of each URL."""

    def run(urls: Sequence[str], **own: Any) -> dict[str, Any]:
        settings = Settings()
        settings.setmodule("aggregator.settings")
        handler = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"  # it needs no reactor
        offline = {
            "DOWNLOAD_HANDLERS": {"http": handler, **dict.fromkeys(("https", "file", "data", "ftp", "s3"))},
            "TWISTED_REACTOR_ENABLED": False,
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {},
            "SEEN_URL": f"sqlite:///{tmp_path}/seen.db",
        }
        quick = {"DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0, "BACKOFF_SECONDS": 0.1}
        settings.setdict(offline | quick | own, "cmdline")
        crawler = Crawler(Asker, settings)
        asyncio.run(crawler.crawl_async(urls=urls))
        outcome: dict[str, Any] = crawler.spider.outcome  # type: ignore[union-attr]
        return outcome

    return run


def stories(host: str, count: int = 10) -> list[str]:
    return [f"{host}{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120.0),
        (" 0.5 ", 0.5),
        ("Fri, 17 May 2024 12:02:00 GMT", 120.0),
        ("Friday, 17-May-24 12:02:00 GMT", 120.0),
        ("Fri May 17 12:02:00 2024", 120.0),
        ("Fri, 17 May 2024 11:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("9" * 400, 0.0),
        ("Fri, 17 May 2024 12:02:00 +" + "9" * 40, 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(retry_after: str, seconds: float) -> None:
    assert wanted(retry_after, NOON) == seconds


def test_a_busy_host_rests_while_others_go_on(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [BUSY, BUSY]}  # the second one was asked for before the first answer
    outcome = ask(stories(A, 20) + stories(B, 20), BACKOFF_SECONDS=0.4, CONCURRENT_REQUESTS=8)
    refused, _, then, *_ = (at for at, url, _ in hosts.asked if url.startswith(A))
    assert then - refused >= 0.4
    assert [url for at, url, _ in hosts.asked if url.startswith(B) and refused < at < then]
    assert set(outcome.values()) == {200}


def test_what_waits_for_one_host_takes_no_place_from_another(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [BUSY, BUSY]}
    hosts.pages = {f"{B}{number}": Saved(content=f"{B}{number + 1}".encode()) for number in range(4)}
    ask([f"{B}0", *stories(A, 20)], BACKOFF_SECONDS=0.5, CONCURRENT_REQUESTS=4)
    _, _, then, *_ = (at for at, url, _ in hosts.asked if url.startswith(A))
    assert len([url for at, url, _ in hosts.asked if url.startswith(B) and at < then]) == 5


def test_a_rest_that_did_not_help_is_followed_by_one_twice_as_long(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [BUSY, BUSY, BUSY, Saved(404), BUSY]}
    ask(stories(A), CONCURRENT_REQUESTS_PER_DOMAIN=1)
    first, second, third, _, afresh, *_ = hosts.gaps(A)
    assert (first >= 0.1, second >= 0.2, third >= 0.4, 0.1 <= afresh < 0.7) == (True, True, True, True)


def test_a_longer_rest_is_kept_where_it_is_asked_for(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [Saved(429, {"Retry-After": "0.3"})]}
    ask(stories(A), CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert hosts.gaps(A)[0] >= 0.3


def test_the_servers_own_clock_tells_how_long_it_is_until_a_date(hosts: Hosts, ask: Ask) -> None:
    date, later = (f"{NOON + timedelta(seconds=s):%a, %d %b %Y %H:%M:%S} GMT" for s in (0, 3600))
    hosts.answers = {A: [Saved(503, {"Retry-After": later, "Date": date})] * 2}
    outcome = ask(stories(A))
    reason = "not finished: HTTP 503, and no more requests wanted for 3600 s"
    assert set(outcome.values()) <= {("failed", reason), 200}
    assert ("failed", reason) in outcome.values()


def test_a_host_that_never_answers_is_given_up_before_all_is_tried(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [BUSY] * 100}
    outcome = ask(stories(A), MAX_BACKOFF_SECONDS=0.3)
    assert len(hosts.asked) <= 6
    assert len(outcome) == 10
    assert 200 not in outcome.values()


def test_without_back_off_nobody_waits(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [Saved(429, {"Retry-After": "3600"})] * 30}
    assert set(ask(stories(A), BACKOFF_SECONDS=0).values()) == {("blocked", "HTTP 429")}


def test_a_crawl_that_ends_does_not_wait_for_a_rest(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [BUSY] * 100}
    began = monotonic()
    ask(stories(A), BACKOFF_SECONDS=60, CLOSESPIDER_TIMEOUT=0.5)
    assert monotonic() - began < 20


def crawl_delay(seconds: float) -> Saved:
    return Saved(200, {"Content-Type": "text/plain"}, f"User-agent: *\nCrawl-delay: {seconds}".encode())


def test_a_crawl_that_ends_does_not_wait_for_a_crawl_delay(hosts: Hosts, ask: Ask) -> None:
    hosts.pages = {f"{A}robots.txt": crawl_delay(60)}
    began = monotonic()
    outcome = ask(stories(A, 4), CLOSESPIDER_TIMEOUT=0.5)
    assert monotonic() - began < 10
    assert set(outcome.values()) == {("failed", "not finished: the crawl was stopped")}


def test_after_a_429_a_host_is_asked_half_as_often(hosts: Hosts, ask: Ask) -> None:
    hosts.answers = {A: [Saved(429)]}
    ask(stories(A), DOWNLOAD_DELAY=0.04)
    assert fmean(hosts.gaps(A)[2:]) > 0.07


def test_a_slow_host_is_asked_as_seldom_as_it_answers(hosts: Hosts, ask: Ask) -> None:
    hosts.takes = 0.15
    ask(stories(A))
    assert hosts.gaps(A)[-1] > 0.1


def test_a_redirect_to_another_host_is_asked_for_at_that_hosts_pace(hosts: Hosts, ask: Ask) -> None:
    hosts.pages = {f"{B}robots.txt": crawl_delay(0.2)}
    hosts.pages |= {url: Saved(302, {"Location": url.replace(A, B)}) for url in stories(A)[:4]}
    ask(stories(A)[:4])
    assert len(hosts.gaps(B)) == 3
    assert min(hosts.gaps(B)) > 0.18
    assert min(hosts.gaps(A)) < 0.18


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_what_a_host_does_not_give_for_long_is_the_next_runs(
    hosts: Hosts, scrapy: Any, dam_times: dict[str, str], tmp_path: Path
) -> None:
    hosts.pages = {url: Saved(200, HTML, html.encode()) for url, html in dam_times.items()}
    site, *_ = dam_times
    arguments = ("crawl", "news", "-a", f"url={site}", "-s", "DOWNLOAD_DELAY=0.001")
    hosts.answers = {f"{site}2024/": [Saved(429, {"Retry-After": "3600"})]}

    scrapy(*arguments)
    (report,) = tmp_path.glob("data/*/*/*/run.json")
    reason = "HTTP 429, and no more requests wanted for 3600 s"
    warning = f"www.dam-times.example: {reason}: what is left of it is the next run's"
    assert json.loads(report.read_text("utf-8"))["warnings"] == [warning]
    fates = [json.loads(line) for line in report.with_name("fates.jsonl").read_text("utf-8").splitlines()]
    assert (f"not finished: {reason}", "blocked") in {(one["reason"], one["fate"]) for one in fates}

    scrapy(*arguments)
    lines = articles_in(tmp_path / "data")
    assert sorted(line["url"] for line in lines) == sorted(dam_times)[1:]


def test_a_crawl_that_is_stopped_by_a_signal_leaves_what_waits_to_the_next_run(
    hosts: Hosts, scrapy: Any, dam_times: dict[str, str], tmp_path: Path
) -> None:
    hosts.pages = {url: Saved(200, HTML, html.encode()) for url, html in dam_times.items()}
    site, *_ = dam_times
    arguments = ("crawl", "news", "-a", f"url={site}", "-s", "DOWNLOAD_DELAY=0.001", "-s", "GROUP_COMMIT_SECONDS=0.01")
    hosts.pages[f"{site}robots.txt"] = crawl_delay(60)
    environment = {"SCRAPY_SETTINGS_MODULE": "aggregator.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "scrapy", *arguments]
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    ends = monotonic() + 30
    while not hosts.greeted:
        assert monotonic() < ends
        sleep(0.01)
    process.terminate()
    process.wait(10)

    scrapy(*arguments, "-s", "MAX_CRAWL_DELAY=0.001")
    assert sorted(line["url"] for line in articles_in(tmp_path / "data")) == sorted(dam_times)[1:]
