from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aggregator.extraction import live
from aggregator.extraction.page import Page

CLOCKS = ["21:10", "20:45", "19:30"]


def read(html: str, head: str = "") -> list[live.Entry]:
    page = Page.parse(f"<head>{head}</head><body>{html}</body>", "https://dam-times.de/live/dam", datetime.now(UTC))
    return live.read(page, page.text)


def entries(time: str, name: str = "live-entry") -> str:
    return "".join(
        f"<div class='{name}'>{time.replace('{}', clock)}<h3>The gauge at {clock}</h3><p>The dam holds.</p></div>"
        for clock in CLOCKS
    )


def moments(found: list[live.Entry]) -> list[str | None]:
    return [entry.at.isoformat() if entry.at else None for entry in found]


@pytest.mark.parametrize("value", ["2024-05-17T{}:00+02:00", "2024-05-17 {}", "2024-05-17T{}"])
def test_each_entry_has_its_moment_and_the_lines_that_tell_it(value: str) -> None:
    found = read(entries("<p><time datetime='" + value + "'>{}</time></p>"))
    assert moments(found) == [f"2024-05-17T{clock}:00+02:00" for clock in CLOCKS]
    assert [entry.lines for entry in found] == [[0], [3], [6]]


def test_moments_of_json_ld_are_found_again_by_headline_and_shown_in_the_sites_zone() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": f"The gauge at {clock}", "datePublished": f"2024-05-17T{clock}:07Z"}
        for clock in CLOCKS
    ]
    node = {"@type": "LiveBlogPosting", "headline": "The dam", "liveBlogUpdate": updates}
    found = read(entries("<span>{}</span>", "x1"), f'<script type="application/ld+json">{json.dumps(node)}</script>')
    assert moments(found) == ["2024-05-17T23:10:07+02:00", "2024-05-17T22:45:07+02:00", "2024-05-17T21:30:07+02:00"]


def test_an_entry_that_shows_no_day_has_no_moment() -> None:
    assert moments(read(entries("<p>{} Uhr</p>"))) == [None, None, None]


def test_teasers_with_times_are_no_entries() -> None:
    assert read(entries("<p><time datetime='2024-05-17T{}'>{}</time></p>", "teaser")) == []


def test_two_entries_make_no_live_blog() -> None:
    assert read(entries("<p>{}</p>").split("<div", 2)[2]) == []


def test_of_very_many_entries_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_ENTRIES", 2)
    monkeypatch.setattr(live, "FEW", 2)
    assert moments(read(entries("<p><time datetime='2024-05-17T{}'>{}</time></p>"))) == [
        f"2024-05-17T{clock}:00+02:00" for clock in CLOCKS[:2]
    ]
