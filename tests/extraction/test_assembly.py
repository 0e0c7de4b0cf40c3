from __future__ import annotations

from lxml import html

from aggregator.extraction import assembly, blocks
from aggregator.items import Block


def built(body: str) -> list[Block]:
    segments = blocks.read(html.document_fromstring(f"<html><body>{body}</body></html>")).segments
    return [block for block, _ in assembly.blocks(segments)]


def test_headings_keep_their_level():
    assert built("<h2>Rain</h2><p>It fell.</p>") == [Block("heading", "Rain", level=2), Block("paragraph", "It fell.")]


def test_a_list_is_one_block():
    (block,) = built("<ul><li>Rain</li><li><b>Wind</b> and hail</li></ul>")
    assert block == Block("list", "Rain\nWind and hail", items=["Rain", "Wind and hail"])


def test_a_list_that_lays_out_long_texts_is_paragraphs():
    assert [block.type for block in built(f"<ul><li>{'Rain. ' * 60}</li><li>{'Wind. ' * 60}</li></ul>")] == [
        "paragraph"
    ] * 2


def test_a_table_has_a_line_a_row():
    (block,) = built("<table><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>3 mm</td></tr></table>")
    assert block == Block("table", "Day | Rain\nMonday | 3 mm")


def test_a_table_of_one_row_is_layout():
    assert [block.type for block in built("<table><tr><td>Rain fell.</td></tr></table>")] == ["paragraph"]


def test_the_paragraphs_of_a_quote_stay_together():
    assert built("<blockquote><p>Rain.</p><p>Wind.</p></blockquote>") == [Block("quote", "Rain.\nWind.")]


def test_one_break_is_a_line_two_are_a_paragraph():
    assert [block.text for block in built("<div>One<br>two<br><br>three</div>")] == ["One\ntwo", "three"]


def test_preformatted_text_keeps_its_lines():
    assert built("<pre>a = 1\n  b = 2\n</pre>") == [Block("preformatted", "a = 1\n  b = 2")]
    lines = "<pre><button>Copy</button>a = 1<br>  b = 2<div>c</div><div>  <b>d</b></div>\n<div>e</div></pre>"
    assert built(lines) == [Block("preformatted", "a = 1\n  b = 2\nc\n  d\ne")]


def test_common_ancestor():
    root = html.fragment_fromstring("<main><div><p>a</p></div><p>b</p></main>")
    assert assembly.common_ancestor(root.findall(".//p")) is root


def test_a_picture_between_two_lines_ends_a_paragraph():
    page = "<div>The dam holds.<br>Two gates are open.<p><img src=/gates.jpg></p><br>The road stays closed.</div>"
    assert [block.text for block in built(page)] == ["The dam holds.\nTwo gates are open.", "The road stays closed."]
