"""Decision trees that judge each segment by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
