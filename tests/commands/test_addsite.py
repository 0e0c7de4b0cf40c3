"""A new site from its URL: spider, fixtures, and a replay that passes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.addsite import name_of, spider
from aggregator.discovery import feeds, sitemaps
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback

HTML = {"Content-Type": "text/html; charset=utf-8"}
SITE = "http://www.dam-times.example"
MINE = ("-s", "NEWSPIDER_MODULE=mine", "-s", "SPIDER_MODULES=mine", "-s", "FIXTURES=saved", "-s", "DOWNLOAD_DELAY=0")


@pytest.mark.parametrize(
    ("host", "name"),
    [("www.valley-courier.example", "valley_courier"), ("news.bbc.co.uk", "news_bbc_co"), ("24ur.com", "site_24ur")],
)
def test_a_spider_is_named_by_its_host(host: str, name: str) -> None:
    assert name_of(host) == name


def test_the_template_gives_a_spider() -> None:
    text = spider("dam_times", f"{SITE}/", "www.dam-times.example")
    assert "class DamTimes(SiteSpider):" in text
    compile(text, "dam_times.py", "exec")


def test_a_site_is_added_with_fixtures_and_a_replay_that_passes(
    scrapy: Any, tmp_path: Path, dam_times: dict[str, str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    pages = {url: Saved(200, HTML, html.encode()) for url, html in dam_times.items()}
    with Loopback(pages) as server, server.as_proxy():
        run = scrapy("addsite", f"{SITE}/", "--articles", "2", *MINE)
    assert run.returncode == 0, run.stderr
    assert "2 articles, as expected, 0 pages missing" in run.stdout
    assert 'name = "dam_times"' in (tmp_path / "mine" / "dam_times.py").read_text()
    (folder,) = (tmp_path / "saved" / "dam_times").iterdir()
    index = json.loads((folder / "pages.json").read_text())
    statuses = Counter(page["status"] for page in index["pages"].values())
    guesses = len(feeds.WELL_KNOWN) + len(sitemaps.WELL_KNOWN)
    assert statuses == {200: 3, 404: 2 + guesses}  # robots.txt and the third article

    again = scrapy("addsite", f"{SITE}/", *MINE)
    assert again.returncode != 0
    assert "there is a spider dam_times already" in again.stderr


def test_no_spider_is_left_where_nothing_could_be_captured(scrapy: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    run = scrapy("addsite", "http://no-such-host.invalid/", *MINE)
    assert run.returncode != 0
    assert "nothing could be captured from http://no-such-host.invalid/" in run.stderr
    assert [file.name for file in (tmp_path / "mine").glob("*.py")] == ["__init__.py"]
    assert list((tmp_path / "saved").iterdir()) == []
