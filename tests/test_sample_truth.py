"""What people read on the sample pages, against what the project wrote: one test a field.

`tests/sample_truth/<site>.toml` was written by hand with the pages; `expected.jsonl` comes from the project. The two
must agree, so that updating the expected output cannot make an error the rule.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TRUTH = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((HERE / "sample_truth").glob("*.toml"))}
STORIES = [(site, story) for site, truth in TRUTH.items() for story in truth["story"]]


def written(site: str) -> dict[str, dict[str, Any]]:
    expected = next((HERE.parent / "fixtures" / site).glob("*/expected.jsonl"))
    return {line["url"]: line for line in map(json.loads, expected.read_text("utf-8").splitlines())}


def moment(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["published_at"])


READ = {
    "title": lambda line: line["title"],
    "subtitle": lambda line: line["subtitle"],
    "text": lambda line: line["text"],
    "published_at": lambda line: moment(line),
    "published_on": lambda line: moment(line).date().isoformat(),
    "authors": lambda line: [author["name"] for author in line["authors"]],
    "posted_by": lambda line: line["posted_by"],
    "source": lambda line: (line["source"] or {}).get("name"),
    "agencies": lambda line: line["agencies"],
    "kind": lambda line: line["kind"],
    "access": lambda line: line["access"],
}
CASES = [
    pytest.param(site, story, field, id=f"{site}:{story['url'].rstrip('/').rsplit('/', 1)[-1][:30]}:{field}")
    for site, story in STORIES
    for field in story
    if field != "url"
]


@pytest.mark.parametrize(("site", "story", "field"), CASES)
def test_field(site: str, story: dict[str, Any], field: str) -> None:
    lines = written(site)
    if story["url"] not in lines and lines.keys() & twins(site, story["url"]):
        return  # the copy is written, which has its own tests
    truth = datetime.fromisoformat(story[field]) if field == "published_at" else story[field]
    assert READ[field](lines[story["url"]]) == truth


def twins(site: str, url: str) -> set[str]:
    """The URLs of the same story, its own included."""
    return next((set(urls) for urls in TRUTH[site].get("same_story", []) if url in urls), {url})


@pytest.mark.parametrize("site", TRUTH)
def test_every_story_is_written_once_and_nothing_else(site: str) -> None:
    lines = written(site)
    stories = {frozenset(twins(site, story["url"])) for story in TRUTH[site]["story"]}
    assert [sorted(urls) for urls in stories if len(urls & lines.keys()) != 1] == []
    assert len(lines) == len(stories)
