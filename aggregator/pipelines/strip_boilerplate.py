"""Cuts disclaimers, credits and prompts out of the story; what is cut is kept in `removed`."""

from __future__ import annotations

from aggregator.cleaning import boilerplate
from aggregator.items import Article


class StripBoilerplate:
    def process_item(self, item: Article) -> Article:
        boilerplate.strip(item)
        return item
