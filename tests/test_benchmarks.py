from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def benchmark(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, f"tests/benchmarks/{name}.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_cost_of_each_reader_is_told() -> None:
    run = benchmark("readers", "fixtures/bergblick", "--pages", "2", "--largest", "10000")
    assert run.returncode == 0, run.stderr
    rows = {line.split("  ")[0] for line in run.stdout.splitlines()}
    assert {"lxml alone", "whole", "blocks.read", "dates.read"} <= rows
    assert run.stdout.count("trafilatura") == 1


def test_a_folder_without_pages_is_refused_by_name(tmp_path: Path) -> None:
    run = benchmark("readers", str(tmp_path))
    assert run.returncode != 0
    assert run.stderr.strip() == f"{tmp_path}: no .html and no .jsonl.xz in it"


def test_the_cost_of_a_page_from_network_to_disk_is_told() -> None:
    run = benchmark("throughput", "fixtures/bergblick", "--pages", "2", "--rounds", "1")
    assert run.returncode == 0, run.stderr
    assert "the whole project fetched 3, wrote " in run.stdout
    rows = {line.split("  ")[0] for line in run.stdout.splitlines()}
    assert {"fetch", "fetch + parse", "whole project", "whole / fetch + parse"} <= rows


def test_the_index_is_measured_as_it_grows_on_both_databases() -> None:
    run = benchmark("growth", "--sizes", "100", "300")
    rows = [line.split()[:2] for line in run.stdout.splitlines()[1:]]
    assert rows == [["sqlite", "100"], ["sqlite", "300"], ["postgresql", "100"], ["postgresql", "300"]], run.stderr


def test_a_look_up_that_grows_beyond_the_bound_is_a_fault() -> None:
    run = benchmark("growth", "--sizes", "100", "300", "--on", "sqlite", "--bound", "0.01")
    assert run.returncode == 1
    assert "sqlite: a look-up takes" in run.stderr


def test_how_well_repeated_blocks_are_told_from_stories_is_measured() -> None:
    run = benchmark("learned", "--sites", "3")
    assert run.returncode == 0, run.stderr
    assert "precision" in run.stdout
