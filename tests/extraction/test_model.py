from __future__ import annotations

import numpy as np

from aggregator.extraction import characters, lexicon


def spoken(words: lexicon.Lexicon, *texts: str) -> list[dict[str, float]]:
    said = words.spoken(lexicon.first_words(texts), [len(text) for text in texts])
    return [dict(zip(lexicon.SPOKEN, np.round(row, 6).tolist(), strict=True)) for row in said.T]


def test_the_lexicon_leans_against_captions():
    (mean, *_), nothing = lexicon.learned().named([("caption",), ()]).T
    assert mean < 0
    assert nothing.tolist() == [0, 0, 0, 0, 0]


def test_names_are_known_by_themselves_and_by_what_is_around():
    words = lexicon.Lexicon({"story": 0.5, "share": -0.9}, {"page": 0.2, "share": -0.4}, {}, {})
    assert words.named([("story", "share", "x"), ("page",)]).T.tolist() == [
        [-0.2, -0.9, -0.4, -0.4, 0],
        [0, 0, 0.2, 0, 0.2],
    ]


def test_words_of_short_texts_are_all_asked():
    words = lexicon.Lexicon({}, {}, {"^read more": -0.9, "more": -0.1, "=read more": -0.8}, {})
    short, long, none = spoken(words, "Read more", "Read more " + "x" * lexicon.HEAD, "…")
    assert (short["said"], short["said.least"], short["said.first"]) == ((-0.9 - 0.9 - 0.1 - 0.8) / 4, -0.9, -0.9)
    assert (long["said"], long["said.least"], long["said.final"]) == (-0.9, -0.9, 0)
    assert set(none.values()) == {0}


def test_the_longest_known_ending_counts():
    words = lexicon.Lexicon({}, {}, {"$more": 0.2, "$read more": -0.6}, {})
    assert [one["said.final"] for one in spoken(words, "Here you read more", "No more", "Read")] == [-0.6, 0.2, 0]


def test_all_words_of_a_long_text_set_its_tone():
    words = lexicon.Lexicon({}, {}, {}, {"cookies": -0.9, "consent": -0.6, "browser": -0.3, "dam": 0.6})
    text = "We ask for your consent to store cookies in your browser, where the dam holds them all."
    long, short = spoken(words, text, "Cookies")
    assert (long["tone"], long["tone.worst"], long["tone.known"]) == (-0.3, -0.6, 4)
    assert short["tone.known"] == 0


def test_words_are_read_in_any_script():
    assert lexicon.first_words(["The Dam, 2024", "— 😀", "Дом был\u2028пуст"]) == [
        ["the", "dam", "0"], [], ["дом", "был", "пуст"]
    ]  # fmt: skip


def test_characters_are_counted_in_any_script():
    counted = characters.count(["The Dam, 2024.", "水位が下がった。", "Дом был пуст"])
    assert counted["words"].tolist() == [3, 1 + 7 / 2, 3]
    assert counted["ends"].tolist() == [1, 1, 0]
    assert counted["upper"].tolist() == [2, 0, 1]
    assert counted["capital"].tolist() == [2, 0, 1]
    assert counted["low"].tolist() == [0, 0, 2]
