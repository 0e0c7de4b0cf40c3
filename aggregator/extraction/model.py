"""The learned judgement of segments: two forests of decision trees and a lexicon, evaluated with numpy alone.

`tests/benchmarks/train_body.py` learns them and writes `body_trees.npz` and `body_words.json` beside this file.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction import features, lexicon
from aggregator.extraction.blocks import Text
from aggregator.extraction.sheet import Context
from aggregator.extraction.stacking import FLOOR, second_stage

KEEP = 0.5
ROWS = 256  # judged at once


class Forest:
    """Boosted trees of at most 32 leaves, all conditions of all trees tested at once.

    A condition that fails rules out the leaves on its left; the first leaf that is left is the tree's answer
    (QuickScorer, Lucchese et al., SIGIR 2015). Shapes: `feature`, `threshold` and `mask` (trees, conditions), `value`
    (trees, leaves). Rows lie innermost in memory: each step is then one pass over whole columns.
    """

    def __init__(
        self,
        feature: NDArray[np.int64],
        threshold: NDArray[np.float32],
        mask: NDArray[np.uint32],
        value: NDArray[np.float64],
    ) -> None:
        self.shape = feature.shape[::-1]  # conditions, trees
        self.feature = feature.T.astype(np.intp).ravel()
        self.threshold, self.gone = threshold.T.reshape(-1, 1), ~mask.T.reshape(-1, 1)
        self.value = value.ravel()
        self.start = np.arange(0, value.size, value.shape[1])[:, None]

    def __call__(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each row, by `table` (features, rows)."""
        out = np.zeros(table.shape[1])
        for start in range(0, len(out), ROWS):
            columns = table[:, start : start + ROWS]
            failed = columns.take(self.feature, axis=0, mode="clip") > self.threshold  # "clip" looks for no faults
            gone = np.bitwise_or.reduce((failed * self.gone).reshape(*self.shape, -1), axis=0)
            lowest = ~gone & (gone + np.uint32(1))
            leaf = np.log2(lowest, dtype=np.float32).astype(np.intp)
            out[start : start + ROWS] = self.value.take(self.start + leaf).sum(axis=0)
        return np.asarray(1 / (1 + np.exp(-out)))


@cache
def forests() -> tuple[Forest, Forest]:
    with files(__package__).joinpath("body_trees.npz").open("rb") as file, np.load(file) as data:
        first, second = (
            Forest(data[f"feature{n}"], data[f"threshold{n}"], data[f"mask{n}"], data[f"value{n}"]) for n in (1, 2)
        )
        return first, second


def beliefs(text: Text, clues: features.Clues) -> NDArray[np.float64]:
    """How sure it is, from 0 to 1, that each segment belongs to the story."""
    out = np.zeros(len(text.segments))
    if not text.segments or not len((context := Context(text)).read):
        return out
    first, second = forests()
    sheet = features.first_stage(context, clues, lexicon.learned())
    belief = np.zeros(context.n)
    belief[context.read] = first(sheet.matrix()[:, context.read])
    asked = np.flatnonzero(belief > FLOOR)
    if len(asked):
        out[asked] = second(second_stage(context, sheet, belief).matrix()[:, asked])
    return out
