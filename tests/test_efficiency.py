"""Nothing is fetched twice: what three runs ask of a site with 500 stories, counted at its server."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.replay import articles_in
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback

SITE = "http://www.weir-herald.example"
SOURCES = {f"{SITE}/", f"{SITE}/feed.xml", f"{SITE}/news.xml"}
A_PAGE = 50  # stories
WORDS = [
    *("weir", "lock", "towpath", "barge", "miller", "flood", "meadow", "council", "ferry", "toll", "lantern", "quarry"),
    *("orchard", "bell", "harvest", "ledger", "sluice", "bridge", "carter", "eel", "market", "rampart", "granary"),
    *("schoolhouse", "cooper", "thatch", "vineyard", "charter", "steeple", "heron", "dredger", "willow"),
]


class Herald(Loopback):
    """A site that tells whether a page has changed, and keeps a list of what it was asked."""

    def __init__(self) -> None:
        super().__init__({})
        self.asked: list[tuple[str, bool, int]] = []  # URL, whether on a condition, status

    def publish(self, stories: int) -> None:
        """Stories 0 to `stories`, the newest first on the front page, its further pages, the feed and the sitemap."""
        urls = [f"{SITE}/2024/05/17/{number}-{'-'.join(_words(number, 5))}" for number in range(stories)][::-1]
        pages = {url: _html(_story(stories - 1 - place)) for place, url in enumerate(urls)}
        for start in range(0, stories, A_PAGE):
            links = "".join(f'<h3><a href="{url}">{_title(url)}</a></h3>' for url in urls[start : start + A_PAGE])
            further = f'<a rel="next" href="/page/{start // A_PAGE + 2}">Next page</a>'
            pages[f"{SITE}/page/{start // A_PAGE + 1}" if start else f"{SITE}/"] = _html(f"{links}{further}")
        items = "".join(f"<item><title>{_title(url)}</title><link>{url}</link></item>" for url in urls[:40])
        entries = "".join(f"<url><loc>{url}</loc><lastmod>2024-05-17</lastmod></url>" for url in urls)
        pages[f"{SITE}/feed.xml"] = _saved("application/rss+xml", f"<rss><channel>{items}</channel></rss>")
        pages[f"{SITE}/news.xml"] = _saved("application/xml", f"<urlset>{entries}</urlset>")
        pages[f"{SITE}/robots.txt"] = _saved("text/plain", f"Sitemap: {SITE}/news.xml")
        self.pages, self.asked = pages, []

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        saved = super().answer(url, headers)
        condition = headers.get("If-None-Match")
        if condition and condition == saved.headers.get("ETag"):
            saved = Saved(304, {"ETag": condition})
        self.asked.append((url, condition is not None, saved.status))
        return saved


def _words(number: int, count: int) -> list[str]:
    return random.Random(number).choices(WORDS, k=count)


def _title(url: str) -> str:
    return url.rsplit("/", 1)[-1].partition("-")[2].replace("-", " ").capitalize()


def _story(number: int) -> str:
    sentences = [f"The {' '.join(_words(number * 100 + place, 22))} cost {number} crowns." for place in range(8)]
    paragraphs = "".join(f"<p>{' '.join(sentences[place : place + 2])}</p>" for place in range(0, 8, 2))
    return f"<article><h1>{' '.join(_words(number, 5)).capitalize()}</h1>{paragraphs}</article>"


def _html(body: str) -> Saved:
    head = '<title>The Weir Herald</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    return _saved(
        "text/html; charset=utf-8", f"<html lang=en><head>{head}</head><body><main>{body}</main></body></html>"
    )


def _saved(type_: str, text: str) -> Saved:
    return Saved(200, {"Content-Type": type_, "ETag": f'"{sha256(text.encode()).hexdigest()[:16]}"'}, text.encode())


@pytest.fixture
def run(scrapy: Any, tmp_path: Path) -> Any:
    def crawl(now: str) -> dict[str, Any]:
        fast = ("-s", "DOWNLOAD_DELAY=0", "-s", f"CLOCK=2024-05-17T{now}:00Z")
        done = scrapy("crawl", "news", "-a", f"url={SITE}/", *fast)
        assert done.returncode == 0, done.stderr
        report = max(tmp_path.glob("data/*/*/*/run.json"), key=lambda path: path.parent.name)
        return json.loads(report.read_text("utf-8"))

    return crawl


def test_a_run_asks_for_what_is_new_and_little_else(run: Any, tmp_path: Path) -> None:
    with Herald() as herald, herald.as_proxy():
        herald.publish(500)
        assert run("12:00")["written"] == 500

        herald.publish(520)
        assert run("12:20")["written"] == 20
        articles = [url for url, _, _ in herald.asked if "/2024/" in url]
        assert len(articles) == len(set(articles)) == 20
        assert len(herald.asked) <= 30

        herald.publish(520)
        report = run("12:40")
        assert [status for _, _, status in herald.asked] == [304] * len(herald.asked)
        assert {url for url, _, _ in herald.asked} == SOURCES
        assert (report["sources"]["not_modified"], report["discovered"], report["ok"]) == (3, 0, True)
    assert len(articles_in(tmp_path / "data")) == 520
