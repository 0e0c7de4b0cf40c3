"""The engine on pages written as sites write them; each holds the story below and one trap."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from aggregator.extraction import body
from aggregator.extraction.page import Page, SiteFacts

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
TITLE = "Dam holds after a week of rain"
STORY = [
    "The dam above the town of Mill Hollow has held after seven days of rain, the county's engineers said on Thursday, "
    "but the valley road stays closed until the weekend.",
    "“We measured the wall every hour, and it moved by less than a millimetre,” said Ada Wells, who leads the team. "
    "“There is no reason to leave the houses below it.”",
    "About 300 people had spent two nights in the school's gym. Most of them went home on Wednesday evening, "
    "when the level of the lake began to fall by four centimetres an hour.",
    "The county wants to widen the spillway next year. The work will cost 2.4 million and take eleven months, "
    "according to a plan the council discussed in March.",
    "Farmers on the lower fields lost much of their early crop. A fund for them opens on Monday at the town hall, "
    "and claims can be made until the end of June.",
]
MENU = (
    "<nav class='menu'><ul>"
    + "".join(f"<li><a href='/{w}'>{w}</a></li>" for w in ("News", "Sport", "Culture"))
    + "</ul></nav>"
)
FOOTER = "<footer><p>© 2024 Valley Courier. All rights reserved.</p><a href='/imprint'>Imprint</a></footer>"


def page(content: str, site: SiteFacts | None = None, head: str = "") -> Page:
    head = f"<title>{TITLE} - Valley Courier</title><meta property='og:title' content='{TITLE}'>{head}"
    markup = f"<html><head>{head}</head><body>{MENU}{content}{FOOTER}</body></html>"
    return Page.parse(markup, "https://valley-courier.example/dam-holds", FETCHED, site=site)


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def article(*parts: str) -> str:
    return f"<article><h1>{TITLE}</h1><div class='entry-content'>{''.join(parts)}</div></article>"


def texts(found: body.Body) -> list[str]:
    return [block.text for block in found.blocks]


def test_menu_title_and_footer_are_no_text():
    assert texts(body.read(page(article(paragraphs(STORY))), TITLE)) == STORY


def test_every_block_has_its_element():
    found = body.read(page(article(paragraphs(STORY))), TITLE)
    assert [element.tag for element in found.elements] == ["p"] * len(STORY)
    assert found.container is not None
    assert found.container.get("class") == "entry-content"


@pytest.mark.parametrize(
    "between",
    [
        "<figure><img src='/dam.jpg' width='800'><figcaption>The dam on Tuesday. Photo: Jo Field</figcaption></figure>",
        "<p><strong>Read also:</strong> <a href='/storm-season'>What the storm season has in store for us</a></p>",
        "<div class='newsletter'><p>Sign up for our newsletter and never miss a story.</p></div>",
        "<div class='related-posts'><h3>Related</h3><ul><li><a href='/lake'>Lake at its highest in years</a></li>"
        "<li><a href='/road'>Valley road closed again</a></li></ul></div>",
        "<div class='social-share'><a href='https://twitter.com/intent'>Tweet</a> <a href='/f'>Share</a></div>",
        "<div class='advertisement'>Advertisement</div>",
    ],
    ids=["caption", "read also", "newsletter", "related", "share", "ad label"],
)
def test_what_stands_between_the_paragraphs_and_is_none_of_them(between: str):
    content = article(paragraphs(STORY[:2]), between, paragraphs(STORY[2:]))
    found = body.read(page(content), TITLE)
    assert texts(found) == STORY
    assert found.removed


def test_a_caption_goes_to_its_picture():
    figure = "<figure><img src='/dam.jpg' width='800'><figcaption>The dam on Tuesday</figcaption></figure>"
    found = body.read(page(article(paragraphs(STORY[:2]), figure, paragraphs(STORY[2:]))), TITLE)
    assert [(image.url, image.caption, image.width) for image in found.images] == [
        ("https://valley-courier.example/dam.jpg", "The dam on Tuesday", 800)
    ]


def test_link_lines_between_paragraphs_are_related_stories():
    line = "<p><strong>Read also:</strong> <a href='/storm-season'>What the storm season has in store for us</a></p>"
    found = body.read(page(article(paragraphs(STORY[:2]), line, paragraphs(STORY[2:]))), TITLE)
    assert found.related == ["https://valley-courier.example/storm-season"]


def test_a_link_line_that_stays_in_the_text_until_the_rules_cut_it_is_a_related_story():
    said = "el condado discute el martes la obra, que tardará dos años, según los ingenieros"
    line = f"<p>Lea también: <a href='/storm-season'>{said}</a>.</p>"
    found = body.read(page(article(paragraphs(STORY), line)), TITLE)
    assert len(found.blocks) == len(STORY) + 1
    assert found.related == ["https://valley-courier.example/storm-season"]


@pytest.mark.parametrize(
    "address",
    ["https://share.example/post?u=https://valley-courier.example/dam", "/", "/photos/dam.jpg"],
    ids=["share", "front page", "picture"],
)
def test_what_else_is_linked_between_paragraphs_is_no_related_story(address: str):
    line = f"<p><a href='{address}'>Show your friends what the storm season has in store</a></p>"
    found = body.read(page(article(paragraphs(STORY[:2]), line, paragraphs(STORY[2:]))), TITLE)
    assert found.related == []


@pytest.mark.parametrize(
    "content",
    [
        article("<br><br>".join(STORY)),
        article("".join(f"<div>{line}</div>" for line in STORY)),
        f"<h1>{TITLE}</h1><div class='col'>{paragraphs(STORY[:3])}</div><div class='col'>{paragraphs(STORY[3:])}</div>",
        f"<form action='/'><h1>{TITLE}</h1><div id='content'>{paragraphs(STORY)}</div></form>",
    ],
    ids=["breaks", "divs", "siblings", "form"],
)
def test_bodies_without_paragraphs_or_one_container(content: str):
    assert texts(body.read(page(content), TITLE)) == STORY


def test_subheadings_lists_and_quotes_keep_their_kind():
    parts = (
        paragraphs(STORY[:2]),
        "<h2>What happens next</h2>",
        "<ul><li>The road opens on Saturday, if the rain stays away.</li><li>The school opens on Monday.</li></ul>",
        f"<blockquote><p>{STORY[2]}</p></blockquote>",
        paragraphs(STORY[3:]),
    )
    found = body.read(page(article(*parts)), TITLE)
    assert [block.type for block in found.blocks] == [
        "paragraph", "paragraph", "heading", "list", "quote", "paragraph", "paragraph",
    ]  # fmt: skip


def test_an_interview_keeps_its_dashes():
    talk = [
        "– Ada Wells, was the dam ever in danger of giving way last week?",
        "– No. " + STORY[3],
        "– What did you measure?",
        "– The wall, every hour of the day. " + STORY[2],
    ]
    assert texts(body.read(page(article(paragraphs(STORY[:2] + talk))), TITLE)) == STORY[:2] + talk


def test_a_site_says_where_its_text_stands_and_what_is_none_of_it():
    content = article(paragraphs(STORY[:4]), f"<p class='house-ad'>{STORY[4]}</p>")
    site = SiteFacts("courier", {"body": ".entry-content", "remove": ".house-ad"})
    assert texts(body.read(page(content, site), TITLE)) == STORY[:4]


def test_a_page_without_text():
    found = body.read(Page.parse("<html></html>", "https://valley-courier.example/", FETCHED), None)
    assert (found.blocks, found.elements, found.container) == ([], [], None)


def test_the_same_page_gives_the_same_body():
    first, second = (body.read(page(article(paragraphs(STORY))), TITLE) for _ in range(2))
    assert first.blocks == second.blocks


def test_embeds_stand_where_they_are_shown_and_have_no_text():
    tweet = (
        "<blockquote class='twitter-tweet'><p>The wall moved by less than a millimetre, and we all sleep at home, "
        "says the team.</p>— County (@county) <a href='https://twitter.com/county/status/1'>May 29</a></blockquote>"
    )
    video = "<iframe src='https://www.youtube.com/embed/abc'></iframe>"
    found = body.read(page(article(paragraphs(STORY[:2]), tweet, paragraphs(STORY[2:]), video)), TITLE)
    assert [block.type for block in found.blocks] == [*["paragraph"] * 2, "embed", *["paragraph"] * 3, "embed"]
    assert [block.url for block in found.blocks if block.url] == [
        "https://twitter.com/county/status/1",
        "https://www.youtube.com/embed/abc",
    ]
    assert [block.text for block in found.blocks if block.text] == STORY
    assert {cut.rule for cut in found.removed} == {"body:embed"}


def test_a_believed_line_alone_is_no_story(monkeypatch: pytest.MonkeyPatch):
    """Captions of a picture story: one of them is believed, and the rest is looked at again."""
    beliefs = {"Vintage meets urban jungle": 0.6, "The kitchen table of 1952": 0.45, "Save": 0.1}
    monkeypatch.setattr(
        body.model, "beliefs", lambda text, _: np.array([beliefs.get(s.text, 0) for s in text.segments])
    )
    found = body.read(page("".join(f"<div>{line}</div>" for line in beliefs)), TITLE)
    assert texts(found) == ["Vintage meets urban jungle", "The kitchen table of 1952"]
