from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler

from aggregator.items import Article
from aggregator.output import Output
from aggregator.pipelines import strip_repeated, write_jsonl
from aggregator.seen import Seen

Make = Callable[..., Article]
Feed = Callable[..., Crawler]
Written = Callable[[], list[dict[str, Any]]]


def problems(crawler: Crawler) -> list[str]:
    return crawler.stats.get_value("run/problems", [])  # type: ignore[no-any-return]


def test_articles_are_appended_to_the_file_of_their_site(
    feed: Feed, article: Make, written: Written, tmp_path: Path
) -> None:
    feed([article(n) for n in range(5)] + [article(7, site="other.example")])
    assert sorted(line["url"][-1] for line in written()) == ["0", "1", "2", "3", "4", "7"]
    (other,) = (tmp_path / "data/other.example").glob("*/*.jsonl")
    assert json.loads(other.read_text())["site"] == "other.example"


def test_the_index_knows_each_byte_that_was_written(feed: Feed, article: Make, tmp_path: Path) -> None:
    feed([article(n) for n in range(5)])
    seen = Seen(f"sqlite:///{tmp_path}/data/seen.db")
    assert all(seen.met(article(n).url).known for n in range(5))
    (path,) = (tmp_path / "data/news.example").glob("*/*.jsonl")
    assert seen.applied() == {path: path.stat().st_size}
    seen.close()


def test_lines_share_a_commit(feed: Feed, article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    appended: list[int] = []

    def append(path: Path, data: bytes) -> int:
        appended.append(data.count(b"\n"))
        return real(path, data)

    real = write_jsonl._append
    monkeypatch.setattr(write_jsonl, "_append", append)
    feed([article(n) for n in range(20)], GROUP_COMMIT_SECONDS=0.5, GROUP_COMMIT_ITEMS=8)
    assert max(appended) >= 8
    assert sum(appended) == 20


def test_an_item_leaves_only_when_its_line_is_on_disk_and_in_the_index(
    feed: Feed, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, commit = os.fsync, Seen.commit
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("fsync"), fsync(fd)))
    monkeypatch.setattr(Seen, "commit", lambda *args, **more: (order.append("commit"), commit(*args, **more)))
    monkeypatch.setattr(
        "aggregator.reports.fates.Fates.item_scraped", lambda self, item, response: order.append("scraped")
    )
    feed([article(1)])
    assert [step for step in order[: order.index("scraped") + 1] if step != "fsync"] == ["commit", "scraped"]
    assert order[0] == "fsync"


def test_a_second_run_writes_nothing_twice(feed: Feed, article: Make, written: Written) -> None:
    feed([article(1), article(2)])
    again = feed([article(2), article(3)])
    assert sorted(line["url"][-1] for line in written()) == ["1", "2", "3"]
    assert again.stats.get_value("fates/unchanged") == 1


def test_a_line_that_the_index_missed_is_not_written_again(
    feed: Feed, article: Make, written: Written, tmp_path: Path
) -> None:
    feed([article(1)])
    (tmp_path / "data/seen.db").unlink()
    feed([article(1)])
    assert len(written()) == 1


def test_a_torn_line_is_written_again(feed: Feed, article: Make, written: Written, tmp_path: Path) -> None:
    feed([article(1)])
    (path,) = (tmp_path / "data/news.example").glob("*/*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    (tmp_path / "data/seen.db").unlink()
    feed([article(1)])
    assert path.read_bytes() == b""
    assert len(written()) == 1


def test_a_second_run_at_the_same_time_ends_at_once(
    feed: Feed, article: Make, written: Written, tmp_path: Path
) -> None:
    running = Output(f"{tmp_path}/data/{{site}}/{{date}}/{{run}}.jsonl")
    running.lock("news.example")
    crawler = feed([article(1, site="a.example"), article(2)])
    assert crawler.stats.get_value("finish_reason") == "output_locked"
    assert problems(crawler) == [f"another run is writing {tmp_path}/data/news.example (process {os.getpid()})"]
    assert written() == []
    running.release()
    feed([article(1, site="a.example"), article(2)])
    assert len(written()) == 2


def test_an_output_that_cannot_be_written_ends_the_run_at_once(feed: Feed, article: Make, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    crawler = feed([article(1)])
    assert crawler.stats.get_value("finish_reason") == "output_failed"
    assert problems(crawler)[0].startswith("cannot write the output: ")


def test_a_broken_index_ends_the_run_at_once(feed: Feed, article: Make, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/seen.db").write_bytes(b"certainly no database " * 100)
    crawler = feed([article(1)])
    assert crawler.stats.get_value("finish_reason") == "index_broken"
    assert "scrapy reindex" in problems(crawler)[0]


@pytest.mark.parametrize("commits", [0, 2])
def test_a_full_disk_ends_the_run_and_loses_no_count(
    feed: Feed, article: Make, written: Written, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    fsync, done = os.fsync, iter(range(100))

    def full(fd: int) -> None:
        name = str(Path(f"/proc/self/fd/{fd}").readlink())
        if name.endswith(".jsonl") and "fates" not in name and next(done) >= commits:
            raise OSError(errno.ENOSPC, "No space left on device", name)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", full)
    articles = [article(n) for n in range(40)]
    crawler = feed(articles, GROUP_COMMIT_ITEMS=1, CONCURRENT_REQUESTS=2, LEARN_BOILERPLATE=False)  # none waits
    stats = crawler.stats
    assert stats.get_value("finish_reason") == "output_failed"
    assert problems(crawler)[0].startswith("cannot write the output: No space left on device: ")
    assert len(written()) == stats.get_value("fates/written", 0)
    assert bool(written()) == bool(commits)
    assert stats.get_value("fates/failed") == stats.get_value("fates/discovered") - len(written())
    monkeypatch.undo()
    feed(articles)
    assert sorted(line["url"] for line in written()) == sorted(each.url for each in articles)


def test_what_was_written_in_part_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n")

    def fail(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        write_jsonl._append(path, b'{"a":1}\n')
    assert path.read_bytes() == b"{}\n"


def test_an_error_of_the_program_fails_its_items_and_ends_the_run(
    feed: Feed, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("a mistake")

    monkeypatch.setattr(Seen, "commit", broken)
    crawler = feed([article(1), article(2)])
    assert crawler.stats.get_value("fates/failed") == 2
    assert problems(crawler) == ["news.example: no article came of 2 URLs: 2 failed"]


def copies(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for file in folder.glob("data/*/*/*/copies.jsonl") for line in file.read_text().splitlines()
    ]


def test_a_copy_is_a_line_of_its_run_once(
    feed: Feed, article: Make, written: Written, tmp_path: Path, prose: Callable[..., str]
) -> None:
    whole, copy = article(1, text=prose(1, 400)), article(2, site="other.example", text=prose(1, 150))
    crawler = feed([whole, copy], CONCURRENT_REQUESTS=1)
    assert [line["url"] for line in written()] == [whole.url]
    (told,) = copies(tmp_path)
    assert (told["url"], told["duplicate_of"], told["by"], told["inside"]) == (copy.url, whole.id, "near", 1.0)
    assert crawler.stats.get_value("fates/duplicate") == 1
    feed([copy])
    assert len(copies(tmp_path)) == 1


def test_a_copy_is_not_told_of_an_article_whose_line_is_lost(
    feed: Feed, article: Make, written: Written, tmp_path: Path, prose: Callable[..., str], monkeypatch: Any
) -> None:
    def full(path: Path, data: bytes) -> int:
        if path.name != "copies.jsonl":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, data)

    real = write_jsonl._append
    monkeypatch.setattr(write_jsonl, "_append", full)
    whole, copy = article(1, text=prose(1, 400)), article(2, site="other.example", text=prose(1, 150))
    began = time.monotonic()
    crawler = feed([whole, copy], CONCURRENT_REQUESTS=1)
    assert time.monotonic() - began < strip_repeated.PATIENCE  # it does not wait for that line either
    assert crawler.stats.get_value("fates/failed") == 2
    assert (written(), copies(tmp_path)) == ([], [])
    monkeypatch.undo()
    feed([whole, copy], CONCURRENT_REQUESTS=1)
    assert ([line["url"] for line in written()], len(copies(tmp_path))) == ([whole.url], 1)


def test_a_copy_that_the_index_missed_is_entered_from_its_line(
    feed: Feed, article: Make, tmp_path: Path, prose: Callable[..., str]
) -> None:
    whole, copy = article(1, text=prose(1, 400)), article(2, site="other.example", text=prose(1, 150))
    feed([whole, copy], CONCURRENT_REQUESTS=1)
    for file in [tmp_path / "data/seen.db", *tmp_path.glob("data/*/*/*/fates.jsonl")]:  # as a killed run leaves them
        file.unlink()
    again = feed([whole, copy])
    assert len(copies(tmp_path)) == 1
    assert again.stats.get_value("fates/unchanged") == 2
