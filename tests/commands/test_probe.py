from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.probe import rows
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.items import Article

URL = "http://www.dam-times.example/2024/05/17/dam-holds"
PAGE = '<html lang="en"><title>Dam holds</title><h1>Dam holds</h1><p>It held.'


def test_a_row_shows_value_evidence_and_runner_up() -> None:
    evidence: Any = {"from": "h1", "raw": "Dam\nholds", "runner_up": {"from": "meta:og:title", "raw": "The dam"}}
    table = list(rows(Article(title="Dam holds", evidence={"title": evidence})))
    assert ("title", "Dam holds", "h1  Dam holds", "meta:og:title  The dam") in table


def test_a_saved_page_is_probed_under_the_url_it_came_from(scrapy: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    run = scrapy("probe", "page.html", "--url", URL, "--json", check=True)
    article = json.loads(run.stdout)
    assert (article["url"], article["title"]) == (URL, "Dam holds")


def test_a_page_of_the_web_is_probed_without_leaving_anything(scrapy: Any, tmp_path: Path) -> None:
    with Loopback({URL: Saved(200, {"Content-Type": "text/html"}, PAGE.encode())}) as server, server.as_proxy():
        run = scrapy("probe", URL, check=True)
    assert "Dam holds" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("page.html", "--url", "nonsense"), "not a URL: 'nonsense'"),
        ((URL, "--jsno"), "unknown option --jsno"),
    ],
)
def test_wrong_arguments_are_one_clear_line(
    scrapy: Any, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    run = scrapy("probe", *arguments)
    assert run.returncode == 2
    assert words in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("missing.html", "neither a URL nor a file"),
        ("http://no-such-host.invalid/", "cannot resolve host"),
        (URL, "HTTP 404"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(scrapy: Any, target: str, words: str) -> None:
    with Loopback({}) as server, server.as_proxy():
        run = scrapy("probe", target) if target == URL else None
    run = run or scrapy("probe", target)
    assert run.returncode != 0
    assert run.stderr.startswith("error: ")
    assert words in run.stderr
    assert "Traceback" not in run.stderr
