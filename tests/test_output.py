from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from aggregator.output import Output, OutputLocked

CLOCK = "2024-05-07T01:30:00+02:00"


@pytest.fixture
def pattern(tmp_path: Path) -> str:
    return f"{tmp_path}/data/{{site}}/{{date}}/{{run}}.jsonl"


def test_a_run_is_named_by_its_start_in_utc(pattern: str, tmp_path: Path) -> None:
    output = Output(pattern, CLOCK)
    assert re.fullmatch(r"20240506T233000-[0-9a-f]{4}", output.run)
    assert output.path("news") == tmp_path / "data/news/2024-05-06" / f"{output.run}.jsonl"
    assert output.folder("news") == tmp_path / "data/news/2024-05-06" / output.run


def test_runs_of_one_moment_differ(pattern: str) -> None:
    assert len({Output(pattern, CLOCK).run for _ in range(5)}) > 1


@pytest.mark.parametrize("site", ["../../etc", ".hidden", "a/b", "a\0b", "", "\ud800"])
def test_a_site_is_one_folder_below_the_output(pattern: str, tmp_path: Path, site: str) -> None:
    relative = Output(pattern).path(site).relative_to(tmp_path / "data")
    assert len(relative.parts) == 3
    assert not relative.parts[0].startswith(".")


@pytest.mark.parametrize("pattern", ["", "data/{site}/{run}", "data/{page}.jsonl", "data/{site.jsonl", "data/{}.jsonl"])
def test_a_wrong_pattern_is_named(pattern: str) -> None:
    with pytest.raises(ValueError, match="OUTPUT must end in"):
        Output(pattern)


@pytest.mark.parametrize("clock", ["yesterday", "2024-05-06T07:08:09"])
def test_a_wrong_clock_is_refused(pattern: str, clock: str) -> None:
    with pytest.raises(ValueError, match=r"CLOCK|isoformat"):
        Output(pattern, clock)


def test_files_finds_what_all_runs_wrote(pattern: str) -> None:
    runs = [Output(pattern, f"2024-05-0{day}T00:00:00Z") for day in (2, 1)]
    for run in runs:
        run.folder("news").mkdir(parents=True)
        run.path("news").touch()
        (run.folder("news") / "fates.jsonl").touch()
        (run.folder("news") / "run.json").touch()
    newer, older = runs
    assert list(Output(pattern).files()) == [
        older.path("news"),
        newer.path("news"),
        older.folder("news") / "fates.jsonl",
        newer.folder("news") / "fates.jsonl",
    ]


@pytest.mark.parametrize(
    "pattern", ["{site}/{date}/{run}.jsonl", "{run}.jsonl", "all/{site}.jsonl", "all/{date}.jsonl"]
)
def test_any_pattern_finds_its_own_files(pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output = Output(pattern)
    output.lock("news")
    output.folder("news").mkdir(parents=True)
    output.path("news").touch()
    fates = output.folder("news") / "fates.jsonl"
    fates.touch()
    assert list(output.files()) == [output.path("news"), fates]
    with Output(pattern).borrowed(fates) as mine:
        assert not mine
    output.release()


def test_one_run_at_a_time_writes_a_site(pattern: str) -> None:
    first, second = Output(pattern), Output(pattern)
    first.lock("news")
    first.lock("news")
    second.lock("other")
    with pytest.raises(OutputLocked, match=rf"another run is writing .*/data/news \(process {os.getpid()}\)"):
        second.lock("news")
    first.release()
    second.lock("news")
    second.release()


def test_a_lock_is_borrowed_for_a_while_only(pattern: str) -> None:
    first, second = Output(pattern), Output(pattern)
    path = first.path("news")
    with first.borrowed(path) as mine, second.borrowed(path) as others:
        assert (mine, others) == (True, False)
    second.lock("news")
    with second.borrowed(path) as mine:
        assert mine
    with first.borrowed(path) as others:
        assert not others, "what was held before is held still"
    second.release()
