"""`run.json`: what a run did for a site, and whether it did its job."""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from aggregator import output
from aggregator.reports.fates import FATES, Fates
from aggregator.signals import problem, source_closed, warning

GOOD = ("written", "duplicate", "unchanged")
"""The fates of a URL whose article we have."""


class RunReport:
    """Stats `run/problems`: what went wrong, a line each (the crawl command fails where there is any); `run/sites`:
    counts by site. Both go to each site's `run.json` when the spider has closed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._output = output.of(crawler)
        self._stats = crawler.stats
        self._problems: list[tuple[str | None, str]] = []  # site or None, what is wrong
        self._warnings: dict[str, list[str]] = {}  # by site
        self._sources: defaultdict[str, Counter[str]] = defaultdict(Counter)  # site -> outcome -> sources
        self._began = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        report = cls(crawler)
        crawler.signals.connect(report.problem, signal=problem)
        crawler.signals.connect(report.warning, signal=warning)
        crawler.signals.connect(report.source_closed, signal=source_closed)
        crawler.signals.connect(report.spider_closed, signal=signals.spider_closed)
        return report

    def problem(self, text: str, site: str | None) -> None:
        if (site, text) not in self._problems:
            self._problems.append((site, text))
            self._stats.set_value("run/problems", [text for _, text in self._problems])
            if site is None:
                self._stats.set_value("run/broken", True)

    def warning(self, text: str, site: str) -> None:
        self._warnings.setdefault(site, []).append(text)

    def source_closed(self, site: str, outcome: str) -> None:
        self._sources[site][outcome] += 1

    def spider_closed(self, reason: str) -> None:
        fates = self._crawler.get_extension(Fates)
        if fates is None:
            return
        fates.close()
        sites = list(dict.fromkeys([*output.sites(self._crawler.spider), *fates.discovered]))
        if reason != "finished" and not reason.startswith("closespider_") and not self._of(None):
            self.problem(f"the crawl was stopped: {reason}", None)
        for site in sites:
            if text := self._shortfall(site, fates):
                self.problem(text, site)
        self._stats.set_value("run/sites", {site: self._counts(site, fates) for site in sites})
        for site in sites:
            self._write(site, fates, reason)

    def _of(self, site: str | None) -> list[str]:
        """The problems of the whole run and of one site."""
        return [text for place, text in self._problems if place is None or place == site]

    def _shortfall(self, site: str, fates: Fates) -> str | None:
        """What is wrong with the site's fates, unless the run's problems say why already."""
        discovered, settled = fates.discovered[site].total(), _sum(fates, site)
        if discovered != settled.total():
            return f"{site}: {discovered} URLs were discovered and {settled.total()} have a fate"
        if self._of(site) or self._sources[site]["not_modified"]:  # nothing new is no shortfall
            return None
        if not discovered:
            return f"{site}: no articles found"
        if not any(settled[fate] for fate in GOOD):
            return f"{site}: no article came of {discovered} URLs: {_listed(settled)}"
        return None

    def _counts(self, site: str, fates: Fates) -> dict[str, Any]:
        settled = _sum(fates, site)
        path = self._output.path(site)
        return {
            "discovered": fates.discovered[site].total(),
            **{fate: settled[fate] for fate in FATES},
            "output": str(path) if settled["written"] else None,
        }

    def _write(self, site: str, fates: Fates, reason: str) -> None:
        problems, stats = self._of(site), self._stats
        seconds = time.monotonic() - self._began
        responses = stats.get_value("downloader/response_count", 0)
        report = {
            "run": self._output.run,
            "spider": self._crawler.spidercls.name,
            "site": site,
            "started": self._output.started.isoformat(timespec="seconds"),
            "finished": self._output.now().isoformat(timespec="seconds"),
            "finish_reason": reason,
            "ok": not problems,
            "problems": problems,
            "warnings": self._warnings.get(site, []),
            **self._counts(site, fates),
            "sources": {outcome: self._sources[site][outcome] for outcome in ("read", "not_modified", "failed")},
            "listings": {
                listing: {"discovered": count, **fates.settled[site][listing]}
                for listing, count in fates.discovered[site].items()
            },
            "crawl": {  # all sites of the run together
                "sites": len(stats.get_value("run/sites")),
                "seconds": round(seconds, 3),
                "requests": stats.get_value("downloader/request_count", 0),
                "responses": responses,
                "rendered": stats.get_value("rendering/pages", 0),
                "pages_per_second": round(responses / seconds, 2),
                "bytes": stats.get_value("downloader/response_bytes", 0),
                "errors": stats.get_value("log_count/ERROR", 0),
            },
        }
        try:
            _replace(self._output.folder(site) / "run.json", report)
        except OSError as error:
            if not problems:
                self.problem(f"cannot write the report: {error.strerror}: {error.filename}", None)


def _sum(fates: Fates, site: str) -> Counter[str]:
    return sum(fates.settled[site].values(), Counter())


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {fate.replace('_', ' ')}" for fate, count in counts.most_common())


def _replace(path: Path, report: dict[str, Any]) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8", errors="replace") as file:
        json.dump(report, file, ensure_ascii=False, allow_nan=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
