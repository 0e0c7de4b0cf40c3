from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.items import Article
from aggregator.seen.identity import identity, normal

Make = Callable[..., Article]


@pytest.mark.parametrize(
    "text",
    [
        "“Dams” hold – he’s sure",
        '"Dams" hold - he\'s sure',
        "  «DAMS»\nhold — he´s\u00a0sure ",
        "„Dams‟ hold ― he`s sure",
    ],
)
def test_case_quotes_dashes_and_spaces_make_no_difference(text: str) -> None:
    assert normal(text) == '"dams" hold - he\'s sure'


def test_digits_do() -> None:
    assert normal("3 dams") != normal("4 dams")


@given(st.text())
def test_normal_is_idempotent(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_a_long_text_is_known_under_any_title(article: Make) -> None:
    one, other = article(1, text="A long story. " * 30), article(2, text="A long  STORY. " * 30)
    assert identity(one).text == identity(other).text


def test_a_short_text_is_known_with_its_title_only(article: Make) -> None:
    one, other = article(1, text="For subscribers."), article(2, text="For subscribers.")
    assert identity(one).text != identity(other).text
    other.title = one.title
    assert identity(one).text == identity(other).text


def test_a_canonical_url_is_another_address(article: Make) -> None:
    canonical = "https://www.news.example/politics/dam-holds-at-last"
    mine = identity(article(1, canonical_url=canonical))
    assert mine.canonical == identity(article(2, url=canonical)).url
    assert mine.source is None


@pytest.mark.parametrize(
    "canonical",
    [
        None,
        "https://news.example/",
        "https://news.example/politics",
        "https://news.example/wirtschaft-und-boerse-heute/",  # the section that the story lies in
        "http://www.news.example/wirtschaft-und-boerse-heute/story-number-1?utm_source=a",  # itself
    ],
)
def test_a_canonical_url_that_names_no_other_page_is_ignored(article: Make, canonical: str | None) -> None:
    url = "https://news.example/wirtschaft-und-boerse-heute/story-number-1"
    mine = identity(article(1, url=url, canonical_url=canonical))
    assert (mine.canonical, mine.source) == (None, None)


@pytest.mark.parametrize("page", ["2", "page/3"])
def test_later_pages_of_a_story_belong_to_its_first(article: Make, page: str) -> None:
    first = article(1)
    later = article(2, url=f"{first.url}/{page}", canonical_url=first.url)
    assert identity(later).canonical == identity(first).url


def test_a_canonical_url_on_another_site_is_a_source(article: Make) -> None:
    original = article(1, site="outlet.example")
    mine = identity(article(2, canonical_url=original.url))
    assert (mine.canonical, mine.source) == (None, identity(original).url)
    assert mine.source not in dict(mine.claims())


@pytest.mark.parametrize(
    "change", [{"title": "Dams broke"}, {"text": "All else."}, {"modified_at": "2024-05-07T00:00:00Z"}]
)
def test_a_revision_changes_the_state(article: Make, change: dict[str, str]) -> None:
    assert identity(article(1, **change)).state != identity(article(1)).state


def test_noise_does_not(article: Make) -> None:
    noisy = article(1, title="story  number 1", tags=["dams"], fetched_at="2024-05-09T00:00:00+00:00")
    assert identity(noisy).state == identity(article(1)).state
