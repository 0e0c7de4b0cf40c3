"""`scrapy crawl`: Scrapy's own, and it shows how far it is, what came of it, and fails where the run fell short."""

from __future__ import annotations

import argparse
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from aggregator.commands import check_arguments, check_settings, examples, fail, load_spider, run

SAMPLES = Path("data/samples")


class Command(BaseRunSpiderCommand):
    requires_project = True
    settings: Settings
    crawler_process: AsyncCrawlerProcess

    def syntax(self) -> str:
        return "[options] SITE | news -a url=URL | --samples"

    def short_desc(self) -> str:
        return "Crawl a site of this project, any other news site, or the bundled samples, to JSON Lines"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--samples",
            action="store_true",
            help=f"crawl the bundled sample sites, served locally, to {SAMPLES}/",
        )
        examples(
            parser,
            "scrapy crawl --samples",
            "scrapy crawl valley_courier",
            'scrapy crawl news -a url="https://a.example/ https://b.example/section"',
            "scrapy crawl news -a sites=sites.txt -s DOWNLOAD_DELAY=2 -O all.jsonl",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        check_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        sites = 0 if opts.samples else 1
        check_arguments(args, sites, sites)
        with ExitStack() as stack:
            if opts.samples:
                crawlers = self._samples(stack)
            else:
                crawlers = [self._create_crawler(load_spider(self.crawler_process, args[0]))]
            self._crawl(crawlers, opts.spargs)

    def _samples(self, stack: ExitStack) -> list[Crawler]:
        """One crawler a sample site, its clock where the pages were saved, the pages served until the stack closes."""
        from aggregator.fetching import fixtures
        from aggregator.fetching.fixtures import Saved
        from aggregator.fetching.loopback import Loopback

        shutil.rmtree(SAMPLES, ignore_errors=True)
        loader = self.crawler_process.spider_loader
        crawlers: list[Crawler] = []
        pages: dict[str, Saved] = {}
        for name in sorted(loader.list()):
            if not _is_sample(loader.load(name).start_urls):
                continue
            saved = fixtures.of_site(Path(self.settings["FIXTURES"]), name)
            if not saved:
                continue
            fixture = saved[-1]
            pages |= fixture.pages
            crawler = self._create_crawler(name)
            crawler.settings.setdict(
                {
                    "CLOCK": fixture.fetched_at,
                    "OUTPUT": f"{SAMPLES}/{{site}}/{{date}}/{{run}}.jsonl",
                    "SEEN_URL": f"sqlite:///{SAMPLES}/{name}/seen.db",
                    "DOWNLOAD_DELAY": 0,
                    "CONCURRENT_REQUESTS": 1,  # the same order, so the same articles, every time
                },
                priority="spider",
            )
            crawlers.append(crawler)
        if not crawlers:
            fail(f"no sample sites in {self.settings['FIXTURES']}")
        stack.enter_context(stack.enter_context(Loopback(pages)).as_proxy())
        return crawlers

    def _crawl(self, crawlers: list[Crawler], spargs: dict[str, Any]) -> None:
        from aggregator.reports.progress import Progress, table

        progress = Progress(crawlers)
        run(self.crawler_process, crawlers, **spargs)
        progress.end()
        print(table(crawlers, progress))
        problems = [line for crawler in crawlers for line in crawler.stats.get_value("run/problems", [])]
        if problems:
            fail("\nerror: ".join(problems))


def _is_sample(start_urls: list[str]) -> bool:
    """Whether a site exists as a sample only: `.example` is no domain of the internet (RFC 2606)."""
    hosts = [urlsplit(url).hostname or "" for url in start_urls]
    return bool(hosts) and all(host.endswith(".example") for host in hosts)
