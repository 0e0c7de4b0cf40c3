from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.items import Article, Block, Copy
from aggregator.pipelines.drop_duplicates import DropDuplicates
from aggregator.pipelines.drops import Duplicate, Unchanged
from aggregator.seen import Seen

Make = Callable[..., Article]
Prose = Callable[..., str]


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    yield index
    index.close()


@pytest.fixture
def earlier(tmp_path: Path, article: Make) -> Article:
    """An article that an earlier run has written."""
    first = article(1, first_seen_at="2024-05-01T00:00:00+00:00")
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    index.commit([first], {})
    index.close()
    return first


def test_a_new_article_passes_with_the_moment_it_was_first_seen(seen: Seen, article: Make) -> None:
    new = DropDuplicates(seen).process_item(article(1))
    assert isinstance(new, Article)
    assert (new.first_seen_at, new.revision, new.story_id, new.changed) == (new.fetched_at, 1, new.id, [])


@pytest.mark.parametrize(
    ("change", "by"),
    [
        (
            {"url": "https://news.example/same-story-again", "canonical_url": "https://news.example/story-number-1"},
            "canonical",
        ),
        (
            {"url": "https://partner.example/", "canonical_url": "https://news.example/story-number-1", "text": "a"},
            "canonical",
        ),
        ({"url": "https://other.example/wire", "title": "New headline"}, "text"),
    ],
)
def test_a_copy_in_the_same_run_is_a_duplicate_of_the_first(
    seen: Seen, article: Make, change: dict[str, str], by: str
) -> None:
    pipeline, first = DropDuplicates(seen), article(1)
    pipeline.process_item(first)
    copy = pipeline.process_item(article(1, **change))
    assert isinstance(copy, Copy)
    assert (copy.duplicate_of, copy.story_id, copy.by) == (first.id, first.id, by)


def test_the_same_page_again_in_the_same_run_is_no_copy(seen: Seen, article: Make) -> None:
    pipeline, first = DropDuplicates(seen), article(1)
    pipeline.process_item(first)
    with pytest.raises(Duplicate) as dropped:
        pipeline.process_item(article(1, url="http://www.news.example/story-number-1/?utm_source=feed"))
    assert str(dropped.value) == f"duplicate of {first.id} {first.url} (url)"
    assert dropped.value.article == first.id


def test_stories_with_a_homepage_for_canonical_are_two(seen: Seen, article: Make) -> None:
    pipeline = DropDuplicates(seen)
    for n in (1, 2):
        pipeline.process_item(article(n, canonical_url="https://news.example/"))


def test_copies_of_an_original_that_was_never_met_are_two(seen: Seen, article: Make) -> None:
    pipeline = DropDuplicates(seen)
    for n in (1, 2):
        pipeline.process_item(article(n, canonical_url="https://outlet.example/the-original-story"))


def test_texts_that_differ_in_a_number_are_two(seen: Seen, article: Make) -> None:
    pipeline = DropDuplicates(seen)
    for n in (1, 2):
        pipeline.process_item(article(n, text=f"Story number {n}. {n} litres."))


def test_the_same_article_of_an_earlier_run_is_unchanged(seen: Seen, earlier: Article, article: Make) -> None:
    with pytest.raises(Unchanged, match=f"same as revision 1 of {earlier.id}") as dropped:
        DropDuplicates(seen).process_item(article(1, fetched_at="2024-05-09T00:00:00+00:00"))
    assert dropped.value.article == earlier.id


@pytest.mark.parametrize(
    "change", [{"title": "New title"}, {"text": "New text."}, {"modified_at": "2024-05-07T00:00:00Z"}]
)
def test_a_changed_article_is_its_next_revision(
    seen: Seen, earlier: Article, article: Make, change: dict[str, str]
) -> None:
    changed = article(1, url="http://www.news.example/story-number-1", **change)
    revised = DropDuplicates(seen).process_item(changed)
    assert isinstance(revised, Article)
    assert (revised.id, revised.revision, revised.first_seen_at) == (earlier.id, 2, earlier.first_seen_at)
    assert (revised.story_id, revised.changed) == (earlier.id, list(change))


def test_a_page_that_changes_at_every_look_has_one_revision_a_run(seen: Seen, earlier: Article, article: Make) -> None:
    pipeline = DropDuplicates(seen)
    pipeline.process_item(article(1, text="Rain at 5 o'clock."))
    with pytest.raises(Duplicate, match=r"\(url\)"):
        pipeline.process_item(article(1, text="Rain at 6 o'clock."))


def test_a_near_copy_is_dropped_and_told(seen: Seen, article: Make, prose: Prose) -> None:
    pipeline, whole = DropDuplicates(seen), article(1, text=prose(1, 400))
    pipeline.process_item(whole)
    copy = pipeline.process_item(article(2, site="other.example", text=prose(1, 150)))
    assert isinstance(copy, Copy)
    assert (copy.duplicate_of, copy.story_id, copy.by, copy.inside) == (whole.id, whole.id, "near", 1.0)
    assert copy.around is not None
    assert 0.2 < copy.around < 0.6


def test_what_says_more_is_written_and_names_the_shorter(seen: Seen, article: Make, prose: Prose) -> None:
    pipeline, cut = DropDuplicates(seen), article(1, text=prose(1, 150))
    pipeline.process_item(cut)
    whole = pipeline.process_item(article(2, site="other.example", text=prose(1, 400)))
    assert isinstance(whole, Article)
    assert (whole.duplicates_of, whole.story_id) == (cut.id, cut.id)


def test_copies_are_written_where_they_are_to_be_marked(seen: Seen, article: Make, prose: Prose) -> None:
    pipeline, whole = DropDuplicates(seen, "mark"), article(1, text=prose(1, 400))
    pipeline.process_item(whole)
    copy = pipeline.process_item(article(2, text=prose(1, 150)))
    assert isinstance(copy, Article)
    assert (copy.duplicates_of, copy.story_id) == (whole.id, whole.id)


def test_another_word_for_copies_is_refused(seen: Seen) -> None:
    with pytest.raises(ValueError, match="DUPLICATES must be drop or mark, not 'keep'"):
        DropDuplicates(seen, "keep")


def test_a_copy_that_is_met_again_is_unchanged(seen: Seen, article: Make, prose: Prose) -> None:
    whole, copy = article(1, text=prose(1, 400)), article(2, text=prose(1, 150))
    dropped = DropDuplicates(seen)
    seen.commit([whole], {})
    met = dropped.process_item(copy)
    assert isinstance(met, Copy)
    seen.commit([], {}, copies=[met])
    with pytest.raises(Unchanged, match="still a copy of"):
        dropped.process_item(copy)


@pytest.mark.parametrize(
    "after",
    [
        "Dams hold.\n\n1,025 people read this\n\nRain.",
        "Dams hold.\n\nUpdated 2 hours ago\n\nRain.",
        "Rain.\n\nDams hold.",
    ],
)
def test_noise_is_no_revision(seen: Seen, article: Make, after: str) -> None:
    seen.commit([with_blocks(article(1, text="Dams hold.\n\n1,024 people read this\n\nRain."))], {})
    with pytest.raises(Unchanged):
        DropDuplicates(seen).process_item(with_blocks(article(1, text=after)))


def with_blocks(article: Article) -> Article:
    article.blocks = [Block("paragraph", part) for part in (article.text or "").split("\n\n")]
    return article


def test_what_was_read_in_part_is_no_revision(seen: Seen, earlier: Article, article: Make) -> None:
    half = article(1, text="Dams.")
    half.extraction.partial = True
    with pytest.raises(Unchanged, match=f"read in part, after revision 1 of {earlier.id}"):
        DropDuplicates(seen).process_item(half)


# --- Properties -------------------------------------------------------------------------------------------------------

SHARES = (1.0, 0.6, 0.35)  # of a story of 300 words
VERSIONS = [(story, share) for story in range(3) for share in SHARES]
HYPOTHESIS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def index() -> Iterator[Callable[[], Seen]]:
    """A new index; each call opens it as another run does."""
    with TemporaryDirectory() as folder, ExitStack() as opened:
        yield lambda: opened.enter_context(closing(Seen(f"sqlite:///{folder}/seen.db")))


def version(article: Make, prose: Prose, number: int) -> Article:
    story, share = VERSIONS[number]
    words = prose(100 + story, 300).split()
    return article(number, site=f"site-{number}.example", text=" ".join(words[: round(len(words) * share)]))


@HYPOTHESIS
@given(order=st.permutations(range(len(VERSIONS))), ends=st.sets(st.sampled_from(range(len(VERSIONS)))))
def test_the_order_of_arrival_changes_the_lines_but_not_the_stories(
    article: Make, prose: Prose, order: list[int], ends: set[int]
) -> None:
    told: dict[str, set[int]] = {}
    with index() as run:
        seen, flying = run(), list[Article]()
        pipeline = DropDuplicates(seen)
        for at, number in enumerate(order):
            item = pipeline.process_item(version(article, prose, number))
            told.setdefault(str(item.story_id), set()).add(number)
            if isinstance(item, Article):
                flying.append(item)
            if at in ends:  # of a commit, or a run
                seen.commit(flying, {})
                flying.clear()
    assert sorted(map(sorted, told.values())) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


@HYPOTHESIS
@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4, unique=True))
def test_no_article_is_a_copy_of_itself_when_it_is_crawled_again(article: Make, texts: list[str]) -> None:
    with index() as run:
        seen = run()
        written = [DropDuplicates(seen).process_item(article(n, text=text)) for n, text in enumerate(texts)]
        seen.commit([item for item in written if isinstance(item, Article)], {})
        again = DropDuplicates(run())
        for n, item in enumerate(written):
            if isinstance(item, Article):
                with pytest.raises(Unchanged, match=f"same as revision 1 of {item.id}"):
                    again.process_item(article(n, text=texts[n]))
