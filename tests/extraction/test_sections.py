from __future__ import annotations

import lxml.html

from aggregator.extraction import blocks, sections


def numbers(html: str) -> list[int]:
    return sections.numbers(blocks.read(lxml.html.document_fromstring(html)).segments).tolist()


def test_a_section_is_a_heading_and_what_follows_up_to_the_next() -> None:
    assert numbers("<p>Lead.<h2>The dam</h2><p>One.<p>Two.<h2><div>Related</div></h2><p>Other.") == [0, 1, 1, 1, 2, 2]


def test_a_line_all_bold_is_a_heading_a_cell_is_none() -> None:
    page = "<p><b>The dam</b><p>One.<table><tr><td><b>Metres</b><td>Two.</table>"
    assert numbers(page) == [1, 1, 1, 1]
