"""How well the blocks that a site repeats are told from its stories: precision and recall on simulated sites.

    python tests/benchmarks/learned.py [--sites 200] [--seed 1]

A site prints frame blocks: some below every story, some below one in three or one in twelve, a few with changing
numbers, one for each of its authors. Its stories have paragraphs of their own; updates of a story have most of them in
common, and reports that follow an event share a standing paragraph. Half of the sites get a new frame on the way, a
third write little. The articles come as the pipeline lets them through: the first ones wait for one another.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from aggregator.cleaning import repeated
from aggregator.items import Article, Block
from aggregator.pipelines.strip_repeated import ENOUGH
from aggregator.seen.repeats import Repeats

SYLLABLES = [a + b for a in (*"bdfgklmnprstvz", "br", "st", "tr") for b in (*"aeiou", "an", "el", "or")]
SHARES = (1.0, 1.0, 0.6, 0.35, 0.2, 0.12, 0.08)  # of a site's articles that a frame block stands below
AFTER = (0, 10, 20, 40)
HEADLINE_WORDS = 4_000  # of different frequency, as in a language: headlines of unlike stories have words in common


LETTERS = str.maketrans("0123456789", "ghijklmnop")


class Printed(NamedTuple):
    article: Article
    frame: frozenset[int]  # ids of the blocks that are the site's, not the story's
    new_design: bool  # one of the first ten after the site was redesigned


class Site:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.length = dice.randint(10, 18) if dice.random() < 1 / 3 else 90
        self.redesign = self.length // 2 if dice.random() < 0.5 else self.length
        self.frame = self.design()
        self.events: list[tuple[list[str], str]] = []  # words of the headlines, standing paragraph
        self.last: tuple[str, str, list[str]] | None = None  # story, headline and paragraphs that may get an update

    def words(self, least: int, most: int) -> list[str]:
        count = self.dice.randint(least, most)
        return ["".join(self.dice.choices(SYLLABLES, k=self.dice.randint(2, 4))) for _ in range(count)]

    def paragraph(self) -> str:
        return " ".join(self.words(12, 50)).capitalize() + "."

    def design(self) -> list[tuple[str, float]]:
        frame = [(" ".join(self.words(3, 25)), share) for share in self.dice.sample(SHARES, self.dice.randint(2, 6))]
        if self.dice.random() < 0.5:
            frame.append((" ".join([*self.words(3, 6), "{n}", *self.words(1, 3)]), 1.0))
        return frame + [(" ".join(self.words(8, 20)), 0.0) for _ in range(4)]  # authors, one an article

    def headline(self) -> list[str]:
        ranks = (int(HEADLINE_WORDS ** self.dice.random()) for _ in range(self.dice.randint(4, 9)))
        return [f"word{chr(97 + rank % 26)}{rank // 26:x}".translate(LETTERS) for rank in ranks]

    def story(self, number: int) -> tuple[str, str, list[str]]:
        """The story's id, its headline and its paragraphs."""
        if self.last and self.dice.random() < 0.12:
            story, title, own = self.last
            return story, title, [*own, self.paragraph()]
        title, own = self.headline(), [self.paragraph() for _ in range(self.dice.randint(3, 14))]
        if self.dice.random() < 0.2:
            if not self.events or self.dice.random() < 0.3:
                self.events.append((self.words(3, 3), self.paragraph()))
            (name, *others), standing = self.dice.choice(self.events[-2:])
            title += [name] * (self.dice.random() < 0.9) + self.dice.sample(others, self.dice.choice((0, 1, 1, 2)))
            own.append(standing)
        self.last = str(number), " ".join(title), own
        return self.last

    def articles(self) -> Iterator[Printed]:
        for number in range(self.length):
            if number == self.redesign:
                self.frame = self.design()
            story, title, own = self.story(number)
            mine = self.dice.choice([text for text, share in self.frame if share == 0.0])
            shown = [text for text, share in self.frame if self.dice.random() < share] + [mine]
            frame = [Block("paragraph", text.format(n=self.dice.randint(1, 9999))) for text in shown]
            blocks = [*frame[:1], *(Block("paragraph", text) for text in own), *frame[1:]]
            yield Printed(
                Article(id=str(number), title=title, story_id=story, blocks=blocks),
                frozenset(map(id, frame)),
                0 <= number - self.redesign < 10,
            )


def judge(site: Site) -> Iterator[tuple[int, bool, bool, bool]]:
    """(number of the article, is frame, was cut, is of a new design) for each block."""
    repeats = Repeats()
    waiting: list[Printed] = []
    for number, printed in enumerate(site.articles(), 1):
        repeats.add(printed.article)
        waiting.append(printed)
        if number < min(ENOUGH, site.length):
            continue
        for at, (article, frame, new) in enumerate(waiting, number - len(waiting) + 1):
            before = article.blocks
            repeated.strip(article, repeats.among(article), "site.example")
            left = set(map(id, article.blocks))
            yield from ((at, id(block) in frame, id(block) not in left, new) for block in before)
        waiting = []


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sites", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    counts: Counter[tuple[object, bool, bool]] = Counter()
    for number in range(chosen.sites):
        site = Site(random.Random(chosen.seed * 1_000_003 + number))
        for at, frame, cut, new in judge(site):
            groups = [after for after in AFTER if at > after]
            groups += ["little"] * (site.length < 20) + ["new design"] * new
            counts.update((group, frame, cut) for group in groups)
    print(f"{chosen.sites} sites\n{'':26}{'precision':>10}{'recall':>8}{'own cut, %':>12}{'blocks':>9}")
    for group in (*AFTER, "little", "new design"):
        right, wrong = counts[group, True, True], counts[group, False, True]
        missed, left = counts[group, True, False], counts[group, False, False]
        name = f"after {group} articles" if isinstance(group, int) else group
        print(
            f"{name:26}{right / (right + wrong):10.4f}{right / (right + missed):8.3f}"
            f"{100 * wrong / (wrong + left):12.3f}{right + wrong + missed + left:9}"
        )


if __name__ == "__main__":
    main()
