"""The second look: each segment with what the first stage believed of its neighbours, its container and the page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction import sections
from aggregator.extraction.containers import toward
from aggregator.extraction.sheet import AROUND, Context, Numbers, Sheet, ratio, reach, running, shifted

SURE = 0.65
LONG = 70  # characters
FLOOR = 0.02  # belief of the first stage below which the second is not asked
STEPS = (-4, -2, -1, 1, 2, 4)


def second_stage(context: Context, first: Sheet, p: Numbers) -> Sheet:
    """`first` and more columns; `p` is the first stage's belief in each segment."""
    sheet = Sheet(context.n)
    sheet.columns.update(first.columns)
    sheet.add("p", p)
    sheet.add_all((f"p{by:+d}" for by in STEPS), shifted(sheet.columns["p"], STEPS, 0))
    weight = np.sqrt(context.chars)
    believed, mass = p * weight, p * context.chars
    total = max(1.0, float(mass.sum()))
    inside, whole, masses = context.within(np.stack((believed, weight, mass)), context.around)
    sheet.add_all((f"p.{name}" for name in AROUND), inside / whole)
    sheet.add_all((f"p.{name}.others" for name in AROUND), ratio(inside - believed, whole - weight))
    sheet.add_all((f"p.{name}.mass" for name in AROUND), masses / total)
    size = context.size[context.group]
    mean = context.by_kind(p)
    sheet.add("p.kind", ratio(context.by_kind(believed), context.by_kind(weight)))
    sheet.add("p.kind.others", ratio(mean * size - p, size - 1.0))
    sheet.add("p.kind.least", _least(context, p))
    _along(sheet, context, p, mass, total)
    sections.add(sheet, context, p, weight)
    best = _core(context, mass)
    toward(sheet, context, best, "p.best")
    inside, whole = context.within(np.stack((believed, weight)), context.branch)
    sheet.add("p.best.branch.p", ratio(inside, whole))
    return sheet


def _least(context: Context, p: Numbers) -> Numbers:
    least = np.ones(len(context.size))
    np.minimum.at(least, context.group, p)
    return least[context.group]


def _along(sheet: Sheet, context: Context, p: Numbers, mass: Numbers, total: float) -> None:
    """The page from top to bottom: how much of the story came before, and where it surely begins and ends."""
    n, position = context.n, context.position
    sums = running(mass)
    sheet.add("p.before", sums[:-1] / total)
    sheet.add("p.after", (sums[-1] - sums[1:]) / total)
    sheet.fill("p.mass", float(np.log1p(total)))
    sheet.fill("p.share", total / float(context.chars.sum()))
    steps = (3, 8, 20)
    before, after = reach(running(p), steps)
    sheet.add_all((f"p.last{by}" for by in steps), before)
    sheet.add_all((f"p.next{by}" for by in steps), after)
    marked = (p > SURE) & (context.chars > LONG)
    sure = np.flatnonzero(marked)
    start, end = (int(sure[0]), int(sure[-1])) if len(sure) else (0, n - 1)
    sheet.add("sure.start", np.minimum(position - start, 100))
    sheet.add("sure.end", np.maximum(position - end, -100))
    last = np.maximum.accumulate(np.where(marked, position, -1))
    following = np.minimum.accumulate(np.where(marked, position, n + 60)[::-1])[::-1]
    sheet.add("sure.last", np.minimum(position - np.concatenate(([-1], last[:-1])), 60))
    sheet.add("sure.next", np.minimum(np.concatenate((following[1:], [n + 60])) - position, 60))


def _core(context: Context, mass: NDArray[np.floating]) -> int:
    """The innermost place that holds nine tenths of the believed text."""
    inside = context.within(mass, np.arange(len(context.first)))
    return int(np.flatnonzero(inside >= 0.9 * inside[0])[-1])
