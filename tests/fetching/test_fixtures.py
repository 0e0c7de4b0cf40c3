from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from aggregator.fetching.fixtures import Fixture, of_site


def folder(parent: Path, date: str = "2024-05-06", moment: str = "2024-05-06T07:08:09+00:00") -> Path:
    made = parent / "site" / date
    made.mkdir(parents=True)
    (made / "front.html").write_text("<p>Hello")
    pages = {
        "http://a.example/": {"file": "front.html", "headers": {"Content-Type": "text/html"}},
        "http://a.example/gone page": {"status": 404},
    }
    (made / "pages.json").write_text(json.dumps({"fetched_at": moment, "pages": pages}))
    return made


def test_a_page_comes_back_as_scrapy_would_have_received_it(tmp_path: Path) -> None:
    response = Fixture.read(folder(tmp_path)).pages["http://a.example/"].response("http://a.example/")
    assert isinstance(response, HtmlResponse)
    assert response.css("p::text").get() == "Hello"


def test_urls_are_spelled_as_scrapy_asks_for_them_and_a_page_may_have_no_file(tmp_path: Path) -> None:
    gone = Fixture.read(folder(tmp_path)).pages["http://a.example/gone%20page"]
    assert (gone.status, gone.body()) == (404, b"")


def test_a_moment_without_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no UTC offset"):
        Fixture.read(folder(tmp_path, moment="2024-05-06T07:08:09"))


def test_a_sites_fixtures_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    made = [folder(tmp_path, "2024-06-01"), folder(tmp_path, "2023-01-01")]
    assert [fixture.folder for fixture in of_site(tmp_path, "site")] == made[::-1]
