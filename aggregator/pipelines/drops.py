"""Why an item is not written. The class is the URL's fate in snake case, the message its reason."""

from __future__ import annotations

from scrapy.exceptions import DropItem


class NotArticle(DropItem):
    """The page is a listing, a stub, an error page or a wall."""


class Blocked(DropItem):
    """The page asks not to be kept."""


class Rejected(DropItem):
    """The article lacks something that every line has."""


class Duplicate(DropItem):
    """Another article says the same."""

    def __init__(self, reason: str, article: str) -> None:
        super().__init__(reason)
        self.article = article  # its id


class Unchanged(DropItem):
    """The article was written by an earlier run and is still the same."""

    def __init__(self, reason: str, article: str) -> None:
        super().__init__(reason)
        self.article = article


class Failed(DropItem):
    """The line could not be written."""
