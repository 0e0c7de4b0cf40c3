"""Every site's saved pages through the real spiders, loaders and pipelines: one test a field, so a failure names it."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from aggregator.commands.replay import differences, replay
from aggregator.fetching.fixtures import of_site
from aggregator.items import Article
from aggregator.settings import FIXTURES

ROOT = Path(FIXTURES)
SITES = {
    f"{site.name}-{fixture.folder.name}": (site.name, fixture)
    for site in sorted(ROOT.iterdir())
    for fixture in of_site(ROOT, site.name)
}


@cache
def replayed(case: str) -> tuple[list[dict[str, Any]], list[str]]:
    settings = Settings()
    settings.setmodule("aggregator.settings")
    return replay(settings, *SITES[case])


def told(case: str, field: str) -> list[str]:
    found = differences(SITES[case][1].expected(), replayed(case)[0])
    return [f"{one.url}: {one.expected!r} became {one.actual!r}" for one in found if one.field == field]


@pytest.mark.parametrize("field", [field.name for field in fields(Article)])
@pytest.mark.parametrize("case", SITES)
def test_field(case: str, field: str) -> None:
    assert told(case, field) == []


@pytest.mark.parametrize("case", SITES)
def test_no_page_is_missing(case: str) -> None:
    articles, missing = replayed(case)
    assert missing == []
    assert articles
