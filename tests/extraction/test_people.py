from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.extraction import people
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page, SiteFacts
from aggregator.items import Author, Found

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://dam-times.example/dam-holds"
STORY = "<p>The dam above Ostermoor held through a week of rain.</p><p>Engineers opened two of its four gates.</p>"
SITE = '<meta property="og:site_name" content="Dam Times">'


def read(head: str = "", byline: str = "", after: str = "", above: str = "", **arrived: Any) -> people.People:
    html = (
        f"<html><head>{SITE}{head}</head><body>{above}<article><h1>Dam holds after a week of rain</h1>{byline}"
        f"<div class=text>{STORY}</div>{after}</article></body></html>"
    )
    page = Page.parse(html, URL, FETCHED, **arrived)
    story = page.root.cssselect(".text")[0]
    return people.read(page, Body(elements=list(story), container=story))


def names(*args: Any, **kwargs: Any) -> list[str]:
    return [author.name for author in read(*args, **kwargs).authors]


def json_ld(author: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{author}}}</script>'


# Where authors stand


@pytest.mark.parametrize(
    "author",
    [
        '"Ilse Brandt and Jo Keldar"',
        '["Ilse Brandt", "Jo Keldar"]',
        '{"@type":"Person","name":"By Ilse Brandt, Jo Keldar"}',
        '[{"@type":"Person","name":"Ilse Brandt"},{"@type":"Person","name":"Jo Keldar, Energy Editor"}]',
        json.dumps('[{"@type":"Person","name":"Ilse Brandt"}, {"name":"Jo Keldar"}]'),
        '{"@type":"Person","name":["Ilse Brandt","Jo Keldar"]}',
    ],
)
def test_json_ld_names_authors_in_many_forms(author: str) -> None:
    assert names(json_ld(author)) == ["Ilse Brandt", "Jo Keldar"]


def test_json_ld_references_are_followed_and_profiles_kept() -> None:
    graph = (
        '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#ilse"}},'
        '{"@type":"Person","@id":"#ilse","name":"Ilse Brandt","url":"/author/ilse"}]}</script>'
    )
    assert read(graph).authors == [Author("Ilse Brandt", "https://dam-times.example/author/ilse")]


@pytest.mark.parametrize("name", ["author", "article:author", "parsely-author", "dc.creator", "sailthru.author"])
def test_meta_names_authors_but_an_address_is_no_name(name: str) -> None:
    assert names(f'<meta name="{name}" content="Ilse Brandt">') == ["Ilse Brandt"]
    assert names(f'<meta name="{name}" content="https://facebook.example/damtimes">') == []


@pytest.mark.parametrize(
    "byline",
    [
        "<div class=byline>By Ilse Brandt | May 3, 2024</div>",
        "<p class='post-meta'><span class=author-name>Ilse Brandt</span><span>Energy Editor</span></p>",
        "<div><a href='/author/ilse-brandt'>Ilse Brandt</a></div>",
        "<p>By Ilse Brandt</p>",
        "<p>Posted on 3 May 2024 by Ilse Brandt</p>",
        "<div>Ilse Brandt</div><div>3 May 2024</div>",
        "<p>Ilse Brandt, 3 May 2024</p>",
        "<div>Written by</div><div>Ilse Brandt</div>",
        "<div class=meta>Energy | By Ilse Brandt | May 3, 2024</div>",
        "<div class=author-box><div><div><h3>Ilse Brandt</h3></div></div></div>",
    ],
)
def test_bylines_under_the_headline_are_read(byline: str) -> None:
    assert names(byline=byline) == ["Ilse Brandt"]


def test_a_name_set_off_as_the_text_s_first_line_signs_it() -> None:
    page = Page.parse(f"<h1>Dam holds</h1><div class=text><p><b>ILSE BRANDT</b></p>{STORY}</div>", URL, FETCHED)
    story = page.root.cssselect(".text")[0]
    assert [author.name for author in people.read(page, Body(elements=list(story))).authors] == ["ILSE BRANDT"]


def test_authors_that_stand_in_lines_of_their_own_after_by_are_all_taken() -> None:
    byline = "<div>By</div>" + "".join(
        f"<div class=byline-unit><a href='/staff/{n}'>{n} Brandt</a></div>" for n in ("Ilse", "Jo")
    )
    assert names(byline=byline) == ["Ilse Brandt", "Jo Brandt"]


def test_a_theme_s_account_is_read_from_its_line_whatever_its_letters() -> None:
    assert names(byline="<div>Posted in Energy by ilse42 on May 3, 2024</div>") == ["ilse42"]
    assert names(after="<div class=submitted>Gespeichert von ilse42 am 3. Mai 2024</div>") == ["ilse42"]


def test_a_list_of_authors_is_read_to_its_end_with_their_pages() -> None:
    byline = (
        "<ul>"
        + "".join(f"<li class=author><a href='/people/{n}'>{n} Brandt</a></li>" for n in ("Ilse", "Jo"))
        + "</ul>"
    )
    assert [author.url for author in read(byline=byline).authors] == [
        "https://dam-times.example/people/Ilse",
        "https://dam-times.example/people/Jo",
    ]


@pytest.mark.parametrize(
    "after", ["<p>Autorin: Ilse Brandt</p>", "<p>Ilse Brandt</p>", "<div class=author-box><h4>Ilse Brandt</h4></div>"]
)
def test_the_end_of_the_story_may_name_its_author(after: str) -> None:
    assert names(after=after) == ["Ilse Brandt"]


@pytest.mark.parametrize(
    "after",
    [
        "<ol class=comments><li class='comment author'>Jo Keldar</li></ol>",
        "<div class='related'><span class=author>Jo Keldar</span></div>",
        "<figure><figcaption class=author>Jo Keldar</figcaption></figure>",
        "<div><p>Read more</p></div>",
    ],
)
def test_commenters_photographers_and_other_stories_authors_are_not_taken(after: str) -> None:
    assert names(after=after) == []


def test_site_selectors_outrank_everything_and_the_feed_comes_last() -> None:
    site = SiteFacts("dam-times", {"authors": ".text p:first-child b"})
    byline = "<div class=text><p><b>Jo Keldar</b></p></div>"
    assert names(json_ld('"Ilse Brandt"'), byline, site=site) == ["Jo Keldar"]
    found = Found(URL, "dam-times", URL, authors=["Ilse Brandt"])
    assert names(found=found) == ["Ilse Brandt"]
    assert names(json_ld('"Jo Keldar"'), found=found) == ["Jo Keldar"]


# Whom to believe


def test_what_most_places_say_wins_and_the_other_is_kept_as_evidence() -> None:
    head = json_ld('["Ilse Brandt", "Jo Keldar"]') + '<meta name="parsely-author" content="Ilse Brandt">'
    who = read(head, "<p class=byline>By Ilse Brandt. Photographs by Jo Keldar</p>")
    assert [author.name for author in who.authors] == ["Ilse Brandt"]
    assert who.evidence["authors"]["runner_up"]["from"] == "json-ld:author"


def test_a_person_is_believed_before_an_account_s_name() -> None:
    head = '<meta name="author" content="ilse.brandt42">'
    assert names(head, "<p class=byline>By Ilse Brandt</p>") == ["Ilse Brandt"]
    head += json_ld('"ilse.brandt42"')
    assert names(head, "<div class=author>Ilse Brandt</div>") == ["Ilse Brandt"]


def test_whom_the_story_s_own_lines_name_is_believed_before_who_put_it_up() -> None:
    head = json_ld('"Jo Keldar"') + '<meta name="author" content="Jo Keldar">'
    assert names(head, "<p>By: Ilse Brandt</p>") == ["Ilse Brandt"]


@pytest.mark.parametrize("account", ["admin", "Dam Times", "Dam Times Staff", "Editor"])
def test_the_site_itself_is_no_author_but_posted_the_story(account: str) -> None:
    who = read(json_ld(f'{{"@type":"Person","name":"{account}"}}'))
    assert (who.authors, who.posted_by) == ([], account)


def test_a_byline_is_read_where_metadata_names_only_the_site() -> None:
    who = read(json_ld('"Dam Times"'), "<p class=byline>By Ilse Brandt</p>")
    assert ([author.name for author in who.authors], who.posted_by) == (["Ilse Brandt"], "Dam Times")


def test_a_site_that_bears_its_author_s_name_has_an_author() -> None:
    page = Page.parse('<meta name=author content="Ilse Brandt"><p>Text.', "https://ilsebrandt.example/dams", FETCHED)
    assert people.read(page, Body()).authors == [Author("Ilse Brandt")]


def test_agencies_are_no_authors() -> None:
    who = read(json_ld('[{"@type":"Person","name":"Ilse Brandt"},{"@type":"Organization","name":"AFP"}]'))
    assert ([author.name for author in who.authors], who.agencies, who.wire) == (
        ["Ilse Brandt"],
        ["Agence France-Presse"],
        None,
    )
    assert read(byline="<p class=byline>By The Associated Press</p>").wire == "Associated Press"


# Stories of other outlets


def test_an_editor_who_only_posts_gives_way_to_whom_the_text_names() -> None:
    byline = "<div class=td-author-name>By <a href='/author/jo'>Jo Keldar</a></div><p>Written by: Ilse Brandt</p>"
    who = people.reposted(read(json_ld('"Jo Keldar"'), byline), "Grist", "text:originally")
    assert ([author.name for author in who.authors], who.posted_by) == (["Ilse Brandt"], "Jo Keldar")
    assert who.evidence["posted_by"]["from"] == "json-ld:author"


def test_beside_a_source_in_so_many_words_anyone_only_posted_the_story() -> None:
    who = people.reposted(read(json_ld('"Jo Keldar"')), "Grist", "text:label")
    assert (who.authors, who.posted_by) == ([], "Jo Keldar")


@pytest.mark.parametrize(
    "author",
    ['"Redaktion"', '"Damtimes1"', '"Redacción Dam Times 2"', '{"@type":"Organization","name":"Upper Damtimes"}'],
)
def test_the_editorial_office_and_the_site_under_another_name_only_posted_it(author: str) -> None:
    head = json_ld(author).replace("Damtimes", "Dam-Times")
    who = read(head)
    assert who.authors == []
    assert who.posted_by


@pytest.mark.parametrize(
    "line",
    [
        "<p class=byline>© by Moor Broadcast</p>",
        "<div class=author>Collections / Books</div>",
        "<h3>Key Takeaways</h3><div>3 May 2024</div>",
        "<div>Dam Holds</div><div>3 May 2024</div>",
        "<p>When Ana Terlić, Jo Keldar and others filed their lawsuit in 2024, they joined a chorus of engineers.</p>",
        "<p>The engineers, whom <a href='/people/ana-terlic'>Ana Terlić</a> had asked to come, opened two gates of"
        " the dam above Ostermoor on Monday, and the water fell.</p>",
    ],
)
def test_headings_and_sentences_are_no_bylines(line: str) -> None:
    assert names(byline=line) == []


def test_one_word_in_an_element_for_the_author_beats_a_fuller_line_around() -> None:
    box = "<div class=author-box><p>Gründerin Journal</p></div>"
    assert names(byline=f"<div class=post-author>Jessie</div>{box}") == ["Jessie"]
    signed = "<div class=author-box><p>Ilse Brandt</p></div>"
    assert names(byline=f"<div class=post-author>NEWSROOM</div>{signed}") == ["Ilse Brandt"]


def test_who_drew_the_pictures_did_not_write_the_story() -> None:
    assert names(byline="<p>Text von Ilse Brandt Illustration von Jo Keldar</p>") == ["Ilse Brandt"]


def test_an_account_behind_a_label_is_not_looked_for_in_what_follows() -> None:
    assert names(byline="<p class=author>Autor: moorkahn | Abgelegt unter: Fotografie | Tags: Abend</p>") == [
        "moorkahn"
    ]


def test_a_desk_only_posts_the_stories_of_others() -> None:
    who = read(json_ld('"Newsdesk"'))
    assert [author.name for author in who.authors] == ["Newsdesk"]
    reposted = people.reposted(who, "Grist", "text:originally")
    assert (reposted.authors, reposted.posted_by) == ([], "Newsdesk")


def test_an_account_that_only_metadata_names_posted_the_story() -> None:
    who = read(json_ld('"jkeldar77"'))
    assert (who.authors, who.posted_by) == ([], "jkeldar77")
    both = read(json_ld('"ilsebrandt"'), byline="<p>By Ilse Brandt</p>")
    assert ([author.name for author in both.authors], both.posted_by) == (["Ilse Brandt"], None)


def test_an_account_that_spells_a_name_gives_way_to_the_name_as_it_is_written() -> None:
    assert names(json_ld('"ilse.brandt"')) == ["Ilse Brandt"]
    assert names(json_ld('"jo.keldar"'), byline="<p class=author>Ilse Brandt</p>") == ["Ilse Brandt"]


def test_whom_the_headline_names_wrote_the_story_only_where_the_line_says_by() -> None:
    def written(byline: str) -> list[str]:
        page = Page.parse(f"<h1>Ana Terlić opens the dam</h1>{byline}<div class=text>{STORY}</div>", URL, FETCHED)
        who = people.read(page, Body(elements=list(page.root.cssselect(".text")[0])))
        return [author.name for author in who.authors]

    assert written("<p><a href='/people/ana'>Ana Terlić</a> is at work.</p>") == []
    assert written("<p>By Ana Terlić</p>") == ["Ana Terlić"]


def test_a_report_that_is_cited_in_brackets_leaves_the_writer_the_author() -> None:
    who = people.reposted(read(json_ld('"Jo Keldar"')), "Radio Moor", "text:cited")
    assert [author.name for author in who.authors] == ["Jo Keldar"]


def test_who_is_said_to_have_posted_it_did() -> None:
    who = read(byline="<p class=byline>Posted by Jo Keldar</p>")
    assert people.reposted(who, "Grist", "headline:link").posted_by == "Jo Keldar"


@pytest.mark.parametrize("place", ["text:originally", "text:dateline"])
def test_a_reporter_stays_the_author_of_a_story_that_appeared_elsewhere_first(place: str) -> None:
    who = read(byline="<p class=byline>By Ilse Brandt</p>")
    assert people.reposted(who, "Grist", place) is who


def test_degrees_make_nobody_a_desk() -> None:
    who = read(byline="<p class=byline>By Ilse Brandt, Ph.D.</p>")
    assert people.reposted(who, "Grist", "text:originally") is who


def test_whom_a_byline_names_beside_a_source_is_the_author() -> None:
    line = "By Ilse Brandt, 3 May 2024. Source: moorpictures.example"
    who = people.reposted(read(json_ld('"Ilse Brandt"')), "moorpictures.example", "text:label", line)
    assert [author.name for author in who.authors] == ["Ilse Brandt"]
    who = people.reposted(read(json_ld('"Ilse Brandt"')), "Grist", "text:label", "Posted by Ilse Brandt. Source: Grist")
    assert who.posted_by == "Ilse Brandt"


def test_who_wrote_the_text_is_named_in_an_attribution() -> None:
    assert names(after="<div class=attribution>Text by Ilse Brandt</div>") == ["Ilse Brandt"]


def test_a_foreign_canonical_page_is_repeated_with_its_people() -> None:
    who = read(json_ld('"Newsdesk"'))
    assert people.reposted(who, "Grist", "link:canonical") is who


def test_an_organisation_that_is_the_source_stays_the_author() -> None:
    who = read(json_ld('{"@type":"Organization","name":"Valley Police"}'))
    assert people.reposted(who, "Valley Police", "text:originally").authors == [Author("Valley Police")]
    assert people.reposted(who, "Grist", "text:originally").posted_by == "Valley Police"


def test_a_page_without_people_names_none() -> None:
    assert read() == people.People()
