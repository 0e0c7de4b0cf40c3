"""What a crawl shows the person who started it: how far it is (stderr), and a table at its end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from time import monotonic
from typing import Any, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from aggregator.signals import article_discovered, article_settled

COLUMNS = {
    "discovered": ("discovered",),
    "written": ("written",),
    "duplicates": ("duplicate",),
    "unchanged": ("unchanged",),
    "rejected": ("rejected", "not_article"),
    "failed": ("failed", "blocked"),
}
"""Column of the table -> the fates it sums up."""


class Progress:
    """One line that is rewritten on a terminal, or a line now and then elsewhere. Counts pages of each site."""

    def __init__(self, crawlers: Iterable[Crawler], out: TextIO = sys.stderr) -> None:
        self._out = out
        self._live = out.isatty()
        self._pause = 0.3 if self._live else 10.0  # seconds between two lines
        self._started = self._shown = monotonic()
        self._counts: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()  # site -> pages fetched for it
        for crawler in crawlers:
            for signal, handler in (
                (signals.engine_started, self._start),
                (article_discovered, self._discovered),
                (article_settled, self._settled),
                (signals.item_dropped, self._settled),
                (signals.item_error, self._settled),
                (signals.item_scraped, self._written),
                (signals.response_received, self._received),
            ):
                crawler.signals.connect(handler, signal)

    @property
    def seconds(self) -> float:
        return monotonic() - self._started

    def end(self) -> None:
        self._show()
        self._out.write("\n")

    def _start(self) -> None:
        self._started = monotonic()

    def _discovered(self) -> None:
        self._counts["found"] += 1
        self._maybe_show()

    def _settled(self) -> None:
        self._counts["done"] += 1
        self._maybe_show()

    def _written(self) -> None:
        self._counts["written"] += 1
        self._settled()

    def _received(self, response: Response) -> None:
        for key in ("found", "source"):
            if about := response.meta.get(key):
                self.pages[about.site] += 1
        self._maybe_show()

    def _maybe_show(self) -> None:
        if monotonic() - self._shown >= self._pause:
            self._show()

    def _show(self) -> None:
        self._shown = monotonic()
        counts, pages = self._counts, self.pages.total()
        line = (
            f"{pages} pages ({pages / max(self.seconds, 0.001):.1f}/s), "
            f"articles: {counts['found']} found, {counts['done']} done, {counts['written']} written"
        )
        self._out.write(f"\r\x1b[K{line}" if self._live else f"{line}\n")
        self._out.flush()


def table(crawlers: Iterable[Crawler], progress: Progress) -> str:
    """A line a site with its fates and pages a second, and where its articles lie."""
    sites: dict[str, dict[str, Any]] = {}
    for crawler in crawlers:
        sites |= crawler.stats.get_value("run/sites", {})
    rows = [["site", *COLUMNS, "pages/s"]]
    for site, counts in sites.items():
        sums = [str(sum(counts.get(fate, 0) for fate in fates)) for fates in COLUMNS.values()]
        rows.append([site, *sums, f"{progress.pages[site] / progress.seconds:.1f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    outputs = [str(counts["output"]) for counts in sites.values() if counts.get("output")]
    if outputs:
        lines += ["", "Articles (JSON Lines):", *(f"  {output}" for output in outputs)]
    return "\n".join(lines)
