from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction import embeds
from aggregator.extraction.page import Page

TWEET = (
    '<blockquote class="twitter-tweet"><p>The dam holds. <a href="https://t.co/x1">pic</a></p>— Halden %s</blockquote>'
)


def read(html: str) -> list[embeds.Embed]:
    page = Page.parse(f"<body><p>Before</p>{html}<p>After</p></body>", "https://a.example/d", datetime.now(UTC))
    return embeds.read(page, page.text)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<iframe src="//www.youtube.com/embed/abc?rel=0"></iframe>', "https://www.youtube.com/embed/abc?rel=0"),
        ('<p><iframe data-src="https://player.vimeo.com/video/7"></iframe></p>', "https://player.vimeo.com/video/7"),
        (TWEET % '<a href="https://twitter.com/halden/status/1?ref_src=twsrc">May</a>', "https://twitter.com/halden/status/1"),
        ('<div class="fb-post" data-href="https://www.facebook.com/halden/posts/1"></div>', "https://www.facebook.com/halden/posts/1"),
        ('<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/1/?igsh=x">Post',
         "https://www.instagram.com/p/1/"),
        ('<figure class="wp-block-embed"><div>https://www.youtube.com/watch?v=abc</div></figure>', "https://www.youtube.com/watch?v=abc"),
        ('<p><a href="https://x.com/halden/status/1">https://x.com/halden/status/1</a></p>', "https://x.com/halden/status/1"),
        ('<amp-youtube data-videoid="abc"></amp-youtube>', "https://www.youtube.com/watch?v=abc"),
        ('<amp-twitter data-tweetid="1"></amp-twitter>', "https://twitter.com/i/status/1"),
        ('<lite-youtube videoid="abc"></lite-youtube>', "https://www.youtube.com/watch?v=abc"),
        ('<iframe src="https://dams.podigee.io/7-halden/embed"></iframe>', "https://dams.podigee.io/7-halden/embed"),
        ('<div class="embed-container"><iframe src="https://maps.a.example/dam"></iframe></div>', "https://maps.a.example/dam"),
    ],
)  # fmt: skip
def test_what_another_site_shows(html: str, url: str) -> None:
    assert [embed.url for embed in read(html)] == [url]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://ads.example/frame?url=https://www.youtube.com/embed/abc"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=https://a.example/d"></iframe>',
        '<div class="ad embed"><iframe src="https://b.example/banner"></iframe></div>',
        '<iframe src="about:blank"></iframe>',
        "<p>https://www.facebook.com/halden</p>",
        "<p>The video is at https://www.youtube.com/watch?v=abc for a week.</p>",
        "<blockquote>The dam holds, she wrote.</blockquote>",
    ],
)
def test_other_frames_quotes_and_addresses_are_none(html: str) -> None:
    assert read(html) == []


def test_so_many_frames_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeds, "MAX_FRAMES", 2)
    frames = [f'<iframe src="https://player.vimeo.com/video/{n}"></iframe>' for n in range(3)]
    assert [embed.url[-1] for embed in read("<img src=/a.jpg>" * 3 + "".join(frames))] == ["0", "1"]


def test_it_stands_between_segments_and_may_have_some_of_its_own() -> None:
    frame, post = read(
        '<iframe src="https://player.vimeo.com/video/7"></iframe>'
        + TWEET % '<a href="https://x.com/h/status/1">May</a>'
    )
    assert (frame.first, frame.last) == (1, 1)
    assert (post.first, post.last) == (1, 3)


def test_a_video_embedded_twice_is_told_once() -> None:
    assert len(read('<iframe src="https://player.vimeo.com/video/7"></iframe>' * 2)) == 1
