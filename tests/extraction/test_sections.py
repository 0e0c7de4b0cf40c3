from __future__ import annotations

import lxml.html
import numpy as np

from aggregator.extraction import blocks, features, lexicon, sections
from aggregator.extraction.sheet import Context, Sheet


def sheet_of(html: str, p: list[float]) -> Sheet:
    context = Context(blocks.read(lxml.html.document_fromstring(html)))
    sheet = features.first_stage(context, features.Clues(), lexicon.Lexicon({}, {}, {"^related": -0.9}, {}))
    sections.add(sheet, context, np.array(p), np.ones(context.n))
    return sheet


PAGE = "<p>Lead.<h2>The dam</h2><p>One.<p>Two.<h2>Related</h2><p>Other."
BELIEF = [0.9, 0.5, 0.8, 1.0, 0.2, 0.4]


def test_a_section_is_a_heading_and_what_follows_up_to_the_next() -> None:
    sheet = sheet_of(PAGE, BELIEF)
    assert sheet.columns["section.size"].tolist() == [1, 3, 3, 3, 2, 2]
    assert sheet.columns["section.from"].tolist() == [-1, 0, 1, 2, 0, 1]
    assert sheet.columns["section.level"].tolist() == [-1, 2, 2, 2, 2, 2]


def test_belief_in_a_section_its_heading_and_its_neighbours() -> None:
    sheet = sheet_of(PAGE, BELIEF)
    assert np.allclose(sheet.columns["section.p"], [0.9] + [2.3 / 3] * 3 + [0.3] * 2)
    assert np.allclose(sheet.columns["section.p.others"], [0.9, 0.9, 0.75, 0.65, 0.4, 0.2])
    assert np.allclose(sheet.columns["section.last.p"], [-1] + [0.9] * 3 + [2.3 / 3] * 2)
    assert np.allclose(sheet.columns["section.next.p"], [2.3 / 3] + [0.3] * 3 + [-1] * 2)
    assert np.allclose(sheet.columns["section.heading.p"], [-1] + [0.5] * 3 + [0.2] * 2)


def test_what_a_heading_says_counts_for_its_section() -> None:
    assert np.allclose(sheet_of(PAGE, BELIEF).columns["section.heading.said"], [-9, 0, 0, 0, -0.9, -0.9])


def test_a_line_all_bold_is_a_heading_a_cell_is_none() -> None:
    page = "<p><b>The dam</b><p>One.<table><tr><td><b>Metres</b><td>Two.</table>"
    assert sheet_of(page, [0.5] * 4).columns["section.level"].tolist() == [sections.STRONG_LINE] * 4
