from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from aggregator.items import Article, Found
from aggregator.reports.fates import FATES
from aggregator.signals import article_discovered, article_settled, problem, warning

Make = Callable[..., Article]
Report = dict[str, Any]


class Sites(Spider):
    name = "news"
    sites = ("a.example", "b.example")


@pytest.fixture
def finish(tmp_path: Path) -> Callable[..., tuple[Crawler, dict[str, Report]]]:
    """Ends a run of two sites in which URLs met `fates` (site -> fates), and reads its reports."""

    def run(
        fates: dict[str, list[str]],
        reason: str = "finished",
        warnings: Mapping[str, str] = MappingProxyType({}),
        **problems: str,
    ) -> tuple[Crawler, dict[str, Report]]:
        settings = Settings()
        settings.setmodule("aggregator.settings")
        settings.setdict(
            {
                "OUTPUT": f"{tmp_path}/{{site}}/{{date}}/{{run}}.jsonl",
                "CLOCK": "2024-05-06T07:08:09+00:00",
                "TWISTED_REACTOR_ENABLED": False,
                "EXTENSIONS_BASE": {},
            }
        )
        crawler = Crawler(Sites, settings)
        crawler._apply_settings()
        crawler.spider = Sites()
        for site, met in fates.items():
            for n, fate in enumerate(met):
                found = Found(url=f"https://{site}/{n}", site=site, listing=f"https://{site}/")
                crawler.signals.send_catch_log(article_discovered, found=found)
                crawler.signals.send_catch_log(article_settled, found=found, fate=fate, reason="")
        for site, text in warnings.items():
            crawler.signals.send_catch_log(warning, text=text, site=site)
        for site, text in problems.items():
            crawler.signals.send_catch_log(problem, text=text, site=None if site == "run" else site.replace("_", "."))
        crawler.signals.send_catch_log(signals.spider_closed, spider=crawler.spider, reason=reason)
        return crawler, {path.parts[-4]: json.loads(path.read_text()) for path in tmp_path.glob("*/*/*/run.json")}

    return run


def test_a_run_of_two_sites_is_told_for_each(finish: Callable[..., tuple[Crawler, dict[str, Report]]]) -> None:
    crawler, reports = finish({"a.example": ["written", "written", "failed"], "b.example": ["unchanged"]})
    report = reports["a.example"]
    assert report["ok"] is True
    assert report["problems"] == []
    assert (report["spider"], report["site"], report["finish_reason"]) == ("news", "a.example", "finished")
    assert (report["started"], report["finished"]) == ("2024-05-06T07:08:09+00:00", "2024-05-06T07:08:09+00:00")
    assert (report["discovered"], report["written"], report["failed"]) == (3, 2, 1)
    assert report["discovered"] == sum(report[fate] for fate in FATES)
    assert report["listings"] == {"https://a.example/": {"discovered": 3, "written": 2, "failed": 1}}
    assert report["output"].endswith(f"a.example/2024-05-06/{report['run']}.jsonl")
    assert (reports["b.example"]["unchanged"], reports["b.example"]["output"]) == (1, None)
    assert reports["b.example"]["crawl"]["sites"] == 2
    assert crawler.stats.get_value("run/problems") is None
    assert crawler.stats.get_value("run/sites")["a.example"]["written"] == 2


@pytest.mark.parametrize(
    ("fates", "expected"),
    [
        ({"a.example": ["written"]}, ["b.example: no articles found"]),
        ({}, ["a.example: no articles found", "b.example: no articles found"]),
        (
            {"a.example": ["failed", "failed", "blocked"], "b.example": ["duplicate"]},
            ["a.example: no article came of 3 URLs: 2 failed, 1 blocked"],
        ),
        (
            {"a.example": ["not_article"], "b.example": ["written"]},
            ["a.example: no article came of 1 URLs: 1 not article"],
        ),
    ],
)
def test_a_site_that_brought_nothing_is_a_problem(
    finish: Callable[..., tuple[Crawler, dict[str, Report]]], fates: dict[str, list[str]], expected: list[str]
) -> None:
    crawler, reports = finish(fates)
    assert crawler.stats.get_value("run/problems") == expected
    for site, report in reports.items():
        assert report["problems"] == [text for text in expected if text.startswith(site)]
        assert report["ok"] is not bool(report["problems"])


def test_a_problem_of_one_site_is_not_the_others(finish: Callable[..., tuple[Crawler, dict[str, Report]]]) -> None:
    crawler, reports = finish({"b.example": ["written"]}, a_example="https://a.example/: cannot resolve host")
    assert crawler.stats.get_value("run/problems") == ["https://a.example/: cannot resolve host"]
    assert (reports["a.example"]["ok"], reports["b.example"]["ok"]) == (False, True)


def test_a_warning_is_told_with_its_site_and_is_no_problem(
    finish: Callable[..., tuple[Crawler, dict[str, Report]]],
) -> None:
    fates = {"a.example": ["written"], "b.example": ["written"]}
    crawler, reports = finish(fates, warnings={"a.example": "stories may be missed"})
    assert (reports["a.example"]["warnings"], reports["b.example"]["warnings"]) == (["stories may be missed"], [])
    assert (reports["a.example"]["ok"], crawler.stats.get_value("run/problems")) == (True, None)


def test_a_problem_of_the_run_is_everyones_and_explains_the_rest(
    finish: Callable[..., tuple[Crawler, dict[str, Report]]],
) -> None:
    crawler, reports = finish({"b.example": ["failed"]}, reason="output_failed", run="disk full")
    assert crawler.stats.get_value("run/problems") == ["disk full"]
    assert [report["problems"] for report in reports.values()] == [["disk full"], ["disk full"]]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("shutdown", ["the crawl was stopped: shutdown"]), ("closespider_itemcount", None), ("finished", None)],
)
def test_a_stop_that_nobody_asked_for_is_a_problem(
    finish: Callable[..., tuple[Crawler, dict[str, Report]]], reason: str, expected: list[str] | None
) -> None:
    crawler, _ = finish({"a.example": ["written"], "b.example": ["written"]}, reason)
    assert crawler.stats.get_value("run/problems") == expected


def test_fates_that_do_not_add_up_are_a_problem(
    finish: Callable[..., tuple[Crawler, dict[str, Report]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "aggregator.reports.fates.Fates.close",
        lambda self: self.discovered["a.example"].update({"?": 1 - self.discovered["a.example"]["?"]}),
    )
    crawler, _ = finish({"a.example": ["written"], "b.example": ["written"]})
    assert crawler.stats.get_value("run/problems") == ["a.example: 2 URLs were discovered and 1 have a fate"]


def test_a_crawl_is_reported_as_it_went(
    feed: Callable[..., Crawler], article: Make, written: Callable[[], list[Report]], tmp_path: Path
) -> None:
    feed([article(1), article(2), article(3, text=article(2).text), article(4, title=None)])
    (path,) = tmp_path.glob("data/news.example/*/*/run.json")
    report = json.loads(path.read_text("utf-8"))
    assert (report["discovered"], report["written"], report["duplicate"], report["rejected"]) == (4, 2, 1, 1)
    assert len(written()) == 2
    fates = [json.loads(line) for line in path.with_name("fates.jsonl").read_text("utf-8").splitlines()]
    assert len({fate["url"] for fate in fates}) == 4
    (copy,) = [fate for fate in fates if fate["fate"] == "duplicate"]
    assert copy["reason"] == f"duplicate of {article(2).id} {article(2).url} (text)"
    assert report["crawl"]["errors"] == 0
