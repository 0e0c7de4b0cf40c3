"""Lines of the text that another field tells already."""

from __future__ import annotations

import pytest

from aggregator.extraction import told
from aggregator.items import Article, Author, Block, Image, Removed

STORY = "The dam above Halden held through the night, engineers said on Monday, and the road is open again."


def story(*texts: str, **known: object) -> Article:
    return Article(blocks=[Block("paragraph", text) for text in texts], **known)  # type: ignore[arg-type]


def test_a_caption_that_stands_in_the_text_again_is_cut() -> None:
    article = story("The dam on Monday", STORY, images=[Image("https://a.example/dam.jpg", "The dam on Monday")])
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]
    assert article.removed == [Removed("The dam on Monday", "told:caption")]


def test_the_byline_that_gave_the_authors_is_cut() -> None:
    article = story("By Ilse Brandt", STORY, evidence={"authors": {"from": "byline:head", "raw": "By Ilse Brandt"}})
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]


def test_a_byline_of_a_known_author_is_cut_whatever_gave_the_name() -> None:
    article = story("Written by: Ann Weir", STORY, authors=[Author("Ann Weir")])
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]


def test_a_picture_s_credit_at_the_text_s_end_is_cut() -> None:
    article = story(STORY, STORY, "Header image: Jo Keldar / AFP")
    told.cut(article)
    assert article.removed == [Removed("Header image: Jo Keldar / AFP", "told:credit")]


def test_the_clock_of_the_theme_is_cut() -> None:
    article = story("Date: May 30, 2024 Time: 19:57:47", STORY)
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]


def test_a_text_is_never_emptied() -> None:
    article = story("Date: May 30, 2024 Time: 19:57:47")
    told.cut(article)
    assert len(article.blocks) == 1


@pytest.mark.parametrize(
    "line", ["On May 30, 2024 the old bridge at Brennick went", "In 1962 the dam was built", STORY]
)
def test_a_sentence_with_a_date_is_no_clock(line: str) -> None:
    assert not told.is_clock(line)
