"""Blocks that a site repeats from story to story: by what they are recognised, and how they are cut."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache

from xxhash import xxh3_64_intdigest, xxh32_intdigest

from aggregator.cleaning.text import UNSPACED
from aggregator.items import Article, Block, Removed

LEARNED = "learned:"
"""What the name of the rule begins with; the site follows."""

LETTERS, LETTERS_UNSPACED = 12, 6  # a block with fewer is no sign of anything
WORDS_WITH_DIGITS = 4  # a line with digits and fewer words is a result or a price: alike everywhere, and news
LONG = 1_000  # characters of a block of which many are not kept in memory
LEFT = 40  # characters of text that an article keeps, or nothing is cut

_UNSPACED = re.compile(f"[{UNSPACED}]")
_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]{4,}")


def block_print(text: str) -> int | None:
    """What a block is recognised by, whatever its numbers, case and signs are; None where it says too little.

    >>> block_print("This story was shared 15,106 times.") == block_print("This story was shared 7 times")
    True
    >>> block_print("Attendance: 45,000")
    """
    return _print(text) if len(text) <= LONG else _print.__wrapped__(text)


@lru_cache(maxsize=4_096)  # on its way an article is asked four times, and has its site's blocks in common with others
def _print(text: str) -> int | None:
    unspaced = not text.isascii() and _UNSPACED.search(text)
    masked = _DIGITS.sub("0", _SIGNS.sub("" if unspaced else " ", text.casefold()).strip())
    if sum(map(str.isalpha, masked[:80])) < (LETTERS_UNSPACED if unspaced else LETTERS):
        return None
    if masked.count("0") and not unspaced and len(masked.replace("0", "").split()) < WORDS_WITH_DIGITS:
        return None
    return xxh3_64_intdigest(masked.encode("utf-8", "surrogatepass"))


def title_words(title: str) -> frozenset[int]:
    """The longer words of a headline, 32 bits each; two letters at a time in scripts without spaces."""
    title = title.casefold()
    words = set(_WORDS.findall(title))
    if _UNSPACED.search(title):
        words = {title[at : at + 2] for at in range(len(title) - 1) if title[at : at + 2].isalpha()}
    return frozenset(xxh32_intdigest(word.encode("utf-8", "surrogatepass")) for word in words)


def pieces(blocks: Iterable[Block], removed: Iterable[Removed]) -> list[str]:
    """The blocks that an article had before what its site repeats was cut, in whatever order."""
    return [block.text for block in blocks if block.text] + [
        cut.text for cut in removed if cut.rule.startswith(LEARNED)
    ]


def strip(article: Article, repeated: Container[int | None], site: str) -> None:
    """Cut the blocks whose prints are among `repeated`, unless too little would be left."""
    kept: list[Block] = []
    cut: list[Block] = []
    for block in article.blocks:
        (cut if block_print(block.text) in repeated else kept).append(block)
    if cut and sum(len(block.text) for block in kept if block.type != "heading") >= LEFT:
        article.blocks = kept
        article.text = "\n\n".join(block.text for block in kept if block.text)
        article.removed = [*article.removed, *(Removed(block.text, LEARNED + site) for block in cut)]
