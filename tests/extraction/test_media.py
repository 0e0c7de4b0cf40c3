from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.extraction import body, media
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.items import Image, Video

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
BASE = "https://dam-times.example"
OG = '<meta property="og:image" content="%s">'


def page(head: str = "", body: str = "") -> Page:
    return Page.parse(f"<html><head>{head}</head><body>{body}</body></html>", f"{BASE}/dam-holds", FETCHED)


def json_ld(members: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{members}}}</script>'


def test_copies_of_a_picture_are_one_with_the_caption_any_of_them_has() -> None:
    head = OG % "/up/2024/dam-1200x675.jpg" + '<meta property="og:image:width" content="1200">'
    caption = Image(f"{BASE}/up/2024/dam-300x169.jpg?w=300", "The dam in May", "Jo Keldar", 300, 169)
    other = Image(f"{BASE}/up/2024/gates.jpg")
    assert media.images(page(head), Body(images=[caption, other])) == [
        Image(f"{BASE}/up/2024/dam-1200x675.jpg", "The dam in May", "Jo Keldar", 1200, None),
        other,
    ]


def test_crops_under_names_of_their_own_are_one_picture() -> None:
    crops = [Image(f"{BASE}/img/408483058_1742411809_{crop}.jpg") for crop in ("v4_3_800", "v16_9_1600", "16x9_100")]
    assert media.images(page(), Body(images=crops)) == crops[:1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/1.706695617!/image/dam.jpg", "/1.706695617!/image/dam.jpg_gen/derivatives/16x9_620/dam.jpg", True),
        ("/photos/658408aa84b883ae5dc2e912/w_1280,c_limit/dam", "/photos/658408aa84b883ae5dc2e912/w_600/dam", True),
        ("/pub/dam-x/ALTERNATES/LANDSCAPE_1140/dam", "/pub/dam-x/ALTERNATES/FREE_160/dam", True),
        ("/2024/05/690x278/dam.jpg", "/2024/05/1024x341/dam.jpg", True),
        ("/news/231/small/dam.jpg", "/news/231/medium/dam.jpg", True),
        ("/1440x810_dam-in-the-evening-of-may.jpg", "/808x539_dam-in-the-evening-of-may.jpg", True),
        ("/news/231/small/dam.jpg", "/news/232/small/dam.jpg", False),
        ("/2024/05/dam.jpg", "/2024/06/dam.jpg", False),
        ("/vi/w7LWPK5vHnM/high.jpg", "/vi/dhWW2Ux20gg/high.jpg", False),
    ],
)
def test_short_names_are_one_picture_s_in_folders_of_its_sizes(one: str, other: str, same: bool) -> None:
    found = media.images(page(), Body(images=[Image(BASE + one), Image(BASE + other)]))
    assert len(found) == (1 if same else 2)


def test_an_address_with_a_space_is_made_one() -> None:
    assert media.images(page(OG % "/up/the dam.jpg"), Body()) == [Image(f"{BASE}/up/the%20dam.jpg")]


def test_a_portrait_of_the_author_is_not_the_story_s_unless_it_is_its_only_picture() -> None:
    captions = ("Mia Lund", "The dam", "Mia Lund", "Mia Lund · Dam Times · 30 May 2024", "Mia Lund at the dam")
    pictures = [Image(f"{BASE}/{number}.jpg", caption) for number, caption in enumerate(captions)]
    media.tidy(pictures, "Dam holds", ["Mia Lund"])
    assert [picture.caption for picture in pictures] == ["Mia Lund", "The dam", "Mia Lund at the dam"]


def test_of_the_crops_in_metadata_the_widest_is_kept() -> None:
    crops = json_ld(
        '"image":[{"@type":"ImageObject","url":"/dam_1x1.jpg","width":"600"},'
        '{"url":"/dam_16x9.jpg","width":{"@value":1600},"height":900,"caption":"A dam","creditText":"JK"}]'
    )
    assert media.images(page(crops), Body()) == [Image(f"{BASE}/dam_16x9.jpg", "A dam", "JK", 1600, 900)]


@pytest.mark.parametrize(
    "src",
    [
        *("/logo.png", "/img/default-share.jpg", "/dam.svg", "data:image/gif;base64,R0lGOD", "https://:0", "/"),
        *(
            "https://secure.gravatar.com/avatar/e6ec9f1b82a0",
            "/images/Authors/MiaLund.jpg",
            "/up/author_photo_Lund.jpg",
            "/menu/spriteMenuLarge.png",
            "/img/Whatsapp.png",
            "/img/white_arrow_right.png",
            "/media/lund_102x77.jpg",
            "/dam.jpg?w=400&h=44",
            "/wp-content/themes/dam-times/img/facebook.jpg",
            "/images/breadcrumb_arrow.jpg",
            "/img/coupon_QR.png",
            "/<img width='300' src='dam.jpg'>",
            "https://www.youtube.com/embed/lJuHMpxaSU8",
        ),
    ],
)
def test_the_site_s_furniture_is_no_picture_of_the_story(src: str) -> None:
    assert media.images(page(OG % src), Body()) == []


def test_pictures_of_teasers_and_advertisements_are_not_the_story_s() -> None:
    line = "<p>The dam above Ostermoor held through %d weeks of rain, and two of its four gates were opened.</p>"
    story, rest = ("".join(line % week for week in weeks) for weeks in ((1, 2, 3, 4), (5, 6, 7, 8)))
    others = (
        "<a href='/other-story'><img src=/other.jpg></a><div><img src=/ad.jpg><p>- Advertisement -</p></div>"
        "<a href='/up/gates-large.jpg'><img src=/gates.jpg></a>"
    )
    parsed = page("", f"<article><h1>Dam holds</h1>{story}{others}{rest}</article>")
    found = body.read(parsed, "Dam holds").images
    assert [image.url for image in found] == [f"{BASE}/gates.jpg"]


def test_pictures_of_cards_boxes_and_buttons_between_the_lines_are_not_the_story_s() -> None:
    line = "<p>The dam above Ostermoor held through %d weeks of rain, and two of its four gates were opened.</p>"
    others = (
        "<div><img src=/card.jpg><h4><a href='/other-story'>Ferry stays another year in the bay</a></h4></div>"
        "<div class=latest-stories><div><img src=/box.jpg></div></div>"
        "<a href='https://shop.example/sale'><img src=/button.jpg></a>"
        "<a href='https://photos.example/gates'><img src=/gates.jpg width=1024 height=680></a>"
        "<figure class=related-picture><img src=/lake.jpg><figcaption>The lake behind the dam</figcaption></figure>"
    )
    story = "".join(line % week for week in range(1, 5)) + others + "".join(line % week for week in range(5, 9))
    found = body.read(page("", f"<article><h1>Dam holds</h1>{story}</article>"), "Dam holds").images
    assert [image.url for image in found] == [f"{BASE}/gates.jpg", f"{BASE}/lake.jpg"]


@pytest.mark.parametrize(
    ("beside", "caption"),
    [
        ("<h3>Mill Hollow gets its bridge</h3><span>Culture</span>", None),
        ("<h6 class='bildunterschrift'>The dam in May</h6>", "The dam in May"),
        ("<h6>The dam in May</h6>", "The dam in May"),
        ("<p>The dam in May</p>", "The dam in May"),
    ],
)
def test_the_words_of_a_box_with_a_heading_are_no_caption(beside: str, caption: str | None) -> None:
    line = "<p>The dam above Ostermoor held through %d weeks of rain, and two of its four gates were opened.</p>"
    story, rest = ("".join(line % week for week in weeks) for weeks in ((1, 2, 3, 4), (5, 6, 7, 8)))
    picture = f"<figure><img src=/a.jpg width=800 height=500>{beside}</figure>"
    read = page(body=f"<article><h1>Dam holds</h1><div>{story}</div>{picture}<div>{rest}</div></article>")
    assert [found.caption for found in media.images(read, body.read(read, "Dam holds"))] == [caption]


def test_an_attribute_that_holds_data_is_no_address() -> None:
    story = "".join(f"<p>The dam above Ostermoor held through {n} weeks of rain, all gates shut.</p>" for n in range(6))
    lazy = """<p><img src="data:," data-src='{"default":"/gates.jpg"}' srcset="/gates-800.jpg 800w"></p>"""
    found = body.read(page("", f"<article><h1>Dam holds</h1>{story}{lazy}{story}</article>"), "Dam holds").images
    assert [image.url for image in found] == [f"{BASE}/gates-800.jpg"]


def test_captions_and_credits_are_told_apart() -> None:
    picture = Image(f"{BASE}/gates.jpg", "The gates in May. Photo: Jo Keldar")
    media.tidy([picture], "Dam holds")
    assert (picture.caption, picture.credit) == ("The gates in May.", "Jo Keldar")


def test_small_pictures_are_furniture() -> None:
    assert media.images(page(), Body(images=[Image(f"{BASE}/dot.jpg", width=40, height=40)])) == []


def test_videos_come_from_metadata_and_frames_in_the_text_once_each() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"VideoObject","name":"Gate &amp; lake",'
        '"embedUrl":"https://www.youtube.com/embed/abc_DEF-123"}</script>'
    )
    head += '<meta property="og:video" content="https://www.youtube.com/watch?v=abc_DEF-123">'
    body = (
        '<div id=text><iframe src="https://player.vimeo.com/video/77" title="Lake"></iframe><iframe src="/ad"></iframe>'
        '<video><source src="/gates.mp4"></video></div><iframe src="https://youtu.be/othervideo"></iframe>'
    )
    parsed = page(head, body)
    assert media.videos(parsed, Body(container=parsed.root.get_element_by_id("text"))) == [
        Video("https://www.youtube.com/embed/abc_DEF-123", "Gate & lake"),
        Video("https://player.vimeo.com/video/77", "Lake"),
        Video(f"{BASE}/gates.mp4"),
    ]


def test_a_page_without_media_has_none() -> None:
    assert media.images(page(), Body()) == []
    assert media.videos(page(), Body()) == []
