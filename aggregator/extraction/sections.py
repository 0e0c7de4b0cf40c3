"""What lies under one heading belongs together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aggregator.extraction.blocks import Segment
from aggregator.extraction.sheet import Ints

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th", "li"})
LONGEST_LINE = 90  # characters of a bold line that is a heading
ALL_BOLD = 0.9


def numbers(segments: Sequence[Segment]) -> Ints:
    """Each segment's section, counted from 0: what stands before the first heading is one too."""
    return np.cumsum([_is_heading(segment) for segment in segments])


def _is_heading(segment: Segment) -> bool:
    place = segment.place
    if place.tag in HEADINGS or (place.parent and place.parent.tag in HEADINGS):
        return True
    size = len(segment.text)
    return segment.strong > ALL_BOLD * size and size < LONGEST_LINE and place.tag not in CELLS
