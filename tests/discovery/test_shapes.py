from __future__ import annotations

import pytest

from aggregator.discovery.shapes import form, shape


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/", ""),
        ("https://a.example/index.html", ""),
        ("https://a.example/valley", "/W"),
        ("https://a.example/valley/dam-holds-at-last/", "/valley/S"),
        ("https://a.example/valley/dam-holds-at-last.html?utm_source=x", "/valley/S.html"),
        ("https://a.example/2024/05/17/valley/dam", "/D/D/D/valley/W"),
        ("https://a.example/story/c62662gzlp8o", "/story/*"),
        ("https://a.example/story/dam-holds-at-last", "/story/*"),
        ("https://a.example/valley/1024511/dam", "/valley/N/W"),
        ("https://a.example/valley/nx-s1-5727622/dam", "/valley/N/W"),
        ("https://a.example/?p=7", "?p"),
        ("https://a.example/show.php?id=7&x=y", "/W.php?id"),
        ("https://a.example/%E3%83%80%E3%83%A0%E3%81%AF", "/S"),
    ],
)
def test_urls_of_one_template_share_their_shape(url: str, expected: str) -> None:
    assert shape(url) == expected


@pytest.mark.parametrize(
    "path", ["/2024/05/17/dam", "/2024/may/17/dam", "/2024-05-17/dam", "/20240517-dam", "/news/2024/dam", "/2024/5/dam"]
)
def test_dates_in_a_path(path: str) -> None:
    assert form(f"https://a.example{path}").dated


@pytest.mark.parametrize(
    "path", ["/dam-2024", "/12024/05", "/1024511", "/20249917", "/top-100/dam", "/20240517123/dam"]
)
def test_numbers_that_are_no_dates(path: str) -> None:
    assert not form(f"https://a.example{path}").dated


def test_a_day_is_no_identifier() -> None:
    assert not form("https://a.example/archive/20240517").numbered
    assert form("https://a.example/archive/20249917").numbered


def test_a_service_has_a_subdomain_of_its_own() -> None:
    assert form("https://shop.dams.example/story/1024511").section
    assert not form("https://shop.example/story/1024511").section


@pytest.mark.parametrize(
    "url", ["https://a.example/" + "a-" * 50_000, "https://a.example/" + "/1" * 50_000, "http://a/%%%?&=&"]
)
def test_hostile_urls(url: str) -> None:
    form(url)
