from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from postgres import Postgres

from aggregator.items import Article
from aggregator.seen import IndexBroken, Seen, tables
from aggregator.seen.visits import Fate

Make = Callable[..., Article]

NOW = datetime.fromisoformat("2024-05-06T07:08:09+00:00")


@pytest.fixture
def seen(index_url: str) -> Iterator[Seen]:
    index = Seen(index_url)
    yield index
    index.close()


def reopened(seen: Seen, url: str) -> Seen:
    seen.close()
    return Seen(url)


def test_an_empty_index_knows_nothing(seen: Seen, article: Make) -> None:
    assert seen.match(article(1)) is None
    assert not seen.met(article(1).url).known
    assert seen.applied() == {}


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    ("change", "by"),
    [
        ({}, "url"),
        ({"url": "http://m.news.example/story-number-1?utm_source=a"}, "url"),
        ({"url": "https://news.example/copy-of-number-1", "text": "Other."}, "canonical"),
        (
            {"url": "https://news.example/politics/the-story-itself", "canonical_url": None, "text": "Other."},
            "canonical",
        ),
        ({"url": "https://news.example/again", "canonical_url": None}, "text"),
    ],
)
def test_an_article_is_recognised(seen: Seen, article: Make, committed: bool, change: dict[str, str], by: str) -> None:
    canonical = {"canonical_url": "https://news.example/politics/the-story-itself"}
    first = article(1, **canonical)
    seen.claim(first)
    if committed:
        seen.commit([first], {})
    match = seen.match(article(1, **canonical | change))
    assert match
    assert (match.article.id, match.article.url, match.by, match.this_run) == (first.id, first.url, by, True)


def test_an_original_is_recognised_from_the_copy_that_names_it_but_not_the_other_way(seen: Seen, article: Make) -> None:
    original, copy = (
        article(1, site="outlet.example"),
        article(2, canonical_url="https://outlet.example/story-number-1"),
    )
    seen.claim(copy)
    assert seen.match(original) is None
    seen.claim(original)
    match = seen.match(article(3, canonical_url=original.url))
    assert match
    assert match.article.id == original.id


def test_what_was_claimed_but_not_committed_is_forgotten(seen: Seen, index_url: str, article: Make) -> None:
    seen.claim(article(1))
    assert seen.met(article(1).url).known
    later = reopened(seen, index_url)
    assert not later.met(article(1).url).known
    later.close()


def test_what_was_committed_is_not(seen: Seen, index_url: str, article: Make) -> None:
    first = article(1, first_seen_at="2024-05-06T07:08:09+00:00", revision=2)
    seen.commit([first], {Path("a.jsonl"): 120})
    later = reopened(seen, index_url)
    match = later.match(article(1, first_seen_at=None))
    assert match
    old = match.article
    assert (old.first_seen_at, old.revision, match.changed, match.this_run) == (first.first_seen_at, 2, [], False)
    assert later.applied() == {Path("a.jsonl"): 120}
    later.close()


def test_a_revision_takes_the_place_of_the_first(seen: Seen, article: Make) -> None:
    seen.commit([article(1, first_seen_at="2024-01-01T00:00:00Z")], {Path("a"): 1})
    revised = article(1, title="Changed", revision=2, first_seen_at="2024-02-02T00:00:00Z")
    seen.commit([revised], {Path("a"): 2})
    match = seen.match(revised)
    assert match
    old = match.article
    assert (old.revision, match.changed, old.first_seen_at) == (2, [], "2024-01-01T00:00:00Z")
    assert seen.applied() == {Path("a"): 2}


def test_an_alias_is_known_and_never_a_duplicate(seen: Seen, article: Make) -> None:
    first, moved = article(1), article(2)
    led = Fate(moved.url, moved.site, "https://news.example/", "duplicate", "", NOW, first.id)
    seen.commit([first], {}, fates=[led])
    assert seen.met(moved.url).known
    assert seen.match(moved) is None
    seen.commit([moved], {})
    match = seen.match(moved)
    assert match
    assert (match.article.id, match.by) == (moved.id, "url")


def asked_of(seen: Seen) -> list[str]:
    """The statements to come, as the driver gets them."""
    statements: list[str] = []
    with seen.reading() as connection:
        driver = connection.connection.driver_connection
    if hasattr(driver, "set_trace_callback"):
        driver.set_trace_callback(statements.append)
        return statements

    class Telling(driver.cursor_factory):
        def execute(self, query: str, *values: object) -> object:
            statements.append(query)
            return super().execute(query, *values)

    driver.cursor_factory = Telling
    return statements


@pytest.mark.parametrize("change", [{}, {"url": "https://other.example/a"}])
def test_an_article_is_looked_up_in_one_query(
    seen: Seen, article: Make, prose: Callable[..., str], change: dict[str, str]
) -> None:
    seen.commit([article(1, text=prose(1, 300))], {})
    statements = asked_of(seen)
    match = seen.match(article(1, canonical_url="https://a.example/a-story-at-last", text=prose(1, 250), **change))
    assert match
    assert match.by == ("near" if change else "url")
    assert len(statements) == 1


def test_a_text_is_compared_for_so_many_days(index_url: str, article: Make, prose: Callable[..., str]) -> None:
    seen = Seen(index_url, days=30)
    seen.commit([article(1, text=prose(1, 300), fetched_at="2024-05-01T08:00:00+00:00")], {})
    cut = article(2, text=prose(1, 150))
    seen.commit([article(3, text=prose(3, 300), fetched_at="2024-05-31T08:00:00+00:00")], {})
    assert seen.match(cut) is not None
    seen.commit([article(4, text=prose(4, 300), fetched_at="2024-06-01T08:00:00+00:00")], {})
    assert seen.match(cut) is None
    assert seen.met(article(1).url).known
    seen.close()


def test_a_file_that_is_no_database_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "seen.db").write_bytes(b"certainly no database " * 100)
    seen = Seen(f"sqlite:///{tmp_path}/seen.db")
    with pytest.raises(IndexBroken, match=r"not a database.*scrapy reindex"):
        seen.met("https://news.example/a")
    seen.clear()
    assert not seen.met("https://news.example/a").known
    assert (tmp_path / "seen.db.kept").read_bytes().startswith(b"certainly no database")
    seen.close()


def test_an_index_of_another_format_is_refused(seen: Seen, index_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen.applied()
    monkeypatch.setattr(tables, "FORMAT", 99)
    later = reopened(seen, index_url)
    with pytest.raises(IndexBroken, match="scrapy reindex"):
        later.applied()
    later.clear()
    assert later.applied() == {}
    later.close()


def test_a_server_that_is_away_is_told_without_a_remedy_that_is_none() -> None:
    seen = Seen("postgresql://me:secret@/db?host=/nowhere")
    with pytest.raises(IndexBroken, match=r"me:\*\*\*@/db.* cannot be used \(connection [^\n]*\)$"):
        seen.met("https://news.example/a")
    seen.close()


def test_a_file_that_cannot_be_opened_is_told_without_a_remedy_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken, match=r"cannot be used \(unable to open database file\)$"):
        Seen(f"sqlite:///{tmp_path}").applied()


def test_a_lost_connection_is_made_anew(postgres: Postgres, article: Make) -> None:
    seen = Seen(postgres.url())
    seen.commit([article(1)], {})
    assert seen.met(article(1).url).known
    postgres.disconnect()
    with pytest.raises(IndexBroken, match="terminating connection"):
        seen.met(article(1).url)
    assert seen.met(article(1).url).known
    seen.commit([article(2)], {})
    assert seen.met(article(2).url).known
    postgres.disconnect()
    with pytest.raises(IndexBroken, match="terminating connection"):
        seen.match(article(1))
    assert seen.match(article(1)) is not None
    seen.close()


@pytest.mark.parametrize("url", ["nonsense", "postgresql+nodriver://me:secret@host/db", "mysql+none://h/d"])
def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(IndexBroken, match="cannot be used") as caught:
        Seen(url).applied()
    assert "secret" not in str(caught.value)


def _fill(url: str, numbers: range) -> None:
    seen = Seen(url)
    for n in numbers:
        seen.commit([Article(id=str(n), url=f"https://news.example/story-number-{n}", text=str(n), title="t")], {})
    seen.close()


def test_processes_share_one_index(index_url: str, seen: Seen) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=_fill, args=(index_url, range(n, n + 40))) for n in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert all(seen.met(f"https://news.example/story-number-{n + k}").known for n in (0, 100, 200) for k in range(40))
