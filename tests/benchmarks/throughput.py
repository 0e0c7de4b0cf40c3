"""What a page costs from the network to the disk: milliseconds of CPU time for the whole project, beside Scrapy alone.

    python tests/benchmarks/throughput.py [FOLDER] [--pages 200] [--rounds 5]

A site on the loopback interface serves the pages of FOLDER (as in readers.py) and a front page that lists them. Three
crawls of it take turns, each in a process of its own: Scrapy's fetches alone, the same with lxml's parse, and the whole
project (discover, extract, clean, compare, write). The server is not counted; what is read and compiled once (rules,
model) is told apart. At the end stand the functions that take most of the whole project's time.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import os
import pstats
import random
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from readers import CORPUS, ROOT, pages  # which also puts the project on the path
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

import aggregator
from aggregator import commands
from aggregator.cleaning import boilerplate
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback

FRONT = "http://www.many-pages.example/"
WAYS = ("fetch", "fetch + parse", "whole project")
PACE = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR"}
WARM = 20  # pages that are read beforehand
TOP = 10


def address(number: int) -> str:
    return f"{FRONT}2026/11/20/report-{number}-on-the-valley-and-its-dam"


def site(folder: Path, count: int) -> dict[str, Saved]:
    met = list(pages(folder))
    if not met:
        sys.exit(f"{folder}: no .html and no .jsonl.xz in it")
    random.Random(0).shuffle(met)
    out = {address(number): _saved(html) for number, (_, html) in enumerate(islice(met, count))}
    links = "".join(f'<h2><a href="{url}">Report {n} on the valley and its dam</a></h2>' for n, url in enumerate(out))
    return {FRONT: _saved(f"<title>Many Pages</title><main>{links}</main>")} | out


def _saved(html: str) -> Saved:
    return Saved(headers={"Content-Type": "text/html; charset=utf-8"}, content=html.encode("utf-8", "replace"))


class Bare(Spider):
    """Asks for all pages, and parses them where it is told to."""

    name = "bare"
    urls: list[str] = []
    parsing = False

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url)

    def parse(self, response: Response) -> None:
        if self.parsing:
            response.selector.root  # noqa: B018


def crawl(way: str, count: int, profile: bool) -> dict[str, Any]:
    """One crawl of `count` pages in this process: its seconds of CPU time, what it wrote, its profile."""
    settings = Settings()
    if way == "whole project":
        settings.setmodule("aggregator.settings")
    settings.setdict(PACE, "cmdline")
    process = AsyncCrawlerProcess(settings)
    once = process_time()
    if way == "whole project":
        for number in range(min(WARM, count)):
            with urllib.request.urlopen(address(number)) as answer:
                boilerplate.strip(aggregator.extract(answer.read(), address(number)))
        crawler, values = process.create_crawler("news"), {"url": FRONT}
    else:
        crawler = process.create_crawler(Bare)
        values = {"urls": list(map(address, range(count))), "parsing": way != "fetch"}
    once = process_time() - once
    profiler, moments = cProfile.Profile(process_time), []  # waiting is no work

    def begin() -> None:
        moments.append(process_time())
        if profile:
            profiler.enable()

    def end() -> None:
        profiler.disable()
        moments.append(process_time())

    crawler.signals.connect(begin, signals.spider_opened, weak=False)
    crawler.signals.connect(end, signals.engine_stopped, weak=False)
    if way == "whole project":
        commands.run(process, [crawler], **values)
    else:
        process.crawl(crawler, **values)
        process.start()
    table = io.StringIO()
    if profile:
        pstats.Stats(profiler, stream=table).strip_dirs().sort_stats("tottime").print_stats(TOP)
    fetched = crawler.stats.get_value("downloader/response_status_count/200", 0)
    written = crawler.stats.get_value("fates/written", 0)
    seconds = moments[1] - moments[0]
    return {"seconds": seconds, "once": once, "fetched": fetched, "written": written, "profile": table.getvalue()}


def measured(way: str, count: int, *more: str) -> dict[str, Any]:
    """`crawl` in a process and a folder of its own."""
    with TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, __file__, "--one", way, "--pages", str(count), *more],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    return json.loads(run.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=CORPUS if CORPUS.is_dir() else ROOT / "fixtures")
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--profile", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(crawl(chosen.one, chosen.pages, chosen.profile)))
        return
    served = site(chosen.folder, chosen.pages)
    count = len(served) - 1
    with Loopback(served) as server, server.as_proxy():
        runs = [{way: measured(way, count) for way in WAYS} for _ in range(chosen.rounds)]
        profile = measured(WAYS[-1], count, "--profile")["profile"]
    whole = runs[0][WAYS[-1]]
    print(f"{count} pages of {chosen.folder}; the whole project fetched {whole['fetched']}, wrote {whole['written']}")
    print(f"\n{'ms of CPU time a page':24}{'median':>8}   rounds")
    for way in WAYS:
        spent = [1e3 * run[way]["seconds"] / count for run in runs]
        print(f"{way:24}{statistics.median(spent):8.2f}  {''.join(f'{ms:7.2f}' for ms in spent)}")
    for below in WAYS[:-1]:
        ratios = [run[WAYS[-1]]["seconds"] / run[below]["seconds"] for run in runs]
        print(f"{f'whole / {below}':24}{statistics.median(ratios):8.2f}  {''.join(f'{r:7.2f}' for r in ratios)}")
    print(f"once, before: {whole['once']:.1f} s for the first {min(WARM, count)} pages")
    print("\n".join(line for line in profile.splitlines() if line.strip()))


if __name__ == "__main__":
    main()
