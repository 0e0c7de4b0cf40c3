"""Stories told over several pages: where the next part lies, and the parts made one article."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from scrapy.http import HtmlResponse
from scrapy.utils.response import get_base_url

from aggregator import rules
from aggregator.discovery.pagination import series
from aggregator.items import NOT_ARTICLES, Article

MAX_PARTS = 30
MAX_LINKS = 5000  # of one page


@dataclass(slots=True)
class Part:
    """What `request.meta["part"]` holds: the page that is asked for, and the story it may belong to."""

    number: int
    article: Article  # the parts before


def following(response: HtmlResponse, article: Article, number: int) -> str | None:
    """The URL of the part `number` of a story, as this page names it: the story's own URL with that number.

    Comments, galleries and lists of related stories have pages too; whether it is a part shows in what comes.
    """
    story = series(article.url)
    if story.counter:
        return None
    stem = urlsplit(article.url).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    base = get_base_url(response)
    for link in islice(response.selector.root.iter("a", "link"), MAX_LINKS):
        href = (link.get("href") or "").strip()
        if stem not in href and not href.startswith(("?", ".", str(number))):
            continue
        try:
            url: str = urljoin(base, href).partition("#")[0]
            there = series(url)
        except ValueError:
            continue
        if (there.path, there.rest, there.place) == (story.path, story.rest, number) and _counts_parts(there.counter):
            return url
    return None


def join(article: Article, part: Article) -> bool:
    """Puts the part's text behind that of the article; False where it is none, and nothing is changed."""
    known = {block.text for block in article.blocks}
    fresh = [block for block in part.blocks if block.text not in known]
    size = sum(len(block.text) for block in part.blocks)
    if part.kind in NOT_ARTICLES or not _one_title(article.title, part.title):
        return False
    if sum(len(block.text) for block in fresh) * 2 <= size:  # the same page once more
        return False
    article.blocks += fresh
    article.text = "\n\n".join(block.text for block in article.blocks if block.text)
    article.removed += part.removed
    article.images += [image for image in part.images if image.url not in {one.url for one in article.images}]
    article.videos += [video for video in part.videos if video.url not in {one.url for one in article.videos}]
    article.links.related = list(dict.fromkeys(article.links.related + part.links.related))
    article.extraction.partial = article.extraction.partial or part.extraction.partial
    article.extraction.warnings += part.extraction.warnings
    told = article.evidence.setdefault("text", {"from": "parts", "raw": article.url})
    told["raw"] += f" {part.url}"
    return True


def missing(article: Article, number: int, reason: str) -> Article:
    article.extraction.partial = True
    article.extraction.warnings.append(f"part {number} is missing: {reason}")
    return article


def _one_title(one: str | None, other: str | None) -> bool:
    """'Who pays' and 'Who pays - part 2' are."""
    if not one or not other:
        return False
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return long.startswith(short)


@cache
def _counts_parts(counter: str) -> bool:
    """Not what counts comments.

    >>> _counts_parts("page"), _counts_parts("cpage")
    (True, False)
    """
    return counter not in rules.load("pagination")["comment_counters"]
