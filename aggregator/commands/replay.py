"""`scrapy replay`: a site's saved pages through today's spiders, loaders and pipelines, against what is expected."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from aggregator import lines
from aggregator.commands import check_arguments, check_settings, examples, fail
from aggregator.fetching import fixtures
from aggregator.fetching.fixtures import Fixture
from aggregator.fetching.replay import MISSING, SETTINGS

Line = dict[str, Any]


class Difference(NamedTuple):
    url: str
    field: str
    expected: Any
    actual: Any


def replay(settings: Settings, site: str, fixture: Fixture) -> tuple[list[Line], list[str]]:
    """The articles that the spider `site` makes of the fixture, by URL, and the pages it asked for in vain.

    Runs without network and reactor, into a folder that is thrown away; raises KeyError for an unknown site.
    """
    with TemporaryDirectory() as folder:
        own = settings.copy()
        own.setdict(
            SETTINGS
            | {
                "REPLAY": str(fixture.folder),
                "CLOCK": fixture.fetched_at,
                "OUTPUT": f"{folder}/{{site}}/{{date}}/{{run}}.jsonl",
                "SEEN_URL": f"sqlite:///{folder}/seen.db",
            },
            priority="cmdline",
        )
        process = AsyncCrawlerProcess(own)
        crawler = process.create_crawler(site)
        task = process.crawl(crawler, **({"start_urls": fixture.start} if fixture.start else {}))
        process.start(install_signal_handlers=False)
        task.result()
        return articles_in(Path(folder)), crawler.stats.get_value(MISSING, [])


def articles_in(folder: Path) -> list[Line]:
    """The articles of all runs below an output folder, by URL."""
    written = [json.loads(line) for file in folder.glob("*/*/*.jsonl") for line in file.read_bytes().splitlines()]
    return sorted(written, key=lambda line: str(line["url"]))


def differences(expected: list[Line], actual: list[Line]) -> Iterator[Difference]:
    """Field by field, articles matched by URL; an article that is missing or too many differs in `url`."""
    before, after = ({line["url"]: line for line in articles} for articles in (expected, actual))
    for url in sorted(before.keys() | after.keys()):
        if url not in before or url not in after:
            yield Difference(url, "url", url if url in before else None, url if url in after else None)
            continue
        for field in before[url] | after[url]:
            if before[url].get(field) != after[url].get(field):
                yield Difference(url, field, before[url].get(field), after[url].get(field))


def write_expected(folder: Path, articles: list[Line]) -> None:
    (folder / "expected.jsonl").write_bytes(b"".join(map(lines.encode, articles)))


class Command(ScrapyCommand):
    requires_project = True
    settings: Settings
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] SITE…"

    def short_desc(self) -> str:
        return "Replay a site's saved pages and show what differs from the expected articles"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--update", action="store_true", help="take today's articles as the expected ones")
        examples(parser, "scrapy replay valley_courier", "scrapy replay valley_courier --update")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args, 1)
        check_settings(self.settings)
        for site in args:
            saved = fixtures.of_site(Path(self.settings["FIXTURES"]), site)
            if not saved:
                fail(f"no fixtures in {self.settings['FIXTURES']}/{site}; make some: scrapy capture URL --site {site}")
            for fixture in saved:
                self._replay(site, fixture, opts.update)

    def _replay(self, site: str, fixture: Fixture, update: bool) -> None:
        try:
            articles, missing = replay(self.settings, site, fixture)
        except KeyError:
            fail(f"unknown site {site!r}", 2)
        except ValueError as error:  # of a setting
            fail(str(error), 2)
        found = list(differences(fixture.expected(), articles))
        for difference in found:
            print(f"{difference.url}\n  {difference.field}")
            print(f"    - {_shown(difference.expected)}\n    + {_shown(difference.actual)}")
        for url in missing:
            print(f"not in the fixture: {url}")
        if update:
            write_expected(fixture.folder, articles)
        elif found:
            self.exitcode = 1
        if missing:
            self.exitcode = 1
        outcome = "updated" if update else "as expected" if not found else f"{len(found)} differences"
        print(f"{site} {fixture.folder.name}: {len(articles)} articles, {outcome}, {len(missing)} pages missing")


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
