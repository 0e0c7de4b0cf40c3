from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from postgres import Postgres

from aggregator import lines
from aggregator.items import Article
from aggregator.output import Output
from aggregator.seen import Seen

Scrapy = Callable[..., "CompletedProcess[str]"]

OUTPUT = "data/{site}/{date}/{run}.jsonl"


@pytest.fixture
def output(tmp_path: Path, article: Callable[..., Article]) -> Output:
    """Two articles on disk."""
    output = Output(f"{tmp_path}/{OUTPUT}")
    path = output.path("news.example")
    path.parent.mkdir(parents=True)
    path.write_bytes(lines.encode(article(1)) + lines.encode(article(2)))
    return output


@pytest.mark.parametrize("before", [None, b"certainly no database " * 100])
def test_the_index_is_built_from_the_files(
    scrapy: Scrapy, output: Output, tmp_path: Path, article: Callable[..., Article], before: bytes | None
) -> None:
    if before:
        (tmp_path / "data/seen.db").write_bytes(before)
    done = scrapy("reindex")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "2 lines entered in sqlite:///data/seen.db\n")
    seen = Seen(f"sqlite:///{tmp_path}/data/seen.db")
    assert seen.met(article(2).url).known
    seen.close()


def test_the_index_may_lie_on_a_server(
    scrapy: Scrapy, output: Output, postgres: Postgres, article: Callable[..., Article]
) -> None:
    url = postgres.url().replace("//postgres@", "//postgres:secret@")
    done = scrapy("reindex", "-s", f"SEEN_URL={url}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"2 lines entered in {url.replace('secret', '***')}\n"
    seen = Seen(url)
    assert seen.met(article(2).url).known
    seen.close()


def test_a_site_that_is_being_written_is_waited_for(scrapy: Scrapy, output: Output) -> None:
    output.lock("news.example")
    done = scrapy("reindex")
    output.release()
    assert done.returncode == 1
    assert done.stderr.startswith("error: a run is writing data/news.example/")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "told"),
    [("OUTPUT=data/{page}.jsonl", "OUTPUT must end in .jsonl"), ("SEEN_URL=nonsense", "cannot be used")],
)
def test_a_wrong_setting_is_told_in_a_line(scrapy: Scrapy, setting: str, told: str) -> None:
    done = scrapy("reindex", "-s", setting)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
