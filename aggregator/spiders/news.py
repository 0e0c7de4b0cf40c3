"""Any news site, with no code written for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.extraction.page import SiteFacts
from aggregator.spiders.base import SiteSpider
from aggregator.spiders.sources import fetchable


class News(SiteSpider):
    """`-a url=…` (several by space or comma) or `-a sites=FILE` (one URL a line, # starts a comment)."""

    name = "news"

    def __init__(self, url: str = "", sites: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = [*re.split(r"[\s,]+", url), *(_lines(Path(sites)) if sites else ())]
        self.start_urls = list(dict.fromkeys(_checked(one) for one in given if one))
        if not self.start_urls:
            raise ValueError('no URL given: -a url="https://a.example/ https://b.example/" or -a sites=FILE')

    @classmethod
    def facts(cls) -> SiteFacts | None:
        return None

    def site_of(self, url: str) -> str:
        return (urlsplit(url).hostname or "").removeprefix("www.")


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ValueError(f"cannot read the list of sites {file}: {error}") from error
    return [line.partition("#")[0].strip() for line in text.splitlines()]


def _checked(url: str) -> str:
    if not fetchable(url):
        raise ValueError(f"not a URL: {url!r} (whole, like https://news.example/)")
    return url
