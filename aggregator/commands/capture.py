"""`scrapy capture`: saves pages as a fixture of a site, with the articles that are made of them today."""

from __future__ import annotations

import argparse
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from aggregator.commands import check_arguments, check_settings, examples, fail, load_spider, run
from aggregator.commands.replay import articles_in, write_expected
from aggregator.fetching import record


class Command(ScrapyCommand):
    requires_project = True
    settings: Settings
    crawler_process: AsyncCrawlerProcess

    def syntax(self) -> str:
        return "[options] URL… --site NAME"

    def short_desc(self) -> str:
        return "Save pages as a fixture of a site, with the articles expected of them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", required=True, help="the site's spider")
        parser.add_argument("--articles", metavar="N", type=int, default=3, help="save so many articles (default: 3)")
        examples(
            parser,
            "scrapy capture https://www.a.example/2024/05/a-story-that-came-out-wrong --site a_example",
            "scrapy capture https://www.a.example/ --site a_example --articles 5",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        check_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args, 1)
        now = datetime.now(UTC).replace(microsecond=0)
        folder = _free(Path(self.settings["FIXTURES"]) / opts.site, now.strftime("%Y-%m-%d"))
        with TemporaryDirectory() as scratch:
            settings = {
                "DOWNLOADER_MIDDLEWARES": self.settings.getdict("DOWNLOADER_MIDDLEWARES") | record.MIDDLEWARES,
                "RECORD": str(folder),
                "RECORD_ARTICLES": opts.articles,
                "CLOCK": now.isoformat(),
                "OUTPUT": f"{scratch}/{{site}}/{{date}}/{{run}}.jsonl",
                "SEEN_URL": f"sqlite:///{scratch}/seen.db",
            }
            crawler = self.crawler_process.create_crawler(load_spider(self.crawler_process, opts.site))
            crawler.settings.setdict(settings, priority="cmdline")
            run(self.crawler_process, [crawler], start_urls=args)
            articles = articles_in(Path(scratch))
        for problem in crawler.stats.get_value("run/problems", []):
            print(f"warning: {problem}")
        if not articles and [file.name for file in folder.iterdir()] == ["pages.json"]:
            shutil.rmtree(folder)
            with suppress(OSError):  # there are other fixtures of the site
                folder.parent.rmdir()
            fail("none of these pages could be fetched")
        if not articles:
            fail(f"no article came of these pages; they lie in {folder}")
        write_expected(folder, articles)
        print(f"{len(articles)} articles in {folder}; look at expected.jsonl, then: scrapy replay {opts.site}")


def _free(parent: Path, date: str) -> Path:
    """A folder that is not there yet: the date, or with -2, -3 … behind it."""
    names = [date, *(f"{date}-{number}" for number in range(2, 1000))]
    return next(parent / name for name in names if not (parent / name).exists())
