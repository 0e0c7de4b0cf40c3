"""`scrapy crawl` as a person runs it: what it leaves, what it says, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from aggregator.commands.replay import articles_in, differences
from aggregator.discovery import feeds, sitemaps
from aggregator.fetching.fixtures import Saved, of_site
from aggregator.fetching.loopback import Loopback
from aggregator.settings import FIXTURES

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
HTML = {"Content-Type": "text/html; charset=utf-8"}
SITE = "http://www.dam-times.example"


@pytest.fixture
def pages(dam_times: dict[str, str]) -> dict[str, Saved]:
    return {url: Saved(200, HTML, html.encode()) for url, html in dam_times.items()}


def test_the_samples_give_the_expected_articles_over_real_http(samples: Any) -> None:
    lines = articles_in(samples.folder / "data" / "samples")
    for site in ("bergblick", "linkpile", "valley_courier"):
        expected = of_site(Path(FIXTURES), site)[-1].expected()
        assert list(differences(expected, [line for line in lines if line["site"] == site])) == []
        assert site in samples.stdout


def test_any_site_is_crawled_without_code(scrapy: Any, tmp_path: Path, pages: dict[str, Saved]) -> None:
    with Loopback(pages) as server, server.as_proxy():
        run = scrapy("crawl", "news", "-a", f"url={SITE}/", "-O", "out.jsonl", *FAST)
    assert run.returncode == 0, run.stderr
    urls = sorted(pages)[1:]
    assert [line["url"] for line in articles_in(tmp_path / "data")] == urls
    exported = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert sorted(json.loads(line)["url"] for line in exported) == urls
    assert "dam-times.example           3        3" in run.stdout
    assert set(server.missing) == {f"{SITE}{path}" for path in (*feeds.WELL_KNOWN, *sitemaps.WELL_KNOWN)}  # guesses


def test_a_second_run_fetches_and_writes_nothing_again(scrapy: Any, tmp_path: Path, pages: dict[str, Saved]) -> None:
    with Loopback(pages) as server, server.as_proxy():
        for _ in range(2):
            run = scrapy("crawl", "news", "-a", f"url={SITE}/", *FAST)
    assert run.returncode == 0, run.stderr
    assert len(articles_in(tmp_path / "data")) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no_such_site",), "unknown site 'no_such_site'"),
        (("news", "-a", "url=dam"), "not a URL: 'dam'"),
        (("news",), "no URL given"),
        (("news", "-a", f"url={SITE}/", "-s", "DOWNLOAD_DELAY=fast"), "DOWNLOAD_DELAY must be a number, not 'fast'"),
        (("news", "-a", f"url={SITE}/", "-s", "DOWNLOAD_DELY=1"), "did you mean DOWNLOAD_DELAY?"),
        (("news", "-a", f"url={SITE}/", "-s", "RETRY_HOURS=1,soon"), "RETRY_HOURS must be numbers, like 1,6,24"),
        (("--samples", "-s", "DUPLICATES=keep"), "DUPLICATES must be drop or mark, not 'keep'"),
        (("--samples", "-s", "FIXTURES=/proc/none"), "no sample sites in /proc/none"),
        (("news", "-a", "url=http://a.invalid/", "-a", "sinse=2026-01-01"), "unknown argument -a sinse=…: there are"),
        (("news", "-a", f"url={SITE}/", "-s", "CLOCK=noon"), "CLOCK must be"),
        (("news", "-a", f"url={SITE}/", "-s", "OUTPUT=all.json"), "OUTPUT must end in .jsonl"),
        (("--samples", "-s", "BACKOFF_SECONDS=-1"), "BACKOFF_SECONDS must be 0 or more, not '-1'"),
        (("--samples", "-s", "MAX_BACKOFF_SECONDS=nan"), "MAX_BACKOFF_SECONDS must be 0 or more, not 'nan'"),
        (("--samples", "-s", "REVISIT_HOURS=1,inf"), "REVISIT_HOURS must be from 0 to 876000, not '1,inf'"),
        (("--samples", "-s", "SITEMAP_DAYS=99999999999"), "SITEMAP_DAYS must be from 0 to 36500"),
        (("--samples", "-s", "RENDER_TIMEOUT=0"), "RENDER_TIMEOUT must be more than 0"),
        (("--samples", "-s", "RIGHTS_OBEYED=noindex,noachive"), "not 'noachive'"),
        (("--samples", "-s", "USER_AGENT=dambot\r\nX-Real-IP: 10.0.0.1"), "USER_AGENT must be one line"),
        (("--samples", "-s", "CHROMIUM=/missing"), "CHROMIUM is no program that can be run: '/missing'"),
        (
            ("news", "-a", f"url={SITE}/", "-s", "SEEN_URL=sqlite:////proc/no/x.db"),
            "/proc/no/x.db cannot be used",
        ),
        (
            ("news", "-a", "url=http://no-such-host.invalid/"),
            "http://no-such-host.invalid/: robots.txt: cannot resolve host",
        ),
        (("news", "-a", "url=http://127.0.0.1:9/"), "http://127.0.0.1:9/: internal address 127.0.0.1"),
        (("news", "-a", "url=http://localhost/"), "http://localhost/: internal address 127.0.0.1"),
    ],
)
def test_bad_input_ends_in_one_clear_line(scrapy: Any, arguments: tuple[str, ...], words: str) -> None:
    run = scrapy("crawl", *FAST, *arguments)
    errors = [line for line in run.stderr.splitlines() if line.startswith("error:")]
    assert run.returncode != 0
    assert len(errors) == 1, run.stderr
    assert words in errors[0]
    assert "Traceback" not in run.stderr + run.stdout


def test_a_site_without_articles_is_a_failure(scrapy: Any) -> None:
    with Loopback({f"{SITE}/": Saved(200, HTML, b"<p>Under construction")}) as server, server.as_proxy():
        run = scrapy("crawl", "news", "-a", f"url={SITE}/", *FAST)
    assert run.returncode != 0
    assert "error: dam-times.example: no articles found" in run.stderr


class Silent(Loopback):
    """Lets nobody wait for less than a minute."""

    asked, over = Event(), Event()

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        self.asked.set()
        self.over.wait(60)
        return Saved(404)


def test_stopped_a_second_time_it_ends_at_once_in_one_line(tmp_path: Path) -> None:
    with Silent({}) as server, server.as_proxy():
        crawl = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"url={SITE}/", *FAST],
            cwd=tmp_path,
            env={
                **os.environ,
                "SCRAPY_SETTINGS_MODULE": "aggregator.settings",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        assert server.asked.wait(50)
        while crawl.poll() is None:
            crawl.terminate()
            with suppress(subprocess.TimeoutExpired):
                crawl.wait(0.5)
        server.over.set()
    assert crawl.stderr
    told = crawl.stderr.read()
    crawl.stderr.close()
    assert crawl.returncode == 1
    assert "Traceback" not in told
    assert "error: the crawl was stopped at once" in told


def test_help_shows_examples(scrapy: Any) -> None:
    for command in ("crawl", "probe", "capture", "addsite", "replay"):
        assert f"  scrapy {command} " in scrapy(command, "--help").stdout.partition("Examples:")[2]
