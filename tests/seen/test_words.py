from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.seen.words import LONGEST, NAME, NUMBER, read


def values(text: str) -> list[int]:
    return read(text)[0].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dam holds", "THE Dam,   holds!\n"),
        ("don't well-known", "don’t wellknown"),
        ("Über Köln", "ÜBER köln"),
        ("1,500 crowns", "1500 crowns"),
        ("dam 🌊 holds — today", "dam holds today"),
        ("水坝。坚持", "水 坝 坚 持"),
        ("", " … 🌊\n"),
    ],
)
def test_case_punctuation_and_white_space_do_not_count(one: str, other: str) -> None:
    assert values(one) == values(other)


def test_other_words_and_another_order_have_other_values() -> None:
    words = ["dam", "mad", "dams", "da", "m", "damm", "dam1", "水", "坝", "é", "e"]
    assert len(set(values(" ".join(words)))) == len(words)
    assert values("dam holds") == values("holds dam")[::-1]


def test_a_word_has_its_value_wherever_it_stands() -> None:
    assert set(values("dam " * 5000)) == set(values("dam"))


def test_numbers_and_names_are_told() -> None:
    _, kinds = read("Ilse paid 1,500 for 3rd of 水坝 in Keldar")
    assert kinds.tolist() == [NAME, 0, NUMBER, 0, 0, 0, 0, 0, 0, NAME]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found, kinds = read(text)
    assert len(found) == len(kinds)
    assert bool(np.all(kinds <= (NUMBER | NAME)))


def test_a_giant_text_is_read_to_a_bound() -> None:
    assert len(read("ab " * LONGEST)[0]) == LONGEST // 3
