from __future__ import annotations

import pytest

from aggregator.discovery.proxies import target

STORY = "https://news.example/dam"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.google.com/url?rct=j&url={STORY}&ct=ga",
        "https://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fnews.example%2fdam&c=7",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fdam&h=x",
        f"https://pile.example/out/?to={STORY}",
        f"https://pile.example/goto/{STORY}",
        "https://pile.example/redirect/https%3A%2F%2Fnews.example%2Fdam",
    ],
)
def test_a_redirector_says_where_it_leads(url: str) -> None:
    assert target(url) == STORY


@pytest.mark.parametrize(
    "url",
    [
        STORY,
        "https://news.example/http-is-thirty",
        f"https://www.facebook.com/sharer.php?u={STORY}",
        f"https://news.example/login?redirect={STORY}",
        f"https://web.archive.example/web/2024/{STORY}",
        "https://pile.example/out?url=http://[",
        "https://pile.example/out?url=https://",
        "https://pile.example/out?url=javascript:http",
    ],
)
def test_what_does_not(url: str) -> None:
    assert target(url) is None
