from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator import lines
from aggregator.items import Article, Found
from aggregator.output import Output, OutputLocked
from aggregator.seen import Seen, sites, unfinished
from aggregator.seen.catchup import catch_up, rebuild
from aggregator.seen.sites import Tally

Make = Callable[..., Article]


@pytest.fixture
def output(tmp_path: Path) -> Output:
    return Output(f"{tmp_path}/{{site}}/{{date}}/{{run}}.jsonl")


@pytest.fixture
def seen(index_url: str) -> Iterator[Seen]:
    index = Seen(index_url)
    yield index
    index.close()


def write(path: Path, *written: Article | dict[str, str], tail: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(map(lines.encode, written)) + tail)
    return path


def test_lines_that_the_index_lacks_are_entered(seen: Seen, output: Output, article: Make) -> None:
    path = write(output.path("news.example"), article(1), article(2))
    assert catch_up(seen, output) == 2
    assert seen.met(article(2).url).known
    assert seen.applied() == {path: path.stat().st_size}
    assert catch_up(seen, output) == 0
    write(path, article(3))
    assert catch_up(seen, output) == 1
    assert seen.met(article(3).url).known


@pytest.mark.parametrize(
    "tail", [b'{"id":"4","url":"https://news.exa', b'{"id":"4","url":"u"}', b"\0" * 300, b"\0\n", b'{"id\n']
)
def test_a_torn_tail_is_cut(seen: Seen, output: Output, article: Make, tail: bytes) -> None:
    path = write(output.path("news.example"), article(1))
    whole = path.read_bytes()
    write(path, tail=tail)
    assert catch_up(seen, output) == 1
    assert path.read_bytes() == whole


def test_a_broken_line_among_sound_ones_stays_where_it_is(seen: Seen, output: Output, article: Make) -> None:
    path = write(output.path("news.example"), article(1), tail=b"{broken\n" + lines.encode({"other": "thing"}))
    write(path, article(2))
    before = path.read_bytes()
    assert catch_up(seen, output) == 2
    assert path.read_bytes() == before


def test_the_urls_that_led_to_an_article_are_known(seen: Seen, output: Output, article: Make) -> None:
    write(output.path("news.example"), article(1))
    told = {"site": "news.example", "listing": "https://news.example/", "reason": "", "at": "2024-05-06T07:08:09Z"}
    fates = [
        told | {"url": "https://news.example/moved-to-number-1", "fate": "written", "id": article(1).id},
        told | {"url": "https://news.example/copy", "fate": "duplicate", "id": article(1).id},
        told | {"url": "https://news.example/lost", "fate": "failed"},
    ]
    write(output.folder("news.example") / "fates.jsonl", *fates)
    catch_up(seen, output)
    assert [seen.met(fate["url"]).known for fate in fates] == [True, True, False]
    assert [seen.met(fate["url"]).visit.fate for fate in fates] == ["written", "duplicate", "failed"]


def test_a_site_that_a_run_is_writing_is_left_to_it(seen: Seen, output: Output, article: Make, tmp_path: Path) -> None:
    path = write(output.path("news.example"), article(1), tail=b'{"id":"just being wri')
    write(output.path("other.example"), article(2))
    before = path.read_bytes()
    running = Output(f"{tmp_path}/{{site}}/{{date}}/{{run}}.jsonl")
    running.lock("news.example")
    assert catch_up(seen, output) == 1
    assert path.read_bytes() == before
    with pytest.raises(OutputLocked):
        rebuild(seen, output)
    running.release()
    assert catch_up(seen, output) == 1


def test_the_run_that_holds_the_lock_catches_up_itself(seen: Seen, output: Output, article: Make) -> None:
    write(output.path("news.example"), article(1))
    output.lock("news.example")
    assert catch_up(seen, output) == 1
    output.release()


def test_a_rebuilt_index_knows_what_is_on_disk_and_nothing_else(seen: Seen, output: Output, article: Make) -> None:
    seen.commit([article(1), article(2)], {Path("gone.jsonl"): 100})
    write(output.path("news.example"), article(2))
    assert rebuild(seen, output) == 1
    assert [seen.met(article(n).url).known for n in (1, 2)] == [False, True]
    assert list(seen.applied()) == [output.path("news.example")]


def test_what_the_lines_do_not_tell_outlives_a_rebuild(seen: Seen, output: Output) -> None:
    waiting = Found("https://news.example/not-fetched-yet", "news.example", "https://news.example/")
    sites.learn(seen, "news.example", {"/a/#": Tally(3, 1)}, {"https://news.example/feed": True})
    unfinished.add(seen, "", [waiting])
    rebuild(seen, output)
    assert sites.shapes(seen, "news.example") == {"/a/#": Tally(3, 1)}
    assert sites.guesses(seen, "news.example") == {"https://news.example/feed": True}
    assert unfinished.left(seen, "news.example", "") == [waiting]
