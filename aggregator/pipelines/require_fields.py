"""No line without a story: what is no article, or lacks its title, text or URL, is dropped with the reason."""

from __future__ import annotations

from aggregator.items import NOT_ARTICLES, Article
from aggregator.pipelines.drops import NotArticle, Rejected

REQUIRED = ("url", "title", "text")


class RequireFields:
    def process_item(self, item: Article) -> Article:
        if item.kind in NOT_ARTICLES:
            evidence = item.evidence.get("kind")
            raise NotArticle(f"{item.kind} ({evidence['from']}: {evidence['raw']})" if evidence else item.kind)
        if missing := [name for name in REQUIRED if not getattr(item, name)]:
            raise Rejected(f"no {', '.join(missing)}")
        return item
