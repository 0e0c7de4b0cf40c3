from __future__ import annotations

import pytest

from aggregator.cleaning.captions import is_credit, split, tidy

CAPTION = "The dam on Monday"


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        (f"{CAPTION}. Photo: Jo Keldar", "Jo Keldar"),
        (f"{CAPTION} (Photo by Jo Keldar / AFP)", "Jo Keldar / AFP"),
        (f"{CAPTION} (Symbolbild: Jo K./AdobeStock)", "Jo K./AdobeStock"),
        (f"{CAPTION} © dpa | Jo Keldar", "dpa | Jo Keldar"),
        (f"{CAPTION}. © 2024 Jo Keldar", "Jo Keldar"),
        (f"{CAPTION}. [Foto: privat]", "privat"),
        (f"{CAPTION}. Credit: Jo Keldar/Example Museum", "Jo Keldar/Example Museum"),
        (f"{CAPTION} (NASA/JPL-Caltech)", "NASA/JPL-Caltech"),
        (f"{CAPTION} (Reuters)", "Reuters"),
        (f"{CAPTION} 写真：ジョー", "ジョー"),
        (f"{CAPTION}. Jo Keldar/Getty Images", "Jo Keldar/Getty Images"),
        (f"{CAPTION}.Getty Images", "Getty Images"),
        (f"{CAPTION} | Jo Keldar/AFP via Getty Images", "Jo Keldar/AFP via Getty Images"),
        (f"{CAPTION}. picture alliance | Jo Keldar", "picture alliance | Jo Keldar"),
        (f"{CAPTION} REUTERS", "REUTERS"),
        (f"{CAPTION} AP Photo/Jo Keldar", "AP Photo/Jo Keldar"),
        (f"{CAPTION}. (AP Photo/Jo Keldar) AP Photo", "AP Photo/Jo Keldar"),
        (f"{CAPTION}. Source: Bureau of Rivers", "Bureau of Rivers"),
        (f"{CAPTION}Quelle: Jo Keldar / dpa", "Jo Keldar / dpa"),
    ],
)
def test_credits_are_told_from_captions(line: str, credit: str) -> None:
    caption, found = split(line)
    assert (caption or "").rstrip(".") == CAPTION
    assert found == credit


@pytest.mark.parametrize(
    "line",
    ["Photo: Jo Keldar", "(Foto: Jo Keldar)", "Copyright: Jo Keldar", "Jo Keldar via Getty Images", "© Jo Keldar"],
)
def test_a_line_may_be_all_credit(line: str) -> None:
    caption, credit = split(line)
    assert caption is None
    assert "Jo Keldar" in (credit or "")


@pytest.mark.parametrize(
    "line",
    [
        "Ana Terlić (left) and Jo Keldar (right)",
        "Photo: The dam that held all winter stands above the town of Brennick",
        "The photo by the door shows the founder",
        "A picture of the dam in 1931",
        "The dam. Its keeper spoke to Reuters",
        "The source: a spring above Brennick",
    ],
)
def test_what_shows_something_stays_a_caption(line: str) -> None:
    assert split(line) == (line, None)


@pytest.mark.parametrize("line", ["3", "- Advertisement -", "ANZEIGE", "Bild-Infos Download", "…"])
def test_what_says_nothing_is_no_caption(line: str) -> None:
    assert split(line) == (None, None)


def test_a_caption_that_repeats_title_credit_or_byline_is_none() -> None:
    assert tidy("Dam holds!", None, "Dam holds") == (None, None)
    assert tidy("Photo by Jo Keldar", "Photo by Jo Keldar", "Dam holds") == (None, "Jo Keldar")
    assert tidy("Von Ilse Brandt, Redakteurin 09.09.2025, 09:58 Uhr", None, "Dam holds") == (None, None)
    assert tidy("Dam holds, say engineers By Jo Keldar Share", None, "Dam holds, say engineers") == (None, None)
    assert tidy("The dam in May. Picture Jo Keldar, Brennick", "Jo Keldar, Brennick", None)[0] == "The dam in May."
    assert tidy(None, "(imago/Jo Keldar | IMAGO/Jo Keldar)", None) == (None, "imago/Jo Keldar")
    assert tidy(None, "dpa | Jo Keldar", None) == (None, "dpa | Jo Keldar")
    assert tidy(None, "Tama w maju / Źródło: Jo Keldar", None) == ("Tama w maju", "Jo Keldar")
    assert tidy(None, "The dam in May. Photo: Jo Keldar", "Dam holds") == ("The dam in May.", "Jo Keldar")


@pytest.mark.parametrize("line", ["Read also: Ferry stays in the bay", "If you like our work, buy us a coffee."])
def test_a_line_beside_a_picture_that_asks_for_something_is_no_caption(line: str) -> None:
    assert tidy(line, "Jo Keldar", None) == (None, "Jo Keldar")


def test_a_line_of_the_text_is_a_credit_only_behind_a_label() -> None:
    assert is_credit("Header image: Jo Keldar")
    assert not is_credit("Jo Keldar / AFP")
