from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator import lines
from aggregator.cleaning import repeated
from aggregator.items import Article, Block, Removed
from aggregator.output import Output
from aggregator.seen import Seen
from aggregator.seen.catchup import rebuild
from aggregator.seen.repeats import WINDOW, Repeats

Make = Callable[..., Article]

FRAME = "The Valley Courier is read in five valleys."
STANDING = "The dam above Ostermoor was built in the sixties and has been raised twice since then."
TITLES = ["Dam holds", "Choir wins medal", "Ferry returns", "Market burns", "Storks counted", "School opens"]


def print_of(text: str) -> int:
    found = repeated.block_print(text)
    assert found is not None
    return found


@pytest.fixture
def story(article: Make) -> Make:
    """`story(n, *frame)`: the story number `n`, with blocks that others have too."""

    def make(n: int, *frame: str, **values: object) -> Article:
        own = f"What was said in village {chr(97 + n % 26) * 9} on {n} nobody had heard before."
        blocks = [Block("paragraph", text) for text in (own, *frame)]
        defaults = {
            "title": f"{TITLES[n % len(TITLES)]} {n}",
            "fetched_at": f"2024-05-06T07:{n // 60:02}:{n % 60:02}+00:00",
        }
        return article(n, blocks=blocks, text="\n\n".join(block.text for block in blocks), **defaults | values)

    return make


def learned(articles: list[Article]) -> Repeats:
    repeats = Repeats()
    for one in articles:
        repeats.add(one)
    return repeats


def test_what_three_stories_have_in_common_is_repeated(story: Make) -> None:
    assert learned([story(1, FRAME), story(2, FRAME)]).among(story(2, FRAME)) == frozenset()
    repeats = learned([story(1, FRAME), story(2, FRAME), story(3, FRAME)])
    assert repeats.among(story(3, FRAME)) == {print_of(FRAME)}
    assert repeats.among(story(4)) == frozenset()


def test_copies_and_updates_of_one_story_count_once(story: Make) -> None:
    updates = [story(n, STANDING, story_id="dam" if n < 5 else None) for n in range(1, 7)]
    assert learned(updates[:5]).among(updates[0]) == frozenset()
    assert learned(updates).among(updates[0]) == {print_of(STANDING)}


def test_reports_on_one_event_count_once(story: Make) -> None:
    headlines = ["Ostermoor reservoir holds", "Ostermoor: who pays for the reservoir", "Reservoir at Ostermoor full"]
    reports = [story(n, STANDING, title=title) for n, title in enumerate(headlines)]
    others = [story(n, title=TITLES[n]) for n in range(3, 6)]
    assert learned(reports + others).among(reports[0]) == frozenset()


def test_a_name_in_the_headlines_is_enough_where_the_block_is_seldom(story: Make) -> None:
    headlines = ["Ostermoor holds", "Fears grow for Ostermoor", "Who owns Ostermoor", "Ostermoor full"]
    reports = [story(n, STANDING, title=title) for n, title in enumerate(headlines)]
    others = [story(n, title=chr(65 + n) * 7) for n in range(4, 30)]
    assert learned(reports + others).among(reports[0]) == frozenset()


def test_the_site_in_every_headline_makes_no_one_story_of_them(story: Make) -> None:
    articles = [story(n, FRAME, title=f"{TITLES[n]} - The Valley Courier") for n in range(4)]
    assert learned(articles).among(articles[0]) == {print_of(FRAME)}


def test_a_block_must_stand_in_a_tenth_of_the_window(story: Make) -> None:
    articles = [story(n, *[FRAME] * (n < 4)) for n in range(WINDOW)]
    assert learned(articles).among(articles[0]) == {print_of(FRAME)}
    assert learned(articles[1:]).among(articles[1]) == frozenset()


def test_what_is_no_longer_printed_is_forgotten_and_a_new_design_learned(story: Make) -> None:
    new = "The Courier: all the news of the valley, every day."
    repeats = learned([story(n, FRAME) for n in range(10)] + [story(n, new) for n in range(10, 10 + WINDOW)])
    assert repeats.among(story(0, FRAME, new)) == {print_of(new)}
    assert len(repeats) == WINDOW


@pytest.fixture
def index(index_url: str) -> Iterator[Seen]:
    seen = Seen(index_url)
    yield seen
    seen.close()


def test_the_index_keeps_the_last_articles_of_each_host(index: Seen, story: Make) -> None:
    for n in range(WINDOW + 5):
        index.commit([story(n, FRAME)], {})
    index.commit([story(n, FRAME, site="other.example") for n in range(2)], {})
    assert len(index.repeats_of("news.example")) == WINDOW
    assert index.repeats_of("news.example").among(story(1, FRAME)) == {print_of(FRAME)}
    assert index.repeats_of("other.example").among(story(1, FRAME)) == frozenset()


def test_the_lines_rebuild_it_whether_the_block_was_cut_or_not(index: Seen, story: Make, tmp_path: Path) -> None:
    written = [story(1, FRAME), story(2, FRAME), story(3), story(4)]
    written[2].removed = [Removed(FRAME, "learned:news.example")]
    written[3].removed = [Removed(STANDING, "disclaimer.en.label")]
    output = Output(f"{tmp_path}/{{site}}/{{date}}/{{run}}.jsonl")
    path = output.path("news.example")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(map(lines.encode, written)))
    index.commit(written, {})
    before = index.repeats_of("news.example").among(story(5, FRAME, STANDING))
    rebuild(index, output)
    assert index.repeats_of("news.example").among(story(5, FRAME, STANDING)) == before == {print_of(FRAME)}


def test_how_much_was_cut_makes_no_revision(index: Seen, story: Make) -> None:
    whole, cut = story(1, FRAME), story(1, FRAME)
    repeated.strip(cut, {print_of(FRAME)}, "news.example")
    assert cut.text != whole.text
    index.commit([cut], {})
    match = index.match(whole)
    assert match is not None
    assert not match.changed
