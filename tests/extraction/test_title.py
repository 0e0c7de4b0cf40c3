from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.extraction import title
from aggregator.extraction.page import Page
from aggregator.items import Found

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://dam-times.example/dam-holds-after-a-week-of-rain"
HEADLINE = "Dam holds after a week of rain"


def titles(head: str = "", body: str = "", **arrived: Any) -> list[str]:
    page = Page.parse(f"<html><head>{head}</head><body>{body}</body></html>", URL, FETCHED, **arrived)
    return [claim.value for field, claim in title.candidates(page) if field == "title"]


def subtitle(body: str, head: str = "") -> str | None:
    page = Page.parse(f"<html><head>{head}</head><body>{body}</body></html>", URL, FETCHED)
    return next((claim.value for field, claim in title.candidates(page) if field == "subtitle"), None)


def tag(text: str) -> str:
    return f"<title>{text}</title>"


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{text}"}}</script>'


# Which heading


def test_the_heading_that_readers_see_comes_before_what_machines_are_told() -> None:
    head = tag("Keldar dam: what we know") + og("This dam did not break. Guess why")
    assert titles(head, f"<h1>{HEADLINE}</h1>")[0] == HEADLINE


@pytest.mark.parametrize("other", ["Dam Times", "Energy", "Menu", "€50"])
def test_a_first_heading_that_is_logo_section_or_label_is_passed_over(other: str) -> None:
    assert titles(tag(f"{HEADLINE} | Dam Times"), f"<h1>{other}</h1><h1>{HEADLINE}</h1>")[0] == HEADLINE


def test_a_heading_that_ends_every_title_of_the_site_is_its_name() -> None:
    assert (
        titles(tag("Gate four opens - Notes from the valley"), "<h1>Notes from the valley</h1>")[0] == "Gate four opens"
    )


@pytest.mark.parametrize("title", [f"Hollow Creek - {HEADLINE}", f"Notes from a wet and windy valley - {HEADLINE}"])
def test_a_heading_that_ends_the_title_is_the_headline_where_it_is_longer_or_in_the_address(title: str) -> None:
    assert titles(tag(title), f"<h1>{HEADLINE}</h1>")[0] == HEADLINE


@pytest.mark.parametrize(
    "machines",
    [
        "<ol class=breadcrumbs><li><a href=/>Home</a></li><li><h1>{}</h1></li></ol>",
        "<nav><ul><li><h1>{}</h1></li></ul></nav>",
        "<div class=sr-only><h1 class=sr-only>{}</h1></div>",
    ],
)
def test_under_a_heading_for_machines_the_next_is_the_headline_where_metadata_say_it(machines: str) -> None:
    searched = "Keldar dam: Why it holds after a week of rain"
    body = machines.format(searched) + f"<header><h2>{HEADLINE}</h2></header><p>Rain fell.</p>"
    assert titles(tag(searched) + json_ld(HEADLINE), body)[0] == HEADLINE
    assert titles(tag(searched) + json_ld(searched), body)[0] == searched


def test_a_lower_heading_that_the_title_repeats_beats_a_first_level_one_inside_the_text() -> None:
    body = f"<h3>{HEADLINE}</h3><p>Rain fell.</p><h1>What the engineers did about gate four</h1>"
    assert titles(tag(f"{HEADLINE} - Notes from the valley"), body)[0] == HEADLINE


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"<span class=article-kicker>Hollow Creek</span> <span>{HEADLINE}</span>", HEADLINE),
        (f"<span class=overline>Hollow Creek</span><span class=hidden> - </span><span>{HEADLINE}</span>", HEADLINE),
        (f"<span class=kicker>Hollow Creek</span>: {HEADLINE}", f"Hollow Creek: {HEADLINE}"),
        (f"<span class=headline-label>{HEADLINE}</span>", HEADLINE),
        (f"<span>Hollow Creek</span>{HEADLINE}", f"Hollow Creek {HEADLINE}"),
        (f"<a href=/dam><span class=prefix>Local</span><span> </span>{HEADLINE}</a>", HEADLINE),
        (f"{HEADLINE} <h4 class=author>By Ilse Brandt</h4>", HEADLINE),
        (f"{HEADLINE}<time>3 May 2024</time>", HEADLINE),
        ("Dam <!-- no -->holds <span>again</span>", "Dam holds again"),
        ("<ruby>子<rt>こ</rt></ruby>どもへの<ruby>体罰<rp>(</rp><rt>たいばつ</rt><rp>)</rp></ruby>", "子どもへの体罰"),
    ],
)
def test_what_else_stands_in_the_heading_is_no_part_of_it_but_a_kicker_with_a_colon(heading: str, title: str) -> None:
    assert titles("", f"<h1>{heading}</h1>")[0] == title


@pytest.mark.parametrize(
    "dated", ["23.01.2022 - {}", "12.05.2023 | {}", "May 12, 2023 – {}", "2023-05-12 · {}", "{} | 12. Mai 2023"]
)
def test_a_date_set_apart_from_the_headline_is_no_part_of_it(dated: str) -> None:
    assert titles(tag(HEADLINE), f"<h1>{dated.format(HEADLINE)}</h1>")[0] == HEADLINE
    assert titles("", f"<h1>{dated.format(HEADLINE)}</h1>")[0] == HEADLINE


@pytest.mark.parametrize(
    "headline",
    ["11.9.2001", "12 May 2023: the day the dam held", "The Dam Letter, 12 May 2023", "Dam report 5/12/2023"],
)
def test_a_date_that_the_headline_needs_stays(headline: str) -> None:
    assert titles("", f"<h1>{headline}</h1>")[0] == headline


def test_of_a_title_s_parts_the_one_in_the_address_or_else_the_longest_is_the_headline() -> None:
    assert titles(tag("Hollow Creek Herald | Local | News | Rain and no end of it"))[0] == "Rain and no end of it"
    assert titles(tag("Hollow Creek Herald - Dam holds"))[0] == "Dam holds"


def test_what_stands_before_a_colon_is_no_kicker_though_the_metadata_leave_it_out() -> None:
    assert titles(tag(HEADLINE) + og(HEADLINE), f"<h1>Hollow Creek: {HEADLINE}</h1>")[0] == f"Hollow Creek: {HEADLINE}"


def test_of_two_stories_on_one_page_the_one_the_metadata_tells_is_taken() -> None:
    body = f"<h1>Council votes to raise the dam by two metres</h1><h1>{HEADLINE}</h1>"
    assert titles(tag(HEADLINE) + og(HEADLINE), body)[0] == HEADLINE


# What is glued to the heading


@pytest.mark.parametrize(
    "heading",
    [
        f"<span class=kicker>Energy</span> {HEADLINE}",
        f"<small>12.05.2024</small><br>{HEADLINE}",
        f"{HEADLINE}<div>Posted on 12 May by Ilse</div>",
    ],
)
def test_kicker_date_and_byline_in_the_heading_go(heading: str) -> None:
    assert titles(og(HEADLINE) + tag(HEADLINE), f"<h1>{heading}</h1>")[0] == HEADLINE


def test_elements_that_follow_each_other_directly_are_words_apart() -> None:
    assert titles("", "<h1><span>Keldar</span><span>Dam holds</span></h1>")[0] == "Keldar Dam holds"


def test_a_drop_cap_stays_part_of_its_word() -> None:
    assert titles("", "<h1><b>D</b>am holds<sup>2</sup></h1>")[0] == "Dam holds2"


# Without a heading


@pytest.mark.parametrize(
    "text", [f"{HEADLINE} | Dam Times", f"Dam Times: {HEADLINE}", f"{HEADLINE} – dam-times.example"]
)
def test_the_site_s_name_is_cut_from_either_end(text: str) -> None:
    assert titles(tag(text) + '<meta property="og:site_name" content="Dam Times">')[0] == HEADLINE


def test_what_most_places_say_wins() -> None:
    head = tag("Dam held, say engineers") + json_ld(HEADLINE) + og(HEADLINE)
    assert titles(head)[0] == HEADLINE


def test_of_a_lone_title_the_part_that_the_address_repeats_is_taken() -> None:
    assert titles(tag(f"Archive 2024 - {HEADLINE} - Ostermoor valley"))[0] == HEADLINE


def test_a_headline_cut_short_is_replaced_by_the_whole_one() -> None:
    assert titles(og("Dam holds after a week…") + tag(HEADLINE))[0] == HEADLINE


def test_a_title_with_a_separator_of_its_own_is_not_cut_where_another_place_says_the_same() -> None:
    whole = "Dam holds | What the engineers did"
    assert titles(og(whole) + tag(whole))[0] == whole


def test_the_feed_s_title_is_the_last_resort() -> None:
    found = Found(URL, "dam-times", "https://dam-times.example/feed", title=HEADLINE)
    assert titles(found=found) == [HEADLINE]


# The deck


def test_the_deck_is_found_by_its_class_or_by_being_the_only_heading_of_its_kind() -> None:
    deck = "Engineers opened two of the four gates on Tuesday"
    assert subtitle(f"<h1>{HEADLINE}</h1><p class='article-subtitle'>{deck}</p>") == deck
    assert subtitle(f"<h1>{HEADLINE}</h1><h2>{deck}</h2><p>Text.</p>") == deck


def test_a_subheading_like_others_is_no_deck() -> None:
    body = f"<h1>{HEADLINE}</h1><h2>What the engineers did next</h2><p>Text.</p><h2>What it will cost us all</h2>"
    assert subtitle(body) is None


def test_a_label_is_no_deck() -> None:
    assert subtitle(f"<h1>{HEADLINE}</h1><h2>More pages on this subject:</h2><p>Text.</p>") is None


def test_a_caption_and_a_repeated_title_are_no_deck() -> None:
    figure = "<figure><figcaption class=subtitle>The dam above Ostermoor in May</figcaption></figure>"
    assert subtitle(f"<h1>{HEADLINE}</h1>{figure}") is None
    assert subtitle(f"<h1>{HEADLINE}</h1><p class=subtitle>{HEADLINE}</p>", tag(HEADLINE)) is None
