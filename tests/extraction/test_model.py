from __future__ import annotations

import numpy as np

from aggregator.extraction import characters, lexicon, model


def test_a_forest_adds_up_the_leaves_its_conditions_lead_to():
    # one tree: x0 <= 1 ? leaf0 : (x1 <= 5 ? leaf1 : leaf2)
    forest = model.Forest(
        feature=np.array([[0, 1]]),
        threshold=np.array([[1.0, 5.0]], np.float32),
        mask=np.array([[0xFFFFFFFF & ~0b001, 0xFFFFFFFF & ~0b010]], np.uint32),
        value=np.array([[-2.0, 0.0, 2.0]]),
    )
    rows = np.array([[1, 9], [2, 5], [2, 6]], np.float32)
    assert np.round(forest(rows), 3).tolist() == [0.119, 0.5, 0.881]


def test_forests_judge_many_rows_as_they_judge_one():
    first, _ = model.forests()
    rows = np.linspace(0, 1, 300 * 250, dtype=np.float32).reshape(300, 250)
    assert np.allclose(first(rows), np.concatenate([first(row[None]) for row in rows]))


def test_the_lexicon_leans_against_captions():
    words = lexicon.learned()
    assert words.named(("caption",))[0] < 0
    assert words.named(()) == (0, 0, 0, 0, 0, 0)


def test_words_of_short_texts_are_all_asked():
    words = lexicon.Lexicon({}, {}, {"^read more": -0.9, "more": -0.1, "=read more": -0.8})
    assert words.spoken("Read more", True)[1] == lexicon.Lean((-0.9 - 0.9 - 0.1 - 0.8) / 4, -0.9, -0.1, -0.9, 0.0)
    assert words.spoken("Read more", False)[1].least == -0.9


def test_characters_are_counted_in_any_script():
    counted = characters.count(["The Dam, 2024.", "水位が下がった。", "Дом был пуст"])
    assert counted["words"].tolist() == [3, 1 + 7 / 2, 3]
    assert counted["ends"].tolist() == [1, 1, 0]
    assert counted["digit"].tolist() == [4, 0, 0]
    assert counted["capital"].tolist() == [2, 0, 1]
    assert counted["low"].tolist() == [0, 0, 2]
