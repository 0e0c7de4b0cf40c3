"""What pages say goes into every database, whatever it is."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from datetime import datetime

import pytest

from aggregator.items import Article, Found
from aggregator.seen import Seen, answers, sites, unfinished
from aggregator.seen.answers import Answer
from aggregator.seen.sites import Tally
from aggregator.seen.visits import Fate

NOW = datetime.fromisoformat("2024-05-06T07:08:09+00:00")
LONG = "https://news.example/" + "".join(random.Random(1).choices(string.ascii_letters, k=4000))
SITE = "news.example"


@pytest.fixture
def seen(index_url: str) -> Iterator[Seen]:
    index = Seen(index_url)
    yield index
    index.close()


def test_the_longest_url_is_kept_wherever_urls_are(seen: Seen) -> None:
    answer, found = Answer(None, None, b"", LONG, 0, 1), Found(LONG, SITE, LONG)
    seen.commit([Article(id="1", url=LONG, site=SITE)], {}, [Fate(LONG, SITE, LONG, "failed", LONG, NOW)])
    unfinished.add(seen, "", [found])
    answers.enter(seen, {LONG: answer})
    sites.learn(seen, SITE, {LONG: Tally(1, 2)}, {LONG: True})

    assert seen.met(LONG).known
    assert seen.met(LONG).visit.found.url == LONG
    assert unfinished.left(seen, SITE, "") == [found]
    assert answers.of(seen, LONG) == answer
    assert (sites.shapes(seen, SITE), sites.guesses(seen, SITE)) == ({LONG: Tally(1, 2)}, {LONG: True})


def test_what_an_api_gave_of_a_story_is_not_stored(seen: Seen) -> None:
    unfinished.add(seen, "", [Found(LONG, SITE, LONG, content="<p>The dam holds.</p>")])
    assert [found.content for found in unfinished.left(seen, SITE, "")] == [None]


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_no_database_takes_are_replaced(seen: Seen, sign: str) -> None:
    seen.commit([], {}, [Fate(f"https://{SITE}/a", SITE, "", "failed", f"no{sign}thing", NOW)])
    assert seen.met(f"https://{SITE}/a").visit.reason == "no\ufffdthing"
