from __future__ import annotations

import lxml.html
import numpy as np

from aggregator.extraction import blocks, features, lexicon, model
from aggregator.extraction.sheet import Context
from aggregator.extraction.stacking import second_stage

LINKS = (
    "<ul>" + "".join(f"<li><a href=/{i}>Another story of the valley, number {i}</a> 4 h" for i in range(8)) + "</ul>"
)
STORY = (
    "<article><p>The harbour lost its crane in the night, in a wind that nobody had seen coming from so far south."
    "<p>It fell on the quay, they say, and took the old weighing house with it.</article>"
)


def context_of(html: str) -> Context:
    return Context(blocks.read(lxml.html.document_fromstring(html)))


def test_lists_of_links_are_not_read() -> None:
    context = context_of(f"<div><nav>{LINKS}</nav></div>{STORY}")
    assert [context.text.segments[i].text[:3] for i in context.read] == ["The", "It "]
    assert context.n == 10


def test_links_in_a_text_are_read() -> None:
    context = context_of(f"<article><p>See what else was said.{LINKS}{STORY}</article>")
    assert len(context.read) == context.n


def test_nothing_is_believed_where_all_is_links() -> None:
    text = blocks.read(lxml.html.document_fromstring(f"<nav><div>{LINKS}</div></nav>"))
    assert model.beliefs(text, features.Clues()).tolist() == [0.0] * 8


def test_belief_in_what_stands_around() -> None:
    context = context_of(STORY + "<p>Short.")
    sheet = features.first_stage(context, features.Clues(), lexicon.Lexicon({}, {}, {}, {}))
    columns = second_stage(context, sheet, np.array([0.8, 0.4, 0.1])).columns
    assert np.allclose(columns["p.up1.others"][:2], [0.4, 0.8])
    assert np.allclose(columns["p-1"], [0, 0.8, 0.4])
    assert columns["p.kind.least"][0] == np.float32(0.4)
