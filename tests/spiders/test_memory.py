from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.items import Found
from aggregator.seen import Seen
from aggregator.spiders.memory import SURE, Memory

SITE = "dam-times.example"


@pytest.fixture
def index(tmp_path: Path) -> Seen:
    return Seen(f"sqlite:///{tmp_path}/seen.db")


def found(path: str) -> Found:
    return Found(f"https://{SITE}{path}", SITE, f"https://{SITE}/")


def read(memory: Memory, path: str, times: int, story: bool) -> None:
    for _ in range(times):
        memory.read(found(path), story)


def test_what_one_run_learned_the_next_one_knows(index: Seen) -> None:
    memory = Memory(index)
    read(memory, "/notiz/2024/7", SURE, story=True)
    read(memory, "/dossier/11024", SURE, story=False)
    memory.guessed(SITE, f"https://{SITE}/rss", right=False)
    memory.save()
    later = Memory(index)
    assert later.learned(SITE) == (frozenset({"/notiz/D/D"}), frozenset({"/dossier/N"}))
    assert later.guesses(SITE) == {f"https://{SITE}/rss": False}
    assert (later.crawled(SITE), later.crawled("mill-post.example")) == (True, False)


def test_one_page_proves_nothing(index: Seen) -> None:
    memory = Memory(index)
    read(memory, "/notiz/2024/7", SURE - 1, story=True)
    assert memory.learned(SITE).stories == frozenset()


def test_a_shape_that_both_share_is_neither(index: Seen) -> None:
    memory = Memory(index)
    read(memory, "/valley/11024", SURE, story=True)
    read(memory, "/valley/11024", SURE, story=False)
    assert memory.learned(SITE) == (frozenset(), frozenset())


def test_what_a_feed_names_is_known_at_once_and_for_this_run(index: Seen) -> None:
    memory = Memory(index)
    memory.named(SITE, [found("/notiz/2024/7")])
    memory.save()
    assert memory.learned(SITE).stories == {"/notiz/D/D"}
    assert Memory(index).learned(SITE).stories == frozenset()
