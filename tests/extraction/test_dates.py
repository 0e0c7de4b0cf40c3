from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from aggregator.extraction import dates
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page, SiteFacts
from aggregator.items import Found

FETCHED = datetime.fromisoformat("2024-05-30T19:57:47+00:00")
STORY = "<p>The council voted on Monday to keep the harbour ferry running through the winter.</p>" * 3
META = '<meta property="%s" content="%s">'
JSON_LD = '<script type="application/ld+json">{"@type":"NewsArticle",%s}</script>'


def read(
    html: str, url: str = "https://news.example/ferry-stays", fetched: datetime = FETCHED, **arrived: Any
) -> dates.Dates:
    page = Page.parse(f"<html>{html}</html>", url, fetched, **arrived)
    paragraphs = [p for article in page.root.iter("article") for p in article.iter("p") if len(p.text_content()) > 60]
    return dates.read(page, Body(elements=paragraphs))


def article(byline: str = "", after: str = "", above: str = "", head: str = "", lang: str = "en") -> str:
    return (
        f"<head><title>Ferry stays - News</title>{head}</head><body lang={lang}>{above}<article><h1>Ferry stays</h1>"
        f"{byline}{STORY}</article>{after}</body>"
    )


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# Where a date stands


def test_json_ld_gives_the_moment_as_it_was_written() -> None:
    got = read(
        article(head=JSON_LD % '"datePublished":"2023-09-28T18:42:10+02:00","dateModified":"2023-09-29T08:00:00+02:00"')
    )
    assert (iso(got.published), iso(got.modified)) == ("2023-09-28T18:42:10+02:00", "2023-09-29T08:00:00+02:00")
    assert got.evidence["published_at"] == {
        "from": "json-ld:datePublished",
        "raw": "2023-09-28T18:42:10+02:00",
        "zone": "value",
    }


@pytest.mark.parametrize(
    ("place", "html", "url"),
    [
        ("meta:article:published_time", article(head=META % ("article:published_time", "2023-09-28")), ""),
        ("meta:parsely-pub-date", article(head=META % ("parsely-pub-date", "2023-09-28T10:00:00Z")), ""),
        ("url", article(), "https://news.example/2023/09/28/ferry-stays"),
        ("url:slug", article(), "https://news.example/news/28-09-2023/ferry-stays"),
        ("url:short", article(), "https://news.example/press/230928_ferry-stays"),
        ("text", article("<p>Ann Smith<b>28.09.23</b>18:42</p>"), ""),
        ("text", article("<div class=header-date>28 Sep, 2023</div>"), ""),
        ("time", article('<time datetime="2023-09-28T10:00:00+02:00">Thursday</time>'), ""),
        ("time", article('<abbr class="published" title="2023-09-28T10:00:00+02:00">Thursday</abbr>'), ""),
        ("text", article("<div>By Ann Smith | 28 September 2023</div>"), ""),
        ("text", article("<div><span>28</span> <span>Sep</span> <span>2023</span></div>"), ""),
        ("text", article("<div class=box><div>28</div><div>Sep</div><div>2023</div></div>"), ""),
        ("text", article(after="<p>Published on 28.09.2023</p>"), ""),
        ("text", article("<p>Rotterdam, 28 September 2023 – The council voted to keep the ferry.</p>"), ""),
        ("time", article('<span data-timestamp="1695895200"></span>'), ""),
        ("script:publishedAt", article(head='<script>state={"publishedAt":"2023-09-28T10:00:00+02:00"}</script>'), ""),
        (
            "microdata:datePublished",
            '<body><div itemscope itemtype="https://schema.org/Article"><h1>Ferry stays</h1>'
            '<meta itemprop="datePublished" content="2023-09-28"></div></body>',
            "",
        ),
    ],
)  # fmt: skip
def test_places_of_a_date(place: str, html: str, url: str) -> None:
    got = read(html, url or "https://news.example/ferry-stays")
    assert (iso(got.published) or "")[:10] == "2023-09-28"
    assert got.evidence["published_at"]["from"] == place


def test_the_feed_gives_the_date_where_the_page_has_none() -> None:
    found = Found(
        "https://news.example/ferry", "news", "https://news.example/rss", published="Thu, 28 Sep 2023 10:00:00 GMT"
    )
    got = read(article(), found=found)
    assert iso(got.published) == "2023-09-28T10:00:00+00:00"
    assert got.evidence["published_at"]["from"] == "feed:published"


def test_a_feed_that_stamps_old_stories_anew_loses_to_the_page() -> None:
    found = Found(
        "https://news.example/ferry", "news", "https://news.example/rss", published="Thu, 30 May 2024 19:00:00 GMT"
    )
    got = read(article("<p>Published on 28 September 2023</p>"), found=found)
    assert iso(got.published) == "2023-09-28T00:00:00+00:00"
    assert got.evidence["published_at"]["runner_up"]["from"] == "feed:published"


@pytest.mark.parametrize(
    ("byline", "moment"),
    [
        ("<p>Von Anna Schmidt, vor 3 Stunden</p>", "2024-05-30T18:57:00+02:00"),
        ("<p>hace 2 días</p>", "2024-05-28T00:00:00+02:00"),
        ("<p>Anna Schmidt, gestern, 18:40 Uhr</p>", "2024-05-29T18:40:00+02:00"),
    ],
)
def test_relative_dates_count_from_the_fetch(byline: str, moment: str) -> None:
    got = read(article(byline), site=SiteFacts("news", timezone="Europe/Berlin"))
    assert iso(got.published) == moment
    assert got.evidence["published_at"]["from"] == "relative"


def test_a_span_of_days_to_come_is_no_relative_date() -> None:
    assert read(article("<p>Try our planner for 7 days.</p>")).published is None
    assert iso(read(article("<p>for 3 timer siden</p>", lang="nb")).published) == "2024-05-30T16:57:00+00:00"


def test_the_date_a_text_shows_under_the_headline_beats_a_meta_date_of_the_last_change() -> None:
    got = read(article("<p>28 September 2023</p>", head='<meta name="date" content="2023-09-30">'))
    assert (iso(got.published) or "")[:10] == "2023-09-28"


def test_a_page_rendered_long_before_the_fetch_has_no_relative_dates() -> None:
    got = read(article("<p>3 hours ago</p>", after="<footer>© 2019 News</footer>"))
    assert got.published is None


# What is no date of publication


def test_the_day_an_archive_took_the_page_is_not_the_story_s() -> None:
    toolbar = "<div><div>27 May 2024</div></div>"
    url = "https://web.archive.org/web/20240527195747/http://news.example/ferry-stays"
    assert iso(read(article("<p>28 September 2023</p>", above=toolbar), url).published) == "2023-09-28T00:00:00+00:00"
    assert iso(read(article("<p>vor 3 Stunden</p>", lang="de"), url).published) == "2024-05-27T16:57:00+00:00"


@pytest.mark.parametrize(
    "line", ["<p>Registriert: 28.09.2018, 05:56</p>", "<p>© 1996-Thu Sep 28 06:14:35 EST 2018</p>"]
)
def test_when_a_member_joined_or_a_right_began_is_not_the_date(line: str) -> None:
    got = read(article(f"{line}<p>von moorkahn » 21.01.2023, 05:42</p>"))
    assert (iso(got.published) or "")[:10] == "2023-01-21"


def test_a_press_release_begins_with_its_date() -> None:
    got = read(article("<p>Press release of 28 September 2023 | " + "The ferry stays, the council has decided. " * 8))
    assert (iso(got.published) or "")[:10] == "2023-09-28"


CLOCKS = [
    '<div class="td-header-sp-top-menu"><div class="td_data_time"><div>Thursday, May 30, 2024</div></div></div>',
    '<div class="tdb-head-date-txt">Thursday, May 30, 2024</div>',
    "<header><nav><a>Home</a></nav><div>Thursday, May 30, 2024 19:57:47</div></header>",
    "<div>Date: May 30, 2024 Time: 19:57:47</div>",
]


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_theme_s_clock_is_not_the_date(clock: str) -> None:
    got = read(article("<div>By Ann Smith - September 28, 2023</div>", above=clock))
    assert iso(got.published) == "2023-09-28T00:00:00+00:00"


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_page_with_nothing_but_a_clock_has_no_date(clock: str) -> None:
    got = read(article(above=clock))
    assert got.published is None
    assert got.evidence["published_at"]["from"] == "none"
    assert "2024" in got.evidence["published_at"]["runner_up"]["raw"]


def test_the_clock_line_inside_the_article_is_not_the_date() -> None:
    got = read(article("<div>Date: May 30, 2024 Time: 19:57:47</div><div>September 28, 2023</div>"))
    assert iso(got.published) == "2023-09-28T00:00:00+00:00"
    assert read(article("<div>Date: May 30, 2024 Time: 19:57:47</div>")).published is None


def test_modified_never_passes_for_published() -> None:
    got = read(article(head=JSON_LD % '"dateModified":"2023-09-29T08:00:00+02:00"'))
    assert (got.published, iso(got.modified)) == (None, "2023-09-29T08:00:00+02:00")
    got = read(article("<p>Last updated: 29 September 2023</p>"))
    assert (got.published, iso(got.modified)) == (None, "2023-09-29T00:00:00+00:00")
    both = (
        '<p><time class="entry-date published" datetime="2023-09-28T10:00:00+02:00">28 September 2023</time>'
        '<time class="updated" datetime="2023-09-29T10:00:00+02:00">29 September 2023</time></p>'
    )
    got = read(article(both))
    assert (iso(got.published), iso(got.modified)) == ("2023-09-28T10:00:00+02:00", "2023-09-29T10:00:00+02:00")


def test_an_update_in_the_same_line_leaves_the_date_before_it_the_publication_s() -> None:
    got = read(article('<div class="last-modified">28 September 2023Updated on: 2 October 2023</div>'))
    assert (iso(got.published), iso(got.modified)) == ("2023-09-28T00:00:00+00:00", "2023-10-02T00:00:00+00:00")


@pytest.mark.parametrize("modified", ["2022-01-01T08:00:00+02:00", "2023-09-28T08:00:00+02:00", "2023-09-28"])
def test_a_change_before_the_hour_of_publication_is_none_of_the_story(modified: str) -> None:
    got = read(article(head=JSON_LD % f'"datePublished":"2023-09-28T10:00:00+02:00","dateModified":"{modified}"'))
    assert (iso(got.published), got.modified) == ("2023-09-28T10:00:00+02:00", None)
    assert got.evidence["modified_at"]["runner_up"]["raw"] == modified
    assert got.evidence["modified_at"]["note"]


def test_dates_of_related_stories_comments_and_the_copyright_are_not_the_story_s() -> None:
    others = (
        '<div class="related"><h3>Bridge closed</h3><time datetime="2024-05-29T09:00:00+02:00">29 May 2024</time>'
        '<h3>Crane moved</h3><time datetime="2024-05-28T09:00:00+02:00">28 May 2024</time></div>'
        '<ol class="comments"><li>Bo: <time datetime="2024-05-30T09:00:00+02:00">30 May 2024</time> Good.</li></ol>'
        "<footer>© 2024 News, registered on 2 April 1999</footer>"
    )
    assert read(article(after=others)).published is None
    assert iso(read(article("<div>28 September 2023</div>", after=others)).published) == "2023-09-28T00:00:00+02:00"


def test_a_dateline_stands_beside_the_dates_of_its_sentences() -> None:
    story = (
        "<p>Brennick, (12.11.2021). The harbour council opened the long crossing to carriages and riders again on"
        " Friday; it had been closed since the storm of March. The next tide fair is on Sunday, 21 November 2021, and"
        " the council hopes for as many visitors as two years before, it said.</p>"
    )
    calendar = '<aside class="teaser">' + "".join(f"<p>Mo. {day}.11.2021</p>" for day in (13, 15)) + "</aside>"
    assert iso(read(article(story, after=calendar, lang="de")).published) == "2021-11-12T00:00:00+00:00"


def test_a_year_of_two_digits_is_one_in_an_element_that_is_made_for_a_date() -> None:
    assert iso(read(article('<div class="post-date">Hafen, 2.11.23</div>')).published) == "2023-11-02T00:00:00+00:00"
    assert read(article('<div class="version">Version 2.11.23</div>')).published is None
    assert read(article('<div class="post-date">Version 2.11.23.4</div>')).published is None


def test_an_event_in_the_story_is_not_its_date() -> None:
    sentence = (
        "<p>The ferry crossed the bay in 1931, and on 3 June 2021 it carried its millionth passenger, she said.</p>"
    )
    got = read(article(sentence))
    assert got.published is None
    assert got.evidence["published_at"]["runner_up"]["from"] == "text"


@pytest.mark.parametrize("value", ["1970-01-01T00:00:00Z", "2031-01-01", "0000-00-00", "soon", "9" * 500])
def test_impossible_dates_are_not_believed(value: str) -> None:
    got = read(article(head=f'<meta property="article:published_time" content="{value}">'))
    assert got.published is None


def test_the_page_s_own_microdata_is_taken_and_not_that_of_its_teasers() -> None:
    date = '<meta itemprop="datePublished" content="2024-05-29">'
    teaser = f'<div itemscope itemtype="https://schema.org/NewsArticle">{date}</div>'
    assert read(article(after=teaser + teaser)).published is None


# Which claim is believed


def test_independent_witnesses_outvote_one() -> None:
    html = article(
        "<p>Published on 28 September 2023</p>",
        head='<meta name="date" content="2024-02-01"><meta property="og:url" content="https://news.example/2023/09/28/ferry">',
    )
    got = read(html)
    assert (iso(got.published) or "")[:10] == "2023-09-28"
    assert got.evidence["published_at"]["runner_up"] == {"from": "meta:date", "raw": "2024-02-01"}


def test_contradictions_are_kept() -> None:
    head = (
        JSON_LD % '"datePublished":"2023-09-28T10:00:00+02:00"'
        + META % ("article:published_time", "2023-09-28T10:00:00+02:00")
        + META % ("dc.date", "2023-10-02")
    )
    got = read(article("<p>1 October 2023</p>", head=head))
    assert (iso(got.published) or "")[:10] == "2023-09-28"
    evidence = got.evidence["published_at"]
    assert {evidence["runner_up"]["from"], *(trace["from"] for trace in evidence["conflicts"])} == {
        "text",
        "meta:dc.date",
    }


@pytest.mark.parametrize(
    ("lang", "url", "day"),
    [
        ("en-US", "https://news.example/a", "2023-03-04"),
        ("en-GB", "https://news.example/a", "2023-04-03"),
        ("en", "https://news.co.uk/a", "2023-04-03"),
        ("fr", "https://news.example/a", "2023-04-03"),
        ("en-US", "https://news.example/2023/04/03/a", "2023-04-03"),  # another witness tells
    ],
)
def test_the_order_of_day_and_month(lang: str, url: str, day: str) -> None:
    html = article("<p>03/04/2023</p>")
    page = Page.parse(f"<html lang={lang}>{html}</html>", url, FETCHED)
    assert (iso(dates.read(page, Body()).published) or "")[:10] == day


def test_a_day_that_has_not_come_is_read_the_other_way_round() -> None:
    got = read(article("<p>05/06/2024</p>").replace("<head>", "<head>"), "https://zeitung.co.uk/a")
    assert (iso(got.published) or "")[:10] == "2024-05-06"


# Zones


def test_the_zone_is_that_of_the_value_then_the_page_s_then_the_site_s_then_a_guess() -> None:
    byline = "<p>28 September 2023, 18:42</p>"
    site = SiteFacts("news", timezone="America/Lima")
    modified = '<meta property="article:modified_time" content="2023-09-28T20:00:00+03:00">'
    for head, facts, url, want in (
        (
            '<meta name="date" content="2023-09-28T18:42:00+02:00">',
            site,
            "https://news.example/a",
            ("18:42:00+02:00", "value"),
        ),
        (modified, site, "https://news.example/a", ("18:42:00+03:00", "page")),
        ("", site, "https://news.example/a", ("18:42:00-05:00", "site")),
        ("", None, "https://zeitung.de/a", ("18:42:00+02:00", "assumed")),
        ("", None, "https://news.example/a", ("18:42:00+00:00", "assumed")),
    ):
        got = read(article(byline, head=head), url, site=facts)
        assert got.published
        assert (got.published.isoformat()[11:], got.evidence["published_at"]["zone"]) == want


def test_a_moment_in_utc_is_shown_on_the_day_the_page_shows() -> None:
    head = JSON_LD % '"datePublished":"2023-11-09T06:35:29Z"'
    with_time = read(article("<p>Posted: Nov 8, 2023 10:35 PM</p>", head=head))
    assert iso(with_time.published) == "2023-11-08T22:35:29-08:00"
    assert with_time.evidence["published_at"]["zone"] == "page"
    day_only = read(article("<p>Posted: Nov 8, 2023</p>", head=head))
    assert day_only.published
    assert day_only.published == datetime.fromisoformat("2023-11-09T06:35:29Z")
    assert day_only.published.isoformat()[:10] == "2023-11-08"
    assert day_only.evidence["published_at"]["zone"] == "assumed"


def test_summer_time_follows_the_site_s_zone() -> None:
    site = SiteFacts("news", timezone="Europe/Berlin")
    assert iso(read(article("<p>1. Juli 2023, 12:00 Uhr</p>"), site=site).published) == "2023-07-01T12:00:00+02:00"
    assert iso(read(article("<p>1. Dezember 2023, 12:00 Uhr</p>"), site=site).published) == "2023-12-01T12:00:00+01:00"


def test_an_offset_that_is_the_site_s_zone_s_turns_with_the_year() -> None:
    winter = '<meta property="article:modified_time" content="2023-12-01T12:00:00+01:00">'
    got = read(article("<p>1. Juli 2023, 12:00 Uhr</p>", head=winter), "https://zeitung.de/a")
    assert (iso(got.published), got.evidence["published_at"]["zone"]) == ("2023-07-01T12:00:00+02:00", "page")


def test_a_page_without_any_date_says_nothing() -> None:
    got = read(article())
    assert (got.published, got.modified, got.evidence) == (None, None, {})


def test_an_empty_page_is_no_error() -> None:
    assert dates.read(Page.parse("", "https://news.example/", FETCHED), Body()) == dates.Dates()


def test_json_ld_that_a_framework_wrote_into_a_meta_field_is_read() -> None:
    data = '{"@type": "NewsArticle", "datePublished": "2023-09-28T18:42:10+02:00"}'
    got = read(article(head=f"<meta name='script:ld+json' content='{data}'>"))
    assert iso(got.published) == "2023-09-28T18:42:10+02:00"


def test_a_line_that_says_when_it_was_published_is_believed_though_it_stands_last_among_other_dates() -> None:
    opened = "<p>The yard opened on 6 November 2022, and the old ferry was taken out of the water there in spring.</p>"
    last = "<div>Last change: 31 October 2023</div><div>Published on: 1 November 2023</div>"
    fair = f"{STORY}{STORY}<div>The harbour fair begins on 6 November 2023</div>"
    got = read(article(opened + STORY * 20, after=f"{STORY * 2}{last}{fair}"))
    assert (iso(got.published) or "")[:10] == "2023-11-01"


def test_a_short_year_is_read_beside_the_author() -> None:
    got = read(article("<p class=author><a rel=author>Ilse Brandt</a>, 8.5.12</p>", lang="de"))
    assert (iso(got.published) or "")[:10] == "2012-05-08"
