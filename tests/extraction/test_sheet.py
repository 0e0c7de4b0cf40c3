from __future__ import annotations

import lxml.html

from aggregator.extraction import blocks, features, model
from aggregator.extraction.sheet import Context

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
