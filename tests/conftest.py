"""What tests of several folders share: articles to order, crawls without a network, `scrapy` as a person runs it."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import hypothesis
import pytest
from postgres import Postgres, served
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from aggregator.fetching.replay import SETTINGS
from aggregator.items import Article, Found
from aggregator.signals import article_discovered, article_settled, problem, warning

NOW = "2024-05-17T12:00:00+00:00"

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("patient")


@dataclass
class Outcome:
    articles: dict[str, Article] = field(default_factory=dict)  # by URL
    fates: dict[str, tuple[str, str]] = field(default_factory=dict)  # of URLs that became no item
    found: dict[str, Found] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)  # host -> seconds between two requests
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


DAM_TIMES = "http://www.dam-times.example"
STORIES = {
    "dam-holds-after-a-week-of-rain": [
        "The dam above Ostermoor held through a week of rain that brought more water than all of last spring did.",
        "Engineers opened two of the four gates on Tuesday, when the lake stood eleven centimetres below the crest.",
        "“It did what it was built for, and it has earned a coat of paint,” said Ilse Brandt of the valley authority.",
        "The road below stays closed until Friday, because a landslip has taken the barrier and half a lane with it.",
    ],
    "council-votes-to-raise-the-dam": [
        "The council voted nine to four on Monday to raise the dam by two metres, its first change in sixty years.",
        "Opponents had asked for a survey of the mine below the eastern shore, which nobody has entered since 1971.",
        "Work is to begin in March and will take two summers; the bathing place at Brennick has to move for it.",
        "Money comes from the province, three quarters as a grant, the rest as a loan to be repaid by the year 2046.",
    ],
    "who-pays-for-the-new-spillway-gates": [
        "Four new spillway gates will cost twelve million crowns, and every village thinks another one should pay.",
        "Keldar argues that it lies upstream and has nothing to gain, while Saint Orla points out it has no dam.",
        "The mayor of Ostermoor offers a third of the sum on condition that the gates are painted in its colours.",
        "A judge will hear all five villages in June, in the only hall that is large enough: that of Ostermoor.",
    ],
}


@pytest.fixture
def dam_times() -> dict[str, str]:
    """A news site of four pages, HTML by URL: the front page, then three stories."""
    links = "".join(f'<h3><a href="/2024/05/17/{slug}">{_title(slug)}</a></h3>' for slug in STORIES)
    pages = {f"{DAM_TIMES}/": f"<html><title>Dam Times</title><body><main>{links}</main></body></html>"}
    for slug, paragraphs in STORIES.items():
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        story = f"<article><h1>{_title(slug)}</h1>{text}</article>"
        pages[f"{DAM_TIMES}/2024/05/17/{slug}"] = (
            f'<html lang="en"><title>{_title(slug)}</title><body>{story}</body></html>'
        )
    return pages


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


Crawl = Callable[..., Outcome]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """`crawl(spider class, {url: html or (status, headers, text)}, settings, **arguments)`, without pipelines."""

    def run(spider: type[Spider], pages: dict[str, Any], own: dict[str, Any] | None = None, **spargs: Any) -> Outcome:
        _save(tmp_path, pages)
        settings = Settings()
        settings.setmodule("aggregator.settings")
        settings.setdict(SETTINGS | {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "RETRY_ENABLED": False}, "cmdline")
        settings.setdict(
            {"REPLAY": str(tmp_path), "CLOCK": NOW, "SEEN_URL": f"sqlite:///{tmp_path}/seen.db"}, "cmdline"
        )
        settings.setdict(own or {}, "cmdline")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(spider)
        outcome = Outcome()
        _listen(crawler, outcome)
        task = process.crawl(crawler, **spargs)
        process.start(install_signal_handlers=False)
        task.result()
        return outcome

    return run


Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    """`scrapy(*arguments)` in an empty folder, where it leaves its output."""

    def run(*arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return _scrapy(tmp_path, *arguments, check=check)

    return run


def _scrapy(folder: Path, *arguments: str, check: bool) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "aggregator.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


@dataclass(frozen=True)
class Samples:
    """What `scrapy crawl --samples` left and said."""

    folder: Path  # to be read only: all tests share it
    stdout: str


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """One crawl of the samples for all tests and all workers."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "samples"
    folder.mkdir(exist_ok=True)
    said = folder / "stdout.txt"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            run = _scrapy(folder, "crawl", "--samples", check=True)
            assert "Traceback" not in run.stderr
            said.write_text(run.stdout, encoding="utf-8")
    return Samples(folder, said.read_text(encoding="utf-8"))


def _listen(crawler: Crawler, outcome: Outcome) -> None:
    def closed() -> None:
        outcome.delays = {host: slot.delay for host, slot in crawler.engine.downloader.slots.items()}

    receivers: list[tuple[Callable[..., None], object]] = [
        (closed, signals.spider_closed),
        (lambda item: outcome.articles.update({item.url: item}), signals.item_scraped),
        (lambda found, fate, reason: outcome.fates.update({found.url: (fate, reason)}), article_settled),
        (lambda found: outcome.found.update({found.url: found}), article_discovered),
        (lambda response: outcome.fetched.append(response.url), signals.response_received),
        (lambda text: outcome.problems.append(text), problem),
        (lambda text: outcome.warnings.append(text), warning),
    ]
    for receiver, signal in receivers:
        crawler.signals.connect(receiver, signal, weak=False)


def _save(folder: Path, pages: dict[str, Any]) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    index: dict[str, Any] = {urljoin(url, "/robots.txt"): {"status": 404} for url in pages}
    for number, (url, page) in enumerate(pages.items()):
        status, headers, text = page if isinstance(page, tuple) else (200, html, page)
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        index[url] = {"file": f"{number}.txt", "status": status, "headers": headers}
    (folder / "pages.json").write_text(json.dumps({"fetched_at": NOW, "pages": index}), encoding="utf-8")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of a worker."""
    with served() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def index_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SEEN_URL of an index that does not exist yet, in each of the databases it may lie in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/seen.db"
    return request.getfixturevalue("postgres").url()


# --- Articles ---------------------------------------------------------------------------------------------------------

SYLLABLES = [first + then for first in "bcdfghjklmnp" for then in "aou"]


def invented(seed: int, words: int = 60) -> str:
    """Prose without sense; each seed gives another story."""
    dice = random.Random(seed)
    lexicon = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(300)]
    said = (dice.choice(lexicon) + ("." if at % 12 == 11 else "") for at in range(words))
    return " ".join(said)


@pytest.fixture(scope="session")
def prose() -> Callable[..., str]:
    """`prose(seed, words)`: each seed gives another text."""
    return invented


@pytest.fixture
def article() -> Callable[..., Article]:
    """`article(n, **fields)`: the article number `n` of a site; other numbers are other stories."""

    def make(n: int = 1, **values: Any) -> Article:
        site = values.get("site", "news.example")
        url = values.get("url", f"https://{site}/story-number-{n}")
        defaults = {
            "id": hashlib.sha256(url.encode()).hexdigest()[:16],
            "url": url,
            "site": site,
            "title": f"Story number {n}",
            "text": f"Number {n}. {invented(n)}",
            "fetched_at": "2024-05-06T07:08:09+00:00",
        }
        return Article(**defaults | values)

    return make


class Items(Spider):
    """Brings articles as if it had crawled them, each from a page of its own."""

    name = "items"
    items: Sequence[Article] = ()

    @property
    def sites(self) -> list[str]:
        return list(dict.fromkeys(item.site for item in self.items))

    async def start(self) -> AsyncIterator[Request]:
        for item in self.items:
            found = Found(url=item.url, site=item.site, listing=f"https://{item.site}/")
            self.crawler.signals.send_catch_log(article_discovered, found=found)
            yield Request("data:,", meta={"found": found}, cb_kwargs={"item": item})

    def parse(self, response: Response, item: Article) -> Article:
        return item


@pytest.fixture
def feed(tmp_path: Path) -> Callable[..., Crawler]:
    """`feed(articles, **settings)` runs articles through the project's pipelines and reports, into `tmp_path`/data."""

    def run(items: Sequence[Article], **own: Any) -> Crawler:
        settings = Settings()
        settings.setmodule("aggregator.settings")
        places = {
            "OUTPUT": f"{tmp_path}/data/{{site}}/{{date}}/{{run}}.jsonl",
            "SEEN_URL": f"sqlite:///{tmp_path}/data/seen.db",
        }
        offline = {
            "DOWNLOAD_DELAY": 0,
            "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https", "file", "ftp", "s3")),
            "DOWNLOADER_MIDDLEWARES": {},
            "ROBOTSTXT_OBEY": False,
            "TWISTED_REACTOR_ENABLED": False,
        }
        settings.setdict({"GROUP_COMMIT_SECONDS": 0.01} | places | offline | own, "cmdline")
        crawler = Crawler(Items, settings)
        asyncio.run(crawler.crawl_async(items=items))
        return crawler

    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """All article lines that `feed` left on disk, oldest run first within a site."""

    def read() -> list[dict[str, Any]]:
        files = sorted((tmp_path / "data").glob("*/*/*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    return read
