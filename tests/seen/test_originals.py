"""Which of two copies is to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aggregator.items import Article, Source
from aggregator.seen.index import Entry, Match
from aggregator.seen.originals import names, supersedes

Make = Callable[..., Article]
OLD, NEW = {"site": "old.example"}, {"site": "gazette.example"}
EARLY, LATE = "2024-05-06T07:00:00+00:00", "2024-05-06T10:00:00+02:00"


def match(old: Article, length: float) -> Match:
    return Match(Entry.of(old, b""), "near", [], False, False, length=length)


@pytest.mark.parametrize(
    ("old", "new", "length", "wanted"),
    [
        ({}, {}, 1.0, False),
        ({}, {}, 2.0, True),  # it is twice as long
        ({}, {}, 0.5, False),
        ({"source": Source("The Gazette")}, {}, 0.9, False),
        ({"source": Source("Gazette")}, {}, 0.5, True),  # the old one was taken from here
        ({}, {"source": Source(url="https://old.example/story")}, 2.0, False),
        ({"source": Source("Ostermark Agency")}, {}, 1.0, True),  # only the old one is a repost
        ({}, {"source": Source("Ostermark Agency")}, 1.0, False),
        ({"published_at": LATE}, {"published_at": EARLY}, 1.0, True),
        ({"published_at": EARLY}, {"published_at": LATE}, 1.0, False),
        ({"published_at": LATE}, {"published_at": EARLY, "site": "old.example"}, 1.0, False),
    ],
)
def test_the_original_and_what_says_more_supersede(
    article: Make, old: dict[str, Any], new: dict[str, Any], length: float, wanted: bool
) -> None:
    assert supersedes(article(2, **NEW | new), match(article(1, **OLD | old), length)) is wanted


def test_a_source_is_known_by_its_name_or_address() -> None:
    assert names("Old Gazette", None, "https://www.old-gazette.example/a")
    assert names(None, "https://news.old-gazette.example/story", "https://old-gazette.example/a")
    assert not names("AP", None, "https://maps.example/a")
