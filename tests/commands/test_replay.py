from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.replay import Difference, differences
from aggregator.settings import FIXTURES


def test_articles_are_compared_field_by_field_whatever_their_order() -> None:
    before = [{"url": "a", "title": "Dam", "tags": []}, {"url": "b", "title": "Gate", "tags": []}]
    after = [{"url": "b", "title": "Gates", "tags": []}, {"url": "a", "title": "Dam", "tags": []}]
    assert list(differences(before, after)) == [Difference("b", "title", "Gate", "Gates")]


def test_an_article_that_is_missing_or_new_is_told() -> None:
    assert list(differences([{"url": "a"}], [{"url": "b"}])) == [
        Difference("a", "url", "a", None),
        Difference("b", "url", None, "b"),
    ]


def test_a_difference_fails_and_an_update_takes_it(scrapy: Any, tmp_path: Path) -> None:
    shutil.copytree(Path(FIXTURES) / "bergblick", tmp_path / "saved" / "bergblick")
    (folder,) = (tmp_path / "saved" / "bergblick").iterdir()
    expected = [json.loads(line) for line in (folder / "expected.jsonl").read_text("utf-8").splitlines()]
    expected[0]["title"] = "Another title"
    (folder / "expected.jsonl").write_text("\n".join(map(json.dumps, expected)))

    first = scrapy("replay", "bergblick", "-s", "FIXTURES=saved")
    assert first.returncode == 1
    assert f'{expected[0]["url"]}\n  title\n    - "Another title"\n' in first.stdout
    assert scrapy("replay", "bergblick", "--update", "-s", "FIXTURES=saved").returncode == 0
    assert "as expected" in scrapy("replay", "bergblick", "-s", "FIXTURES=saved").stdout


def test_a_site_without_fixtures_is_one_clear_line(scrapy: Any) -> None:
    run = scrapy("replay", "no_such_site")
    assert run.returncode != 0
    assert run.stderr.startswith("error: no fixtures in")


def test_an_option_that_is_none_is_one_clear_line(scrapy: Any) -> None:
    run = scrapy("replay", "bergblick", "--udpate")
    assert (run.returncode, run.stderr) == (2, "error: unknown option --udpate; see --help\n")


@pytest.mark.parametrize("setting", ["DUPLICATES=keep", "COPIES_DAYS=x"])
def test_a_wrong_setting_is_one_clear_line(scrapy: Any, setting: str) -> None:
    run = scrapy("replay", "bergblick", "-s", setting)
    assert run.returncode == 2
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1
