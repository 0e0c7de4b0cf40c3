"""A small network reads the page's segments in their order, each with its neighbours and containers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction import sections
from aggregator.extraction.sheet import Context, Floats, Ints

REACH = ((5, 1), (5, 1), (5, 2))  # of each layer: how many segments it sees at once, how far apart
AROUND = 7  # kinds of means a layer sees
TINY = 1e-3


class Network:
    """Convolutions along the page's segments; each layer also sees means over what stands around a segment.

    Convolutions over the sequence of a page's segments are after Vogels et al., Web2Text (ECIR 2018); means over the
    places around replace its tree. Columns go in as their share of each of some intervals (piecewise linear encoding,
    Gorishniy et al., NeurIPS 2022). Arrays hold several networks, learned from different beginnings, along their first
    axis: the answer is their mean.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.column = np.asarray(arrays["column"], np.intp)
        self.arrays = {name: np.asarray(arrays[name], np.float32) for name in arrays}

    def __call__(self, table: Floats, context: Context) -> NDArray[np.float64]:
        """The probability of each segment that was read, by `table` (features, read)."""
        a, around = self.arrays, Around(context)
        shares = (table.take(self.column, axis=0) - a["low"][:, None]) / a["width"][:, None]
        columns = np.ascontiguousarray(np.clip(shares, 0, 1, out=shares).T)
        hidden = self._normed("in", _rectified(columns @ a["in.weight"] + a["in.bias"]))  # (networks, read, width)
        for layer, (size, step) in enumerate(REACH):
            name = f"layer{layer}"
            narrow = _rectified(hidden @ a[f"{name}.narrow"] + a[f"{name}.narrow.bias"])
            seen = _windows(hidden, size, step) @ a[f"{name}.window"] + around.means(narrow) @ a[f"{name}.around"]
            hidden = self._normed(name, hidden + _rectified(seen + a[f"{name}.bias"]))
        odds = (hidden @ a["out.weight"] + a["out.bias"])[..., 0].astype(np.float64)
        return np.asarray((1 / (1 + np.exp(-odds))).mean(axis=0))

    def _normed(self, name: str, hidden: Floats) -> Floats:
        """Layer normalisation (Ba et al., 2016)."""
        hidden -= hidden.mean(axis=-1, keepdims=True)
        hidden /= np.sqrt(np.einsum("...i,...i", hidden, hidden) / hidden.shape[-1] + 1e-5)[..., None]
        return hidden * self.arrays[f"{name}.scale"] + self.arrays[f"{name}.shift"]


def _rectified(hidden: Floats) -> Floats:
    return np.maximum(hidden, 0, out=hidden)


def _windows(hidden: Floats, size: int, step: int) -> Floats:
    """(networks, read, size × width): each segment between its neighbours, nothing beyond the ends."""
    side = size // 2 * step
    networks, n, width = hidden.shape
    padded = np.zeros((networks, n + 2 * side, width), np.float32)
    padded[:, side : side + n] = hidden
    return np.concatenate([padded[:, i * step : i * step + n] for i in range(size)], axis=-1)


class Around:
    """Means over the four places around each segment, its like, its section and the page; long texts weigh more."""

    def __init__(self, context: Context) -> None:
        read = context.read
        among = np.zeros(context.n + 1, np.int64)  # segment -> its number among those read
        among[read + 1] = 1
        among = np.cumsum(among)
        places = context.around[:, read]
        self.first, self.last = among[context.first[places]], among[context.last[places]]
        self.weight = np.sqrt(context.chars[read]).astype(np.float32)[:, None]
        self.inside = self._inside(self.weight) + TINY
        self.kinds = [_numbered(of[read]) for of in (context.group, sections.numbers(context.text.segments))]
        self.kinds.append(np.zeros(len(read), np.int64))
        self.orders = [np.argsort(kind, kind="stable") for kind in self.kinds]
        in_order = (kind[order] for kind, order in zip(self.kinds, self.orders, strict=True))
        self.starts = [np.flatnonzero(np.diff(kind, prepend=-1)) for kind in in_order]
        self.alike = [self._alike(self.weight + TINY, i) for i in range(len(self.kinds))]

    def means(self, columns: Floats) -> Floats:
        """(networks, read, AROUND × width), from (networks, read, width)"""
        networks, n, width = columns.shape
        flat = columns.transpose(1, 0, 2).reshape(n, -1)
        heavier = flat * (self.weight + TINY)
        alike = [(self._alike(heavier, i) / whole)[self.kinds[i]] for i, whole in enumerate(self.alike)]
        means = np.concatenate((self._inside(flat * self.weight) / self.inside, alike))
        return means.reshape(AROUND, n, networks, width).transpose(2, 1, 0, 3).reshape(networks, n, -1)

    def _inside(self, columns: Floats) -> Floats:
        """(places around, read, width)"""
        sums = np.zeros((len(columns) + 1, columns.shape[1]))
        np.cumsum(columns, axis=0, out=sums[1:])
        return (sums.take(self.last, axis=0) - sums.take(self.first, axis=0)).astype(np.float32)

    def _alike(self, columns: Floats, kind: int) -> Floats:
        """(kinds, width)"""
        return np.add.reduceat(columns.take(self.orders[kind], axis=0), self.starts[kind], axis=0)


def _numbered(kinds: Ints) -> Ints:
    return np.unique(kinds, return_inverse=True)[1]
