from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.seen import Seen, renderings

NOON = datetime.fromisoformat("2024-05-17T12:00:00+00:00")


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    yield index
    index.close()


def tried(seen: Seen, *rendered: int) -> bool:
    """Whether a site's articles are still rendered after tries that gave so much, where the HTML gave 5."""
    for amount in rendered:
        renderings.remember(seen, "a.example", "article", "https://a.example/1", 5, amount, NOON)
    proof = renderings.last(seen, "a.example", "article")
    assert proof is not None
    return not proof.speaks_against(NOON + timedelta(hours=1))


def test_what_helped_is_done_again(seen: Seen) -> None:
    assert tried(seen, 5, 0, 900)
    assert renderings.last(seen, "a.example", "article") == renderings.Proof(
        "https://a.example/1", 5, 900, "2024-05-17T12:00:00+00:00"
    )


def test_what_was_in_vain_is_left_after_some_tries(seen: Seen) -> None:
    assert tried(seen, 5, 5)
    assert not tried(seen, 5)


def test_and_tried_again_later(seen: Seen) -> None:
    tried(seen, 5, 5, 5)
    proof = renderings.last(seen, "a.example", "article")
    assert proof
    assert not proof.speaks_against(NOON + renderings.REST)


def test_kinds_of_page_and_sites_are_told_apart(seen: Seen) -> None:
    tried(seen, 5)
    assert renderings.last(seen, "a.example", "listing") is None
    assert renderings.last(seen, "b.example", "article") is None
