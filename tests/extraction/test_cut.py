from __future__ import annotations

import pytest

import aggregator

STORY = "".join(
    f"<p>The dam above {town} has held through the night, engineers said on Monday, and nobody was hurt in {town}.</p>"
    for town in ("Halden", "Brennick", "Ostrow", "Meridna")
)
PAGE = f"<html><body><main><h1>Dams hold</h1><div>{STORY}</div></main><footer>Imprint</footer></body></html>"


def is_partial(html: str) -> bool:
    return aggregator.extract(html, "https://any-news.example/2026/11/dams-hold").extraction.partial


@pytest.mark.parametrize(
    "html",
    [
        PAGE,
        f"<h1>Dams hold</h1>{STORY}",
        f"<body><h1>Dams hold</h1>{STORY}",  # ends with a sentence
        f"<body><main><h1>Dams hold</h1>{STORY}</main><footer>Imprint",  # the story is closed
        f"<body><div><h1>Dams hold</h1>{STORY}<ul><li>Home<li>News<li>Imprint</ul>",  # the page's foot is there
        "<p>The dam above Halden has held through the night, the engineers",  # a piece of HTML, no page
    ],
)
def test_a_story_that_is_whole_is_not_partial(html: str) -> None:
    assert not is_partial(html)


@pytest.mark.parametrize("share", [0.4, 0.55, 0.7])
def test_one_that_ends_inside_its_containers_is(share: float) -> None:
    assert is_partial(PAGE[: int(len(PAGE) * share)])


def test_nesting_that_the_parser_gives_up_on_is_told() -> None:
    assert is_partial(PAGE.replace("<footer>", "<div>" * 2_100))
