"""Arrays over a page's segments, and the table of features that grows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction.blocks import Text

LONGEST = 4_000  # characters of a segment that count: one endless text is not the page
FARM = 0.75  # share of links from which a part of the page is a list of links
LABEL = 60  # characters beside links that such a list may hold in one segment
AROUND = ("at", "up1", "up2", "up3")  # a segment's place and the three around it

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]


class Sheet:
    """Columns of equal length, in the order they were added."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.columns: dict[str, Floats] = {}

    def add(self, name: str, column: Iterable[float] | NDArray[np.generic]) -> None:
        self.columns[name] = np.asarray(column, np.float32)

    def add_all(self, names: Iterable[str], columns: NDArray[np.generic]) -> None:
        self.columns.update(zip(names, columns.astype(np.float32), strict=True))

    def fill(self, name: str, value: float) -> None:
        self.columns[name] = np.full(self.size, value, np.float32)

    def matrix(self) -> Floats:
        """(columns, rows)"""
        return np.concatenate(list(self.columns.values())).reshape(-1, self.size)


class Context:
    """What both stages share of a page: arrays over its segments (`at`: their place) and its places."""

    def __init__(self, text: Text) -> None:
        segments, places = text.segments, text.places
        self.text = text
        self.n = n = len(segments)
        self.position = np.arange(n)
        self.at = np.array([s.place.order for s in segments], np.int64)
        self.parent = np.array([p.parent.order if p.parent else 0 for p in places], np.int64)
        self.first = np.array([p.first for p in places], np.int64)
        self.last = np.array([p.last for p in places], np.int64)
        self.depth = np.array([p.depth for p in places], np.int64)
        by_depth = np.argsort(self.depth, kind="stable")
        self.levels = np.split(by_depth, np.flatnonzero(np.diff(self.depth[by_depth])) + 1)  # places, top down
        self.up1 = self.parent[self.at]
        self.up2 = self.parent[self.up1]
        self.around = np.stack((self.at, self.up1, self.up2, self.parent[self.up2]))  # as AROUND
        size = np.array([len(s.text) for s in segments], np.float64)
        linked = np.array([s.linked for s in segments], np.float64)
        inside, whole = self.within(np.stack((linked, size)), self.around[1:])
        # Nothing in the middle of link lists is ever a story: those segments' words are not read, nor are they judged.
        self.read = np.flatnonzero((inside < FARM * whole).any(axis=0) | (size - linked >= LABEL))
        self.chars = np.minimum(size, LONGEST)
        self.link_share = linked / size
        self.linked = self.link_share * self.chars
        self.full = self.chars  # characters of texts that end like sentences, else 0; set with the text's features
        self.branch = self.at  # each segment's way off the best container; set by `toward`
        names: dict[tuple[str, tuple[str, ...]], int] = {}
        self.named = np.array([names.setdefault((p.tag, p.words), len(names)) for p in places])  # places -> `names`
        self.names = list(names)  # the different tags with name words: pages have far fewer than places
        kinds = self.named[self.at] * len(names) + self.named[self.up1]
        self.group, self.size = np.unique(kinds, return_inverse=True, return_counts=True)[1:]  # same place and parent

    def spread(self, columns: NDArray[np.floating]) -> Numbers:
        """(columns, n) from (columns, read): 0 for the segments that were not."""
        out = np.zeros((len(columns), self.n))
        out[:, self.read] = columns
        return out

    def within(self, columns: NDArray[np.floating], places: Ints) -> Numbers:
        """The sums of `columns` (…, n) over the segments inside each of `places`; of both their shapes."""
        sums = running(columns)
        return sums.take(self.last.take(places), axis=-1) - sums.take(self.first.take(places), axis=-1)

    def by_kind(self, column: NDArray[np.floating]) -> Numbers:
        """The mean of `column` over the segments in places of the same kind."""
        return (np.bincount(self.group, column) / self.size).take(self.group)


def ratio(a: NDArray[np.floating], b: NDArray[np.floating] | float) -> Numbers:
    return np.asarray(a / np.maximum(b, 1e-9), np.float64)


def running(columns: NDArray[np.floating]) -> Numbers:
    """Sums of all before along the last axis: one longer than it, from 0."""
    sums = np.zeros((*columns.shape[:-1], columns.shape[-1] + 1))
    np.cumsum(columns, axis=-1, out=sums[..., 1:])
    return sums


def shifted(column: Floats, steps: Sequence[int], fill: float) -> Floats:
    """(steps, rows): the neighbours so many places further on, `fill` beyond the ends."""
    out = np.full((len(steps), len(column)), fill, np.float32)
    for row, by in zip(out, steps, strict=True):
        if by > 0:
            row[:-by] = column[by:]
        else:
            row[-by:] = column[:by]
    return out


def reach(sums: Numbers, steps: Sequence[int]) -> tuple[Numbers, Numbers]:
    """(steps, rows): what `running` sums grew by over so many places before and after each."""
    n = len(sums) - 1
    position = np.arange(n)
    far = np.array(steps)[:, None]
    low, high = np.maximum(position - far, 0), np.minimum(position + 1 + far, n)
    return sums[:-1] - sums[low], sums[high] - sums[1:]
