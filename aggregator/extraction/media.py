"""Pictures and videos that belong to the story."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning import captions, urls
from aggregator.cleaning.names import has_year
from aggregator.cleaning.text import from_markup
from aggregator.extraction import embeds, jsonld
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.items import Image, Video

MIN_SIDE = 100  # pixels; smaller pictures are furniture
PORTRAIT = 150  # the same for both sides of what an address says is cut to a size
MAX_MEDIA = 100
UNIQUE = 20  # characters of a file name that no two pictures share

_YOUTUBE = re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:embed/|watch\?v=|v/)|youtu\.be/)([\w-]{6,20})")
_VIMEO = re.compile(r"vimeo\.com/(?:video/)?(\d+)")
_NUMBER = re.compile(r"\d{1,5}")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+x\d+|\d+")
_SIZE = re.compile(r"(?<![\dA-Za-z])(\d{2,4})x(\d{2,4})(?!\d)")
_IDENT = re.compile(r"\d{5}|.{20}")
_CROP = re.compile(r"\d+[x:,][\d.:,x]*|.*(?:(?<![a-z])[swhl]_?\d{2,4}(?!\d)|_\d{2,4}$|\d{2,4}x\d{2,4}).*")
_ASKED = re.compile(r"[&;](?:w|h|width|height)=(\d{1,4})(?=&|$)")


def images(page: Page, body: Body) -> list[Image]:
    """The pictures the metadata names, then those in the text; one a picture, whatever size its copies have.

    Captions and credits come from whichever copy has them, width and height from the copy whose URL is kept.
    """
    kept: dict[str, Image] = {}
    for image in (*_of_jsonld(page), *_of_meta(page), *body.images):
        if _is_furniture(image):
            continue
        image.url = image.url.replace(" ", "%20")
        same = kept.setdefault(_key(image.url), image)
        same.caption = same.caption or image.caption
        same.credit = same.credit or image.credit
        if same.url == image.url:
            same.width, same.height = same.width or image.width, same.height or image.height
        if len(kept) >= MAX_MEDIA:
            break
    return list(kept.values())


def tidy(images: list[Image], title: str | None, authors: Collection[str] = ()) -> None:
    """Captions and credits apart, no caption that only repeats the story's title, and no portrait of an author."""
    images[1:] = [image for image in images[1:] if not (image.caption and _is_byline(image.caption, authors))]
    for image in images:
        image.caption, image.credit = captions.tidy(image.caption, image.credit, title)


def _is_byline(caption: str, authors: Collection[str]) -> bool:
    """An author's name, alone or with a date."""
    rests = [caption[len(name) :] for name in authors if caption.startswith(name)]
    return any(not rest or has_year(rest) for rest in rests)


def videos(page: Page, body: Body) -> list[Video]:
    """The videos the metadata names and those played in the text, one a video."""
    kept: dict[str, Video] = {}
    for url, title in (*_videos_of_jsonld(page), *_videos_of_meta(page), *_played(page, body)):
        same = kept.setdefault(_video_key(url), Video(url, title))
        same.title = same.title or title
        if len(kept) >= MAX_MEDIA:
            break
    return list(kept.values())


def _of_jsonld(page: Page) -> Iterator[Image]:
    """The lead picture; lists of pictures in metadata are its crops (1x1, 4x3, 16x9), so the widest stands for all."""
    for node in page.jsonld:
        if jsonld.is_article(node):
            crops = list(_image_nodes(page, node.get("image")))
            if crops:
                yield max(crops, key=lambda image: image.width or 0)
            return


def _image_nodes(page: Page, value: Any) -> Iterator[Image]:
    for node in value if isinstance(value, list) else [value]:
        if isinstance(node, str) and (url := page.absolute(node)):
            yield Image(url)
        elif isinstance(node, dict):
            href = jsonld.first(node.get("url") or node.get("contentUrl"))
            if href and (url := page.absolute(href)):
                yield Image(
                    url,
                    caption=_text(node.get("caption")),
                    credit=_text(node.get("creditText") or node.get("author") or node.get("creator")),
                    width=_pixels(node.get("width")),
                    height=_pixels(node.get("height")),
                )


def _of_meta(page: Page) -> Iterator[Image]:
    for name in ("og:image", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        for content in page.meta.get(name, ())[:1]:
            if url := page.absolute(content):
                width, height = (
                    next(iter(page.meta.get(f"og:image:{side}", ())), None) for side in ("width", "height")
                )
                yield Image(url, width=_pixels(width), height=_pixels(height))
                return


def _videos_of_jsonld(page: Page) -> Iterator[tuple[str, str | None]]:
    for node in page.jsonld:
        if "VideoObject" in jsonld.types(node):
            href = jsonld.first(node.get("contentUrl") or node.get("embedUrl") or node.get("url"))
            if href and (url := page.absolute(href)):
                yield url, _text(node.get("name"))


def _videos_of_meta(page: Page) -> Iterator[tuple[str, str | None]]:
    for name in ("og:video:secure_url", "og:video:url", "og:video", "twitter:player"):
        for content in page.meta.get(name, ()):
            if url := page.absolute(content):
                yield url, None


def _played(page: Page, body: Body) -> Iterator[tuple[str, str | None]]:
    """Frames and `<video>`s inside the text's container."""
    frames = (element for element, _ in page.text.media if element.tag != "img")
    for element in islice(frames, embeds.MAX_FRAMES):
        if body.container is not None and not _is_inside(element, body.container):
            continue
        url = embeds.address(page, element)
        if element.tag == "video" and not url:
            href = next((source.get("src") for source in element.iter("source") if source.get("src")), None)
            url = page.absolute(href) if href else None
        if url and (element.tag == "video" or _is_player(url)):
            yield url, element.get("title") or None


def _is_inside(element: HtmlElement, container: HtmlElement) -> bool:
    return any(ancestor is container for ancestor in element.iterancestors())


def _is_player(url: str) -> bool:
    return any(path in url for path in rules.load("media")["players"]["paths"])


def _is_furniture(image: Image) -> bool:
    if not image.url.startswith(("http://", "https://")) or urlsplit(image.url).path.endswith(".svg"):
        return True
    if "<" in image.url or "/embed/" in image.url:  # markup or a player where a picture should be
        return True
    if any(side is not None and side < MIN_SIDE for side in (image.width, image.height)):
        return True
    parts = urlsplit(image.url)
    if parts.path in ("", "/") and not parts.query:  # a site's front page
        return True
    *folders, name = parts.path.split("/")
    words = [word.lower() for word in _WORD.findall(name.rpartition(".")[0] or name)]
    known = _furniture()
    return (
        not known["words"].isdisjoint(words)
        or not known["folders"].isdisjoint(folder.lower() for folder in folders)
        or any(part in name.lower() for part in known["parts"])
        or (any(map(str.isalpha, words)) and all(word.isdigit() or word in known["signs"] for word in words))
        or _is_said_small(parts.path, parts.query)
    )


def _is_said_small(path: str, query: str) -> bool:
    """The address gives a size that is a portrait's or a button's: 'lund_102x77.jpg', '/36x36/', '?w=48&h=48'."""
    sizes = [(int(width), int(height)) for width, height in _SIZE.findall(path)]
    asked = [int(side) for side in _ASKED.findall(f"&{query}")]
    return any(max(size) <= PORTRAIT for size in sizes) or any(side <= MIN_SIDE for side in asked)


@cache
def _furniture() -> dict[str, frozenset[str]]:
    return {kind: frozenset(names) for kind, names in rules.load("media")["furniture"].items()}


def _key(url: str) -> str:
    """The picture's file name without marks of size; where the name is too short to be unique, with the innermost
    folder that is a number or a hash, or else no size."""
    folder, name = urls.picture(url)
    if len(name) >= UNIQUE or _IDENT.search(name):
        return name
    folders = folder.split("/")[::-1]
    own = next((part for part in folders if _IDENT.search(part)), None)
    sizes = _furniture()["sizes"]
    return f"{own or next((part for part in folders if part not in sizes and not _CROP.fullmatch(part)), '')}/{name}"


def _video_key(url: str) -> str:
    """YouTube's and Vimeo's addresses of one video differ: its id is the same."""
    match = _YOUTUBE.search(url) or _VIMEO.search(url)
    return match[1] if match else url.partition("?")[0]


def _text(value: Any) -> str | None:
    text = jsonld.first(value)
    return from_markup(text) if text and "://" not in text else None


def _pixels(value: Any) -> int | None:
    """`1200`, "1200", "1200px"; None where it is no number."""
    match = _NUMBER.match(str(value.get("@value") if isinstance(value, dict) else value).strip())
    return int(match[0]) or None if match else None
