from __future__ import annotations

import numpy as np

from aggregator.extraction import model
from aggregator.extraction.forest import Forest


def test_a_forest_adds_up_the_leaves_its_conditions_lead_to():
    # one tree: x0 <= 1 ? leaf0 : (x1 <= 5 ? leaf1 : leaf2)
    forest = Forest(
        feature=np.array([[0, 1]]),
        threshold=np.array([[1.0, 5.0]], np.float32),
        mask=np.array([[0xFFFFFFFF & ~0b001, 0xFFFFFFFF & ~0b010]], np.uint32),
        value=np.array([[-2.0, 0.0, 2.0]]),
    )
    rows = np.array([[1, 9], [2, 5], [2, 6]], np.float32)
    assert np.round(forest(rows.T), 3).tolist() == [0.119, 0.5, 0.881]


def test_forests_judge_many_rows_as_they_judge_one():
    forest, _ = model.learned()
    table = np.linspace(0, 1, 300 * 280, dtype=np.float32).reshape(280, 300)
    assert np.allclose(forest(table), np.concatenate([forest(table[:, i : i + 1]) for i in range(300)]))
