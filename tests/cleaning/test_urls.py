from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import rules
from aggregator.cleaning import urls

PARTS = st.text("abcXYZ0159-._~%/?&=;+:@[]\\#é中 \x00\t\ud800", max_size=30)
URLS = st.builds(
    "{}{}{}".format, st.sampled_from(["http://a.example/", "HTTPS://www.A.example:443", "//"]), PARTS, PARTS
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example:80/a", "http://news.example/a"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example/a/./b/../c", "https://news.example/a/c"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://reader:secret@news.example/a", "https://news.example/a"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://news.example/a;jsessionid=0AFF?b=1", "https://news.example/a?b=1"),
        ("https://news.example/?p=7&UTM_Source=x&fbclid=1", "https://news.example/?p=7"),
        ("https://news.example/?q=%A3+b", "https://news.example/?q=%A3+b"),
        ("https://www.theguardian.com/a?CMP=rss", "https://www.theguardian.com/a"),
    ],
)
def test_clean(url: str, expected: str) -> None:
    assert urls.clean(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.html",
        "//news.example/a",
        "mailto:a@news.example",
        "javascript:void(0)",
        "http://",
        "http://[::1",
        "http://a b/",
        "http://news..example/",
        "http://news.example:99999/",
        "http://news.example:port/",
        "http://\ud800/",
        "http://news.example/" + "a" * 5000,
    ],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert urls.clean(url) is None
    assert urls.key(url) == url


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/2024/dam-holds",
        "https://www.news.example/2024/dam-holds/",
        "https://m.news.example/2024/dam-holds",
        "https://amp.news.example/2024/dam-holds",
        "https://news.example/2024/dam-holds/amp/",
        "https://news.example/amp/2024/dam-holds",
        "https://news.example/2024/dam-holds?amp=1",
        "https://news.example/2024/dam-holds?outputType=amp",
        "https://news.example/2024/dam-holds/print",
        "https://news.example/2024/dam-holds?m=1",
        "https://news.example:443/2024/dam-holds/index.html?utm_medium=mail&gclid=3#top",
    ],
)
def test_editions_of_one_page_share_a_key(other: str) -> None:
    assert urls.key(other) == "news.example/2024/dam-holds"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/?p=1", "https://news.example/?p=2"),
        ("https://news.example/?p=1", "https://news.example/"),
        ("https://news.example/?m=202401", "https://news.example/?m=202402"),
        ("https://news.example/story", "https://news.example/Story"),
        ("https://news.example/story", "https://sport.news.example/story"),
        ("https://news.example/story", "https://news.example:8080/story"),
        ("https://news.example/amp", "https://news.example/"),
        ("https://news.example/?ref=1", "https://news.example/?ref=2"),
    ],
)
def test_pages_keep_their_own_key(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


def test_parameters_in_another_order_are_the_same_page() -> None:
    assert urls.key("https://news.example/s?a=1&b=2") == urls.key("https://news.example/s?b=2&a=1")


@given(URLS)
def test_clean_is_idempotent(url: str) -> None:
    cleaned = urls.clean(url)
    if cleaned is not None:
        assert urls.clean(cleaned) == cleaned
        assert urls.key(cleaned) == urls.key(url)


IGNORED = {*rules.load("tracking_params")["names"], *rules.load("url_variants")["params"]}
PREFIXES = tuple(rules.load("tracking_params")["prefixes"])


@given(
    st.from_regex(r"[a-z]{1,3}[a-z_]{0,6}", fullmatch=True).filter(
        lambda n: n not in IGNORED and not n.startswith(PREFIXES)
    ),
    st.sets(st.integers(0, 10**9), min_size=2, max_size=2),
    st.sampled_from(["/", "/index.php", "/story", "/amp/story"]),
)
def test_different_ids_are_never_one_page(name: str, ids: set[int], path: str) -> None:
    one, other = (urls.key(f"https://news.example{path}?{name}={n}&utm_source=x") for n in ids)
    assert one != other


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://news.example/", True),
        ("https://news.example/politics/", True),
        ("https://news.example/category/local-news", True),
        ("https://news.example/2024/", True),
        ("https://news.example/2024/05/", True),
        ("https://news.example/en", True),
        ("https://news.example/dam-holds-at-last", False),
        ("https://news.example/politics/123456", False),
        ("https://news.example/?p=7", False),
        ("https://news.example/article/c62662gzlp8o", False),
        ("https://news.example/a/%E6%B0%B4%E5%BA%93%E5%A4%A7%E5%9D%9D%E5%AE%89%E5%85%A8-%E6%9A%B4-%E9%9B%A8", False),
    ],
)
def test_is_front(url: str, front: bool) -> None:
    assert urls.is_front(url) is front


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://www.news.example/x", True),
        ("https://live.news.example/x", True),
        ("https://badnews.example/x", False),
        ("https://other.example/x", False),
    ],
)
def test_same_site(other: str, same: bool) -> None:
    assert urls.same_site("https://news.example/a", other) is same
