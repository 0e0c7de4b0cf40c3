"""What lies under one heading belongs together: each segment with its section, its heading and its neighbours."""

from __future__ import annotations

import numpy as np

from aggregator.extraction.blocks import Segment
from aggregator.extraction.sheet import Context, Ints, Numbers, Sheet, ratio

LEVELS = {f"h{level}": level for level in range(1, 7)}
STRONG_LINE = 7  # the level of a line that is all bold
LONGEST_LINE = 90  # characters
ALL_BOLD = 0.9
CELLS = frozenset({"td", "th", "li"})
OF_HEADING = ("said", "own", "under", "chars")


def add(sheet: Sheet, context: Context, p: Numbers, weight: Numbers) -> None:
    """Columns `section.*`; `p` is the belief in each segment. What stands before the first heading is a section too."""
    levels = _levels(context.text.segments)
    heading = np.maximum.accumulate(np.where(levels > 0, context.position, -1))
    section = np.cumsum(levels > 0)
    count = int(section[-1]) + 1
    size = np.bincount(section, minlength=count)

    def total(column: Numbers) -> Numbers:
        return np.bincount(section, column, count).astype(np.float64)

    inside, whole, chars = total(p * weight), total(weight), total(context.chars)
    sheet.add("section.p", ratio(inside, whole)[section])
    sheet.add(
        "section.p.others",
        np.where(size[section] > 1, ratio(inside[section] - p * weight, whole[section] - weight), p),
    )
    mean = np.concatenate(([-1.0], ratio(inside, whole), [-1.0]))
    sheet.add("section.last.p", mean[section])
    sheet.add("section.next.p", mean[section + 2])
    sheet.add("section.size", size[section])
    sheet.add("section.chars", np.log1p(chars)[section])
    sheet.add("section.linked", ratio(total(context.linked), chars)[section])
    headed = heading >= 0
    sheet.add("section.from", np.where(headed, context.position - heading, -1))
    sheet.add("section.level", np.where(headed, levels[heading], -1))
    sheet.add("section.heading.p", np.where(headed, p[heading], -1))
    for name in OF_HEADING:
        sheet.add(f"section.heading.{name}", np.where(headed, sheet.columns[name][heading], -9))


def _levels(segments: list[Segment]) -> Ints:
    """1 to 6 for headings, STRONG_LINE, or 0."""
    out = []
    for segment in segments:
        place = segment.place
        level = LEVELS.get(place.tag) or LEVELS.get(place.parent.tag if place.parent else "") or 0
        if (
            not level
            and segment.strong > ALL_BOLD * len(segment.text)
            and len(segment.text) < LONGEST_LINE
            and place.tag not in CELLS
        ):
            level = STRONG_LINE
        out.append(level)
    return np.array(out, np.int64)
