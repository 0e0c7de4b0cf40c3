"""A crawl of real pages of many hosts, themes and languages, served on this machine. They lie beside the project."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from collections import defaultdict
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.items import Article

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MORE = 40
"""Pages that are taken from the labelled articles, besides all of `pages`."""
HTML = {"Content-Type": "text/html"}

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"no real pages in {CORPUS}")


def real_pages() -> dict[str, bytes]:
    with (CORPUS / "pages" / "pages.csv").open(encoding="utf-8", newline="") as index:
        named = {
            row["url"]: gzip.decompress((CORPUS / "pages" / row["file"]).read_bytes()) for row in csv.DictReader(index)
        }
    with lzma.open(CORPUS / "articles" / "naeb.jsonl.xz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(MORE), lines, strict=False):
            page = json.loads(line)
            named[page["url"]] = page["html"].encode()
    return {
        f"http://{urlsplit(url).netloc}{urlsplit(url).path or '/'}": html for url, html in named.items() if "://" in url
    }


def with_feeds(pages: dict[str, bytes]) -> dict[str, Saved]:
    """The pages, and for every host a feed that names its pages."""
    hosts = defaultdict(list)
    for url in pages:
        hosts[urlsplit(url).netloc].append(url)
    feeds = {
        f"http://{host}/the-feed.xml": "<rss version='2.0'><channel>"
        + "".join(f"<item><link>{escape(url)}</link></item>" for url in urls)
        + "</channel></rss>"
        for host, urls in hosts.items()
    }
    served = {url: Saved(200, HTML, html) for url, html in pages.items()}
    return served | {
        url: Saved(200, {"Content-Type": "application/rss+xml"}, text.encode()) for url, text in feeds.items()
    }


def test_real_pages_become_valid_lines_without_an_exception(scrapy: Any, tmp_path: Path) -> None:
    pages = real_pages()
    served = with_feeds(pages)
    starts = tmp_path / "sites.txt"
    starts.write_text("\n".join(url for url in served if url.endswith("/the-feed.xml")))
    with Loopback(served) as server, server.as_proxy():
        run = scrapy("crawl", "news", "-a", f"sites={starts}", "-s", "DOWNLOAD_DELAY=0", "-L", "ERROR")
    assert "Traceback" not in run.stderr
    assert "ERROR" not in run.stderr

    lines = [
        json.loads(line) for file in tmp_path.glob("data/*/*/*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]
    fates = [
        json.loads(line)
        for file in tmp_path.glob("data/*/*/*/fates.jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]
    assert sorted(fate["url"] for fate in fates) == sorted(pages)
    assert len([fate for fate in fates if fate["fate"] == "written"]) == len(lines)
    assert len(lines) > 0.8 * len(pages)
    assert {tuple(line) for line in lines} == {tuple(field.name for field in fields(Article))}
