from __future__ import annotations

from lxml import html

from aggregator.extraction import blocks


def read(body: str) -> blocks.Text:
    return blocks.read(html.document_fromstring(f"<html><body>{body}</body></html>"))


def lines(body: str) -> list[str]:
    return [segment.text for segment in read(body).segments]


def test_block_elements_and_breaks_end_a_segment():
    assert lines("<div>Rain <b>fell</b> all day.<p>The dam</p>held.<br>So far.</div>") == [
        "Rain fell all day.",
        "The dam",
        "held.",
        "So far.",
    ]


def test_breaks_between_segments_are_counted():
    segments = read("<p>One<br>two<br><br>three</p><p>four</p>").segments
    assert [segment.breaks for segment in segments] == [0, 1, 2, 0]


def test_scripts_and_forms_controls_are_no_text():
    page = "<script>let x</script><style>p{}</style><svg><text>icon</text></svg><button>Share</button><p>Rain</p>"
    assert lines(page) == ["Rain"]


def test_white_space_between_inline_elements_parts_words():
    assert lines("<p><b>Rain</b> <i>fell</i><!-- x -->.</p>") == ["Rain fell."]


def test_links_are_measured():
    (segment,) = read('<p>See <a href="/a">the dam</a> and <a href="/b">more</a></p>').segments
    assert (segment.linked, segment.hrefs) == (len("the dam") + len("more"), ("/a", "/b"))


def test_names_are_split_into_words():
    (segment,) = read('<div class="td-post-content articleBody"><p>Rain</p></div>').segments
    assert segment.place.parent is not None
    assert segment.place.parent.words == ("td", "post", "content", "article", "body")


def test_places_know_their_segments():
    text = read("<p>menu</p><div><p>One</p><p>Two</p></div><p>end</p>")
    div = next(place for place in text.places if place.tag == "div")
    assert [segment.text for segment in text.segments[div.first : div.last]] == ["One", "Two"]


def test_hidden_is_inherited():
    text = read('<div style="display: none"><p>secret</p></div><p>shown</p>')
    assert [segment.place.hidden for segment in text.segments] == [True, False]


def test_a_button_that_was_never_closed_does_not_swallow_the_page():
    assert lines("<button>Menu" + "<p>Rain fell.</p>" * 3) == ["Menu", "Rain fell.", "Rain fell.", "Rain fell."]


def test_deep_nesting_costs_no_stack():
    root = top = html.Element("html")
    for _ in range(5_000):
        inner = html.Element("div")
        top.append(inner)
        top = inner
    top.text = "deep down"
    assert [segment.text for segment in blocks.read(root).segments] == ["deep down"]


def test_a_page_of_endless_links_is_read_in_part():
    text = read("<p>First</p><p>" + "<a href='/x'>link</a> " * (blocks.MAX_ELEMENTS + 10) + "</p><p>Last</p>")
    assert text.partial
    assert text.segments[0].text == "First"
    assert all(place.last >= place.first for place in text.places)
