from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cleaning import repeated
from aggregator.items import Article, Block

FRAME = "The Valley Courier is read in five valleys."
STORY = "The dam held through the night, engineers said on Monday."


def article(*texts: str) -> Article:
    return Article(blocks=[Block("paragraph", text) for text in texts], text="\n\n".join(texts))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Page 3 of 12 in this series", "page 4 of 9 in this series …"),
        ("Published in The Valley Courier on 4.5.2024", "Published in The Valley Courier on 12.11.2024"),
        ("订阅山谷日报的每日邮件", "订阅《山谷日报》的每日邮件！"),
    ],
)
def test_numbers_case_and_signs_make_no_difference(one: str, other: str) -> None:
    assert repeated.block_print(one) == repeated.block_print(other) is not None


@pytest.mark.parametrize("text", ["", "* * *", "Background", "Half-time: 1-0", "14 degrees in Keldar", "背景"])
def test_blocks_that_say_too_little_have_no_print(text: str) -> None:
    assert repeated.block_print(text) is None


def test_cuts_what_is_repeated_and_says_so() -> None:
    got = article(FRAME, STORY, STORY, FRAME)
    repeated.strip(got, {repeated.block_print(FRAME)}, "courier.example")
    assert got.text == f"{STORY}\n\n{STORY}"
    assert [(cut.text, cut.rule) for cut in got.removed] == [(FRAME, "learned:courier.example")] * 2
    assert sorted(repeated.pieces(got.blocks, got.removed)) == sorted([FRAME, STORY, STORY, FRAME])


texts = st.lists(st.sampled_from([FRAME, STORY, "Background", "", "Short.", "订阅山谷日报的每日邮件"]), max_size=12)


@given(texts, st.sets(st.sampled_from([FRAME, STORY, "订阅山谷日报的每日邮件"])))
def test_never_empties_and_a_second_time_changes_nothing(blocks: list[str], known: set[str]) -> None:
    prints = {repeated.block_print(text) for text in known}
    got = article(*blocks)
    repeated.strip(got, prints, "courier.example")
    assert bool(got.text) == bool("".join(blocks)) or got.removed == []
    once = (list(got.blocks), list(got.removed), got.text)
    repeated.strip(got, prints, "courier.example")
    assert (got.blocks, got.removed, got.text) == once
