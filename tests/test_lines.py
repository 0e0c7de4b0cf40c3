from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import lines
from aggregator.items import Article, Author, Block, Image, Removed, Source

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MAYBE = st.none() | TEXT
ARTICLES = st.builds(
    Article,
    title=MAYBE,
    text=MAYBE,
    blocks=st.lists(
        st.builds(
            Block, st.just("paragraph"), TEXT, level=st.none() | st.integers(1, 6), items=st.lists(TEXT, max_size=2)
        ),
        max_size=3,
    ),
    authors=st.lists(st.builds(Author, TEXT, MAYBE), max_size=2),
    source=st.none() | st.builds(Source, MAYBE, MAYBE, MAYBE),
    images=st.lists(st.builds(Image, TEXT, width=st.none() | st.integers()), max_size=2),
    removed=st.lists(st.builds(Removed, TEXT, TEXT), max_size=2),
    evidence=st.dictionaries(TEXT, st.fixed_dictionaries({"from": TEXT, "raw": TEXT}), max_size=2),
)


@given(ARTICLES)
def test_an_article_survives_as_one_line(article: Article) -> None:
    line = lines.encode(article)
    assert line.decode("utf-8").splitlines(keepends=True) == [line.decode("utf-8")]
    assert lines.decode(line) == article


@given(st.text(st.characters(categories=["Cs"]) | st.sampled_from("a\u2028é"), min_size=1))
def test_lone_surrogates_are_replaced(text: str) -> None:
    line = lines.encode(Article(title=text, evidence={text: {"from": text, "raw": text}}))
    assert "\ud800" not in (lines.decode(line).title or "")
    assert len(lines.decode(line).title or "") == len(text)


def test_line_ends_of_any_reader_are_escaped() -> None:
    assert lines.encode({"a": "\u0085\u2028\u2029\v\f\x1c\r\n"}).count(b"\n") == 1
    assert json.loads(lines.encode({"a": "\u0085\u2028"})) == {"a": "\u0085\u2028"}


def test_other_characters_are_written_as_they_are() -> None:
    assert lines.encode({"a": "é中😀"}) == '{"a":"é中😀"}\n'.encode()


def test_there_is_no_nan() -> None:
    assert lines.encode({"a": math.nan}) == b'{"a":null}\n'


def test_a_block_says_only_what_applies_to_its_type() -> None:
    written = json.loads(lines.encode(Article(blocks=[Block("heading", "Dams", level=2), Block("paragraph", "Hold.")])))
    assert written["blocks"] == [
        {"type": "heading", "text": "Dams", "level": 2},
        {"type": "paragraph", "text": "Hold."},
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", msgspec.DecodeError),
        (b'{"id":"1","ur', msgspec.DecodeError),
        (b"\0\0\0\0", msgspec.DecodeError),
        (b'{"id":7}', msgspec.ValidationError),
    ],
)
def test_what_is_no_article_is_told_apart(line: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        lines.decode(line)
    assert type(caught.value) is error


def test_unknown_keys_are_passed_over() -> None:
    known: dict[str, Any] = {"id": "1", "later": True}
    assert lines.decode(json.dumps(known).encode()) == Article(id="1")
