from __future__ import annotations

from aggregator.cleaning.phrases import Phrases

BY = Phrases(["by", "written by", "von", "作者"])


def test_the_longest_phrase_at_the_start_counts_whatever_its_case() -> None:
    assert BY.at_start("Written by Ilse") == len("Written by")
    assert BY.at_start("BY: Ilse") == 2
    assert BY.at_start("Ilse") == 0


def test_a_phrase_inside_a_word_is_no_match() -> None:
    assert BY.at_start("Bystanders held") == 0
    assert BY.find("Nearby von-hier") == (7, 10)
    assert BY.find("nearby") is None


def test_scripts_without_spaces_are_searched_inside_words() -> None:
    assert BY.at_start("作者王小明") == 2
    assert BY.find("本文作者王小明") == (2, 4)


def test_letters_that_grow_when_lowered_do_not_shift_places() -> None:
    assert BY.find("İİİ by Ilse") == (4, 6)
