"""Arrays over a page's segments, and the table of features that grows from them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction.blocks import Place, Text

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

    def fill(self, name: str, value: float) -> None:
        self.columns[name] = np.full(self.size, value, np.float32)

    def matrix(self) -> Floats:
        """(rows, columns), the columns contiguous."""
        return np.concatenate(list(self.columns.values())).reshape(-1, self.size).T


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
        self.up3 = self.parent[self.up2]
        self.chars = np.array([len(s.text) for s in segments], np.float64)
        self.linked = np.array([s.linked for s in segments], np.float64)
        self.link_share = self.linked / self.chars
        self.full = self.chars  # characters of texts that end like sentences, else 0; set with the text's features
        self.branch = self.at  # each segment's way off the best container; set by `toward`
        kinds: dict[tuple[object, ...], int] = {}
        of_place: dict[int, int] = {}
        group = []
        for s in segments:
            place = s.place
            found = of_place.get(place.order)
            if found is None:
                found = of_place[place.order] = kinds.setdefault(_kind(place), len(kinds))
            group.append(found)
        self.group = np.array(group, np.int64)
        self.size = np.bincount(self.group)

    def within(self, column: NDArray[np.floating], places: Ints) -> Numbers:
        """The sum of `column` over the segments inside each of `places`."""
        sums = running(column)
        return sums.take(self.last.take(places)) - sums.take(self.first.take(places))

    def by_kind(self, column: NDArray[np.floating]) -> Numbers:
        """The mean of `column` over the segments in places of the same kind."""
        return (np.bincount(self.group, column) / self.size).take(self.group)


def _kind(place: Place) -> tuple[object, ...]:
    parent = place.parent
    return (place.tag, place.words, parent.tag, parent.words) if parent else (place.tag, place.words)


def ratio(a: NDArray[np.floating], b: NDArray[np.floating] | float) -> Numbers:
    return np.asarray(a / np.maximum(b, 1e-9), np.float64)


def running(column: NDArray[np.floating]) -> Numbers:
    """Sums of all before: one longer than `column`, from 0."""
    sums = np.empty(len(column) + 1)
    sums[0] = 0.0
    np.cumsum(column, dtype=np.float64, out=sums[1:])
    return sums


def shifted(column: Floats, by: int, fill: float) -> Floats:
    """The neighbour `by` places further on, `fill` beyond the ends."""
    out = np.full_like(column, fill)
    if by > 0:
        out[:-by] = column[by:]
    else:
        out[-by:] = column[:by]
    return out
