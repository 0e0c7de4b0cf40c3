"""Lines of the text that another field tells already."""

from __future__ import annotations

import pytest

from aggregator.extraction import told
from aggregator.items import Article, Author, Block, Image, Removed

STORY = "The dam above Halden held through the night, engineers said on Monday, and the road is open again."


LINES = [f"{number} gates were opened on Monday, when the lake stood high below the crest." for number in range(1, 6)]


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
    article = story(STORY, "The road opened at noon.", "Header image: Jo Keldar / AFP")
    told.cut(article)
    assert article.removed == [Removed("Header image: Jo Keldar / AFP", "told:credit")]


def test_what_a_last_line_tells_of_the_author_is_cut() -> None:
    article = story(STORY, "Ann Weir has written on dams for ten years.", authors=[Author("Ann Weir")])
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]


@pytest.mark.parametrize(
    "line", ["The dam in May. (Symbolbild: Jo K./Bildhaus)", "Header image: The dam at Halden, seen from the old road"]
)
def test_a_caption_without_its_picture_is_cut(line: str) -> None:
    article = story(STORY, line)
    told.cut(article)
    assert article.removed == [Removed(line, "told:caption")]


@pytest.mark.parametrize("line", ["Credits:", "Whoever stood on the dam (left) saw it."])
def test_what_is_no_caption_stays(line: str) -> None:
    article = story(STORY, line, *LINES)
    told.cut(article)
    assert line in [block.text for block in article.blocks]


def test_a_paragraph_that_is_set_as_a_heading_stays_at_the_end() -> None:
    article = story(STORY)
    article.blocks.append(Block("heading", "And so the dam holds.", level=2))
    told.cut(article)
    assert len(article.blocks) == 2


def test_a_heading_with_nothing_below_it_is_cut() -> None:
    article = story(STORY)
    article.blocks.append(Block("heading", "Gallery", level=2))
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]
    assert article.removed == [Removed("Gallery", "told:heading")]


def test_a_lead_that_the_first_paragraph_begins_with_is_told_once() -> None:
    article = story(f"{STORY[:-1]} …", STORY, *LINES)
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY, *LINES]
    assert article.removed == [Removed(f"{STORY[:-1]} …", "told:again")]


def test_a_story_that_a_page_tells_twice_for_two_widths_of_screen_is_told_once() -> None:
    article = story(STORY, *LINES, "Dam holds", STORY, *LINES, title="Dam holds")
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY, *LINES]


def test_a_refrain_is_no_second_telling() -> None:
    song = [LINES[0], LINES[1], STORY, LINES[2], STORY, LINES[3], STORY, LINES[4], STORY, "The end"]
    article = story(*song)
    told.cut(article)
    assert [block.text for block in article.blocks] == song


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


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Sources:", "told:heading"),
        ("Das Thema könnte dich auch interessieren:", "told:heading"),
        ("* * *", "told:number"),
        ("17302", "told:number"),
        ("pp", "told:signature"),
        ("(dr/spot)", "told:signature"),
        ("（羅森）", "told:signature"),
    ],
)
def test_a_last_line_that_tells_nothing_is_cut(line: str, rule: str) -> None:
    article = story(STORY, line)
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]
    assert article.removed == [Removed(line, rule)]


@pytest.mark.parametrize(
    "line", ["– „Ok.“", "Love", "Ամբարտակը պահել է:", "The gates are open, and the keeper adds: “Come.”"]
)
def test_a_last_line_that_tells_something_stays(line: str) -> None:
    article = story(STORY, line)
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY, line]


def test_a_counter_before_the_text_is_cut() -> None:
    article = story("48", STORY)
    told.cut(article)
    assert [block.text for block in article.blocks] == [STORY]
