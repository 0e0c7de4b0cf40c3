"""Pages that mislead, one folder a trap: what a reader sees there against what comes out, one test a field.

`fixtures/traps/<trap>/page.html` is the page, `truth.toml` what a person read on it. What the truth leaves out has its
default below. `published_at` may be a day alone where the page shows no time or no zone. `falls_short` names the fields
that come out wrong today, each with the reason: such a test fails as soon as the field comes out right.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aggregator import settings
from aggregator.cleaning import boilerplate
from aggregator.extraction import article
from aggregator.extraction.page import Page
from aggregator.items import NOT_ARTICLES, Article, Found

ROOT = Path(settings.FIXTURES) / "traps"
TRAPS = {file.parent.name: tomllib.loads(file.read_text("utf-8")) for file in sorted(ROOT.glob("*/truth.toml"))}
FETCHED = datetime(2026, 11, 20, 8, tzinfo=UTC)
DEFAULTS: dict[str, Any] = {
    "published_at": "", "authors": [], "posted_by": "", "source": "", "kind": "article", "access": "unknown",
    "partial": False,
}  # fmt: skip
READ = {
    "title": lambda found: found.title,
    "subtitle": lambda found: found.subtitle or "",
    "text": lambda found: found.text,
    "published_at": lambda found: found.published_at or "",
    "modified_at": lambda found: found.modified_at or "",
    "authors": lambda found: [author.name for author in found.authors],
    "posted_by": lambda found: found.posted_by or "",
    "source": lambda found: found.source.name if found.source else "",
    "agencies": lambda found: found.agencies,
    "kind": lambda found: found.kind,
    "access": lambda found: found.access,
    "partial": lambda found: found.extraction.partial,
    "tags": lambda found: found.tags,
    "captions": lambda found: [image.caption for image in found.images if image.caption],
    "blocks": lambda found: [block.type for block in found.blocks],
    "embeds": lambda found: [block.url for block in found.blocks if block.type == "embed"],
    "entries": lambda found: [block.published_at for block in found.blocks if block.published_at],
    "speakers": lambda found: [block.speaker for block in found.blocks if block.speaker],
    "rules": lambda found: [cut.rule for cut in found.removed],
}
ABOUT = {"url", "found", "arrived", "falls_short"}


def cases() -> list[Any]:
    out = []
    for trap, truth in TRAPS.items():
        refused = truth.get("kind") in NOT_ARTICLES
        for field in truth.keys() - ABOUT if refused else (truth.keys() | DEFAULTS.keys()) - ABOUT:
            reason = truth.get("falls_short", {}).get(field)
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            out.append(pytest.param(trap, field, id=f"{trap}:{field}", marks=marks))
    return sorted(out, key=lambda case: str(case.id))


@cache
def read(trap: str) -> Article:
    truth = TRAPS[trap]
    found = Found(truth["url"], "trap", truth["url"], **truth["found"]) if "found" in truth else None
    html = (ROOT / trap / "page.html").read_bytes()
    out = article.read(Page.parse(html, truth["url"], FETCHED, found=found, **truth.get("arrived", {})))
    boilerplate.strip(out)
    return out


@pytest.mark.parametrize(("trap", "field"), cases())
def test_field(trap: str, field: str) -> None:
    truth, found = TRAPS[trap].get(field, DEFAULTS.get(field)), READ[field](read(trap))
    if field.endswith("_at") and truth and found:
        if len(truth) == len("2026-11-20"):
            found = found[: len(truth)]
        else:
            truth, found = datetime.fromisoformat(truth), datetime.fromisoformat(found)
    assert found == truth


@pytest.mark.parametrize("trap", [trap for trap, truth in TRAPS.items() if truth.get("kind") in NOT_ARTICLES])
def test_what_is_refused_has_its_reason(trap: str) -> None:
    assert read(trap).evidence["kind"]["raw"]
