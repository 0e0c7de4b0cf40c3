"""The second look: each segment with what the first stage believed of its neighbours, its container and the page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction.containers import toward
from aggregator.extraction.sheet import Context, Numbers, Sheet, ratio, running, shifted

SURE = 0.65
LONG = 70  # characters


def second_stage(context: Context, first: Sheet, p: Numbers) -> Sheet:
    """`first` and more columns; `p` is the first stage's belief in each segment."""
    sheet = Sheet(context.n)
    sheet.columns.update(first.columns)
    sheet.add("p", p)
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        sheet.add(f"p{by:+d}", shifted(sheet.columns["p"], by, 0))
    weight = np.sqrt(context.chars)
    mass = p * context.chars
    total = max(1.0, float(mass.sum()))
    for name, where in (("at", context.at), ("up1", context.up1), ("up2", context.up2), ("up3", context.up3)):
        inside, whole = context.within(p * weight, where), context.within(weight, where)
        sheet.add(f"p.{name}", inside / whole)
        sheet.add(f"p.{name}.others", ratio(inside - p * weight, whole - weight))
        sheet.add(f"p.{name}.mass", context.within(mass, where) / total)
    size = context.size[context.group]
    mean = context.by_kind(p)
    sheet.add("p.kind", ratio(context.by_kind(p * weight), context.by_kind(weight)))
    sheet.add("p.kind.others", ratio(mean * size - p, size - 1.0))
    sheet.add("p.kind.least", _least(context, p))
    _along(sheet, context, p, mass, total)
    best = _core(context, mass)
    toward(sheet, context, best, "p.best")
    branch = context.branch
    sheet.add("p.best.branch.p", ratio(context.within(p * weight, branch), context.within(weight, branch)))
    sheet.add("p.best.depth", context.depth[context.at] - context.depth[best])
    return sheet


def _least(context: Context, p: Numbers) -> Numbers:
    least = np.ones(len(context.size))
    np.minimum.at(least, context.group, p)
    return least[context.group]


def _along(sheet: Sheet, context: Context, p: Numbers, mass: Numbers, total: float) -> None:
    """The page from top to bottom: how much of the story came before, and where it surely begins and ends."""
    n, position = context.n, context.position
    sums, beliefs = running(mass), running(p)
    sheet.add("p.before", sums[:-1] / total)
    sheet.add("p.after", (sums[-1] - sums[1:]) / total)
    sheet.fill("p.mass", float(np.log1p(total)))
    sheet.fill("p.share", total / float(context.chars.sum()))
    for reach in (3, 8, 20):
        low, high = np.maximum(position - reach, 0), np.minimum(position + 1 + reach, n)
        sheet.add(f"p.last{reach}", (beliefs[position] - beliefs[low]) / reach)
        sheet.add(f"p.next{reach}", (beliefs[high] - beliefs[position + 1]) / reach)
    marked = (p > SURE) & (context.chars > LONG)
    sure = np.flatnonzero(marked)
    start, end = (int(sure[0]), int(sure[-1])) if len(sure) else (0, n - 1)
    sheet.add("sure.start", np.clip(position - start, -50, 100))
    sheet.add("sure.end", np.clip(position - end, -100, 50))
    before = np.maximum.accumulate(np.where(marked, position, -1))
    after = np.minimum.accumulate(np.where(marked, position, n + 60)[::-1])[::-1]
    sheet.add("sure.last", np.minimum(position - np.concatenate(([-1], before[:-1])), 60))
    sheet.add("sure.next", np.minimum(np.concatenate((after[1:], [n + 60])) - position, 60))


def _core(context: Context, mass: NDArray[np.floating]) -> int:
    """The innermost place that holds nine tenths of the believed text."""
    inside = context.within(mass, np.arange(len(context.first)))
    return int(np.flatnonzero(inside >= 0.9 * inside[0])[-1])
