from __future__ import annotations

from typing import Any

import pytest

from aggregator.extraction import payload_html


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("<p>Dams hold.</p>", "<p>Dams hold.</p>"),
        ("Dams hold.\n\nNobody was hurt.", "<p>Dams hold.</p><p>Nobody was hurt.</p>"),
        ("## What held\n\nThe [old dam](https://a.example/) **held**.", "<h2>What held</h2><p>The old dam held.</p>"),
        ([{"type": "text", "content": "Dams <b>hold</b>."}], "<p>Dams <b>hold</b>.</p>"),
        ([{"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "What held"}]}],
         "<h2><span>What held</span></h2>"),
        (["div", ["p", {"id": "x"}, "Dams ", ["a", {"href": "/d"}, "hold"], "."]],
         "<div><p>Dams <a>hold</a>.</p></div>"),
        (["$", "p", None, {"className": "x1 y2", "children": ["Dams ", ["$", "b", "1", {"children": "hold"}]]}],
         "<p>Dams <b>hold</b></p>"),
        ([[1, "p", [[0, [], 0, "Dams hold."]]]], "<p>Dams hold.</p>"),
        ([{"text": "Dams "}, {"text": "hold", "bold": True}], "<p><span>Dams </span><span>hold</span></p>"),
        ({"type": "image", "caption": "A dam above the town", "url": "https://a.example/dam.jpg"}, ""),
        ({"html": "<p>The dams have held through the night.</p>", "text": "The dams have held through the night."},
         "<div><p>The dams have held through the night.</p></div>"),
        ({"related": [{"text": "Ten dams that did not hold"}], "text": "Dams hold."}, "<div><p>Dams hold.</p></div>"),
    ],
)  # fmt: skip
def test_a_story_as_data_becomes_html(value: Any, html: str) -> None:
    assert payload_html.html(value, "body") == html


def test_data_that_holds_itself_ends() -> None:
    value: list[Any] = [{"text": "Dams hold."}]
    value.append(value)
    assert payload_html.html(value, "body").count("Dams hold.") < 3


def test_data_that_repeats_itself_without_end_ends() -> None:
    value: list[Any] = []
    for _ in range(60):
        value = [value, value]
    assert payload_html.html(value, "body") == ""
