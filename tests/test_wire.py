"""One wire story on five sites, a follow-up and two weather reports: four stories, in whatever order they come."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from aggregator import lines
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.items import Article, Copy

T = TypeVar("T")

SYLLABLES = [first + then for first in "bdfgklmnprst" for then in ("a", "e", "in", "or", "u")]


def prose(seed: str, sentences: int) -> list[str]:
    """Paragraphs of three sentences with names and numbers; each seed tells something else."""
    dice = random.Random(seed)

    def word() -> str:
        return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 3)))

    told = [
        f"The {word()} of {word().title()} {word()}ed the {word()} and {dice.randrange(3, 980)} {word()}s, said "
        f"{word().title()} {word().title()}, who was {word()}ing in the {word()} when it {word()}ed."
        for _ in range(sentences)
    ]
    return [" ".join(told[at : at + 3]) for at in range(0, sentences, 3)]


WIRE = prose("wire", 30)


def cut(share: float) -> list[str]:
    return WIRE[: round(len(WIRE) * share)]


def edited() -> list[str]:
    """Every eighth word is another one."""
    words = [paragraph.split() for paragraph in WIRE]
    return [" ".join("indeed" if at % 8 == 5 else word for at, word in enumerate(all_)) for all_ in words]


def weather(warm: int, wet: int) -> list[str]:
    return [
        f"It will be {warm} degrees in the valley today, with {wet} millimetres of rain in the afternoon and a wind "
        f"from the west that reaches {warm + wet} kilometres an hour on the passes and on the lake.",
        f"The night stays dry at {warm - 9} degrees; mist may form along the river and in the hollows of the moor. "
        f"Tomorrow begins with sun, later clouds come up, and it gets {warm + 1} degrees warm.",
        f"The outlook: little changes until the weekend. The lake has {warm - 4} degrees, the snow line lies at "
        f"{warm * 100} metres. Allergy sufferers must expect {wet + 2} grains of birch pollen in the cubic metre.",
    ]


LEAD = "All the news of the Keldar valley, fresh from the press"
FRAME = "The Keldar Globe is read in all villages of the valley. Write to us, we print every letter that is signed."
STORIES: dict[str, dict[str, Sequence[str]]] = {  # host -> headline -> paragraphs
    "ostermoor-courier.example": {
        "Lake rises by a metre overnight": WIRE,
        "Lake falls again as villages count costs": [*prose("follow-up", 21), *WIRE[:3]],
    },
    "halden-mail.example": {
        "Lake rises by a metre overnight": [*cut(0.6), "Text: WNA/dpa"],
        "The weather on Monday": weather(17, 4),
    },
    "brennick-post.example": {
        "Five villages wake up to a flood": cut(0.35),
        "The weather on Tuesday": weather(21, 12),
    },
    "keldar-globe.example": {"Water everywhere": [LEAD, *cut(0.2), FRAME]},
    "morwick-times.example": {"Metre of water in a night: lake rises": edited()},
}
OTHERS = ["Lake falls again as villages count costs", "The weather on Monday", "The weather on Tuesday"]
SITES = list(STORIES)  # from the longest version of the wire story to others
SHORTEST_FIRST = [SITES[place] for place in (3, 2, 1, 4, 0)]


def site(host: str) -> dict[str, Saved]:
    front = f"http://{host}/"
    pages, links = {}, []
    for headline, paragraphs in STORIES[host].items():
        url = f"{front}2024/05/17/{headline.lower().replace(' ', '-').replace(':', '')}"
        links.append(f'<h3><a href="{url}">{headline}</a></h3>')
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        pages[url] = html(headline, f"<article><h1>{headline}</h1>{text}</article>")
    return pages | {front: html(host, f"<main>{''.join(links)}</main>")}


def html(title: str, body: str) -> Saved:
    text = f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><body>{body}</body></html>"
    return Saved(headers={"Content-Type": "text/html; charset=utf-8"}, content=text.encode())


@pytest.fixture(autouse=True)
def served() -> Iterator[None]:
    pages = {url: page for host in STORIES for url, page in site(host).items()}
    with Loopback(pages) as server, server.as_proxy():
        yield


def crawl(*hosts: str) -> list[str]:
    return ["crawl", "news", "-a", f"url={' '.join(f'http://{host}/' for host in hosts)}", "-s", "DOWNLOAD_DELAY=0"]


def told_in(folder: Path) -> tuple[list[Article], list[Copy]]:
    """The lines and copies of the wire story, once all that holds in any order is found to hold."""
    articles = list(read(folder.glob("data/*/*/*.jsonl"), Article))
    copies = list(read(folder.glob("data/*/*/*/copies.jsonl"), Copy))
    assert sorted(str(one.title) for one in articles if one.title in OTHERS) == OTHERS
    wire = [article for article in articles if article.title not in OTHERS]
    assert sorted({one.site for one in wire} | {copy.site for copy in copies}) == sorted(SITES)
    assert len(wire) + len(copies) == len(SITES)
    assert len({article.story_id for article in articles}) == 1 + len(OTHERS)
    assert len({one.story_id for one in wire} | {copy.story_id for copy in copies}) == 1
    named = {copy.duplicate_of for copy in copies} | {article.duplicates_of for article in wire}
    assert named - {None} <= {article.id for article in wire}
    return wire, copies


def read(files: Iterable[Path], kind: type[T]) -> Iterator[T]:
    for file in files:
        for line in file.read_bytes().splitlines():
            yield lines.decode(line, kind)


def test_one_run_and_another_that_adds_nothing(scrapy: Any, tmp_path: Path) -> None:
    for _ in range(2):
        scrapy(*crawl(*SITES), check=True)
        articles, _ = told_in(tmp_path)
        assert max(articles, key=lambda one: len(one.text or "")).site in (SITES[0], SITES[4])


def test_the_longest_first_is_the_only_line(scrapy: Any, tmp_path: Path) -> None:
    for host in SITES:
        scrapy(*crawl(host), check=True)
    (article,), copies = told_in(tmp_path)
    assert article.site == SITES[0]
    assert sorted(copy.site for copy in copies) == sorted(SITES[1:])
    assert {copy.article_url for copy in copies} == {article.url}


def test_longer_versions_supersede_shorter_ones(scrapy: Any, tmp_path: Path) -> None:
    for host in SHORTEST_FIRST:
        scrapy(*crawl(host), check=True)
    articles, copies = told_in(tmp_path)
    assert [article.site for article in articles if not article.duplicates_of] == SHORTEST_FIRST[:1]
    assert {article.site for article in articles} >= set(SHORTEST_FIRST[:4])
    assert len(copies) <= 1  # of two versions of one length the first stays


def test_two_runs_of_several_sites_each(scrapy: Any, tmp_path: Path) -> None:
    scrapy(*crawl(*SITES[1:4]), check=True)
    scrapy(*crawl(*reversed(SITES)), check=True)
    told_in(tmp_path)


@pytest.mark.parametrize("lines_before", [1, 4])
def test_kill_9_in_between(scrapy: Any, tmp_path: Path, lines_before: int) -> None:
    environment = {"SCRAPY_SETTINGS_MODULE": "aggregator.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    slow = ["-s", "GROUP_COMMIT_ITEMS=1", "-s", "LEARN_BOILERPLATE=False"]
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *crawl(*SITES), *slow],
        cwd=tmp_path,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 30
    while sum(file.read_bytes().count(b"\n") for file in tmp_path.glob("data/*/*/*.jsonl")) < lines_before:
        assert time.monotonic() < ends
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    scrapy(*crawl(*SITES), check=True)
    told_in(tmp_path)
