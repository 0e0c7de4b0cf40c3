from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.spiders.news import News


def test_several_urls_are_split_at_spaces_and_commas() -> None:
    spider = News(url="https://a.example/, http://www.b.example/news https://a.example/")
    assert spider.start_urls == ["https://a.example/", "http://www.b.example/news"]
    assert spider.sites == ["a.example", "b.example"]


def test_urls_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sites.txt"
    file.write_text("# ours\nhttps://a.example/  # daily\n\nhttps://b.example/\n")
    assert News(sites=str(file)).start_urls == ["https://a.example/", "https://b.example/"]


@pytest.mark.parametrize(
    "url", ["dam", "ftp://a.example/", "http://", "https:///dam", "http://[a.example/", "http://a:b/"]
)
def test_what_is_no_url_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ValueError, match="not a URL") as caught:
        News(url=url)
    assert "\n" not in str(caught.value)


def test_no_url_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no URL given"):
        News()


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot read the list of sites"):
        News(sites=str(tmp_path / "missing.txt"))
