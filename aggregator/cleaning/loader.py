"""From claims to clean values: one declaration a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Compose, MapCompose, TakeFirst

from aggregator import rules
from aggregator.cleaning import text, urls
from aggregator.items import Article

MANY = 200  # members of a list; a page may name tens of thousands


def _nonempty(value: str) -> str | None:
    return value or None


def _spelt(value: str) -> str | None:
    return value if any(map(str.isalnum, value)) else None


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))[:MANY]


def _first_of(value: str) -> str:
    """'Politics,Headlines': some sites list all of a story's sections."""
    return re.split(r",(?=[^\W\d])", value, maxsplit=1)[0]


def _named(value: str) -> str | None:
    """'undefined' and '< Back to blog' name no section."""
    return None if value[:1] in "<‹«←" or value.lower() in rules.load("headlines")["section"]["none"] else value


def _shorter_than(limit: int) -> Callable[[str], str | None]:
    return lambda value: value if len(value) <= limit else None


class ArticleLoader(ItemLoader):
    """Normalises the claims of an article's fields; one that cleans to nothing is dropped, so the next one counts."""

    default_item_class = Article
    default_input_processor = MapCompose(text.from_markup, _nonempty)
    default_output_processor = TakeFirst()

    url_in = canonical_url_in = MapCompose(urls.clean)
    section_in = MapCompose(text.from_markup, _first_of, _nonempty, _named, _shorter_than(80))
    tags_in = breadcrumbs_in = MapCompose(text.from_markup, _spelt, _shorter_than(100))
    tags_out = breadcrumbs_out = Compose(_distinct)

    # The processors are here, none with the item's fields: itemloaders would look through all of those each time.
    def get_input_processor(self, field_name: str) -> Callable[..., Any]:
        return getattr(self, f"{field_name}_in", self.default_input_processor)

    def get_output_processor(self, field_name: str) -> Callable[..., Any]:
        return getattr(self, f"{field_name}_out", self.default_output_processor)

    def trusted(self, field: str, claims: Iterable[Any]) -> Any:
        """Load the first claim that cleans to something, and return that claim; None where none does."""
        for claim in claims:
            self.replace_value(field, claim.value)
            if self.get_output_value(field):
                return claim
        return None
