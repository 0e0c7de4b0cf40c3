"""Keeps no story whose page asks robots not to, by the words that RIGHTS_OBEYED names."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from aggregator.items import Article, Rights
from aggregator.pipelines.drops import Blocked

WORDS = {"noindex", "nofollow", "none", "noarchive", "nocache", "nosnippet", "noimageindex", "notranslate"}
WORDS |= {"noai", "noimageai", "tdm-reservation"}


class RespectRights:
    """`obeyed`: words of robots meta and X-Robots-Tag; `tdm-reservation` stands for a reservation that is made."""

    def __init__(self, obeyed: frozenset[str]) -> None:
        self._obeyed = obeyed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        obeyed = frozenset(word.strip().lower() for word in crawler.settings.getlist("RIGHTS_OBEYED"))
        if not obeyed:
            raise NotConfigured
        if unknown := obeyed - WORDS:
            raise ValueError(f"RIGHTS_OBEYED may name {', '.join(sorted(WORDS))}, not {min(unknown)!r}")
        return cls(obeyed)

    def process_item(self, item: Article) -> Article:
        if hit := next((word for word in _words(item.rights) if word in self._obeyed), None):
            raise Blocked(f"its page says {hit}")
        return item


def _words(rights: Rights) -> list[str]:
    words = f"{rights.robots or ''}, {rights.ai or ''}".split(", ")
    if "none" in words:  # short for both
        words += ["noindex", "nofollow"]
    if (rights.tdm or "").startswith("1"):
        words.append("tdm-reservation")
    return words
