"""`scrapy reindex`: builds the index of what was written anew from the output files."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from aggregator.commands import check_arguments, check_settings, examples, fail
from aggregator.output import Output, OutputLocked
from aggregator.seen import IndexBroken, Seen
from aggregator.seen.catchup import rebuild
from aggregator.seen.tables import shown


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Build the index of articles already written anew, from the output files"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        examples(
            parser,
            "scrapy reindex",
            "scrapy reindex -s OUTPUT=/mnt/news/{site}/{date}/{run}.jsonl -s SEEN_URL=sqlite:////mnt/news/seen.db",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        check_arguments(args, 0, 0)
        check_settings(self.settings)
        url = self.settings["SEEN_URL"]
        try:
            entered = rebuild(Seen(url, self.settings.getint("COPIES_DAYS")), Output(self.settings["OUTPUT"]))
        except (ValueError, OSError, OutputLocked, IndexBroken) as error:
            fail(str(error))
        print(f"{entered} lines entered in {shown(url)}")
