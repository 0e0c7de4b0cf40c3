from __future__ import annotations

from typing import NamedTuple

from aggregator.cleaning.loader import ArticleLoader


class Claim(NamedTuple):
    value: str | None


def load(field: str, *values: str | None) -> object:
    loader = ArticleLoader()
    loader.trusted(field, map(Claim, values))
    return getattr(loader.load_item(), field)


def test_the_first_claim_that_cleans_to_something_counts() -> None:
    assert load("title", " <b></b> ", None, "Ships &amp; ports", "Other") == "Ships & ports"


def test_the_claim_that_counted_is_told() -> None:
    loader = ArticleLoader()
    assert loader.trusted("title", [Claim(" "), Claim("Dam holds")]) == Claim("Dam holds")
    assert loader.trusted("subtitle", [Claim(" ")]) is None


def test_a_section_that_is_a_sentence_and_an_address_that_is_none_are_dropped() -> None:
    assert load("section", "x" * 81, "Energy") == "Energy"
    assert load("canonical_url", "mailto:ilse@dam-times.example", "https://dam-times.example/a?utm_source=x") == (
        "https://dam-times.example/a"
    )


def test_a_way_back_and_a_missing_value_are_no_section() -> None:
    assert load("section", "undefined", "< Back to blog", "‹ Home", "Energy") == "Energy"


def test_lists_keep_their_order_and_lose_repetitions() -> None:
    loader = ArticleLoader()
    loader.add_value("tags", [" dam", "rain", "", '"', "dam", "y" * 101])
    assert loader.load_item().tags == ["dam", "rain"]
