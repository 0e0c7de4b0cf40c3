"""README.md says nothing that is not so: its commands run, its folders and settings exist."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import default_settings

from aggregator import settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
SHELL = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
OFFLINE = [line for line in SHELL if line.startswith("scrapy ") and "https://" not in line]
ONLINE = [line for line in SHELL if line.startswith("scrapy ") and "https://" in line]
TABLE = dict(re.findall(r"^\| `([A-Z_]+)` \| `?(.*?)`? \|", README, re.M))

Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("line", OFFLINE)
def test_command(line: str, scrapy: Scrapy, request: pytest.FixtureRequest) -> None:
    if line == "scrapy crawl --samples":
        request.getfixturevalue("samples")
        return
    words = [str(ROOT / word) if word.startswith("fixtures/") else word for word in shlex.split(line)]
    scrapy(*words[1:], check=True)


@pytest.mark.parametrize("line", ONLINE)
def test_command_that_needs_the_internet_is_spelt_right(line: str, scrapy: Scrapy) -> None:
    command, *rest = shlex.split(line)[1:]
    offered = scrapy(command, "--help", check=True).stdout
    assert [word for word in rest if word.startswith("-") and word not in offered] == []


@pytest.mark.parametrize("words", re.findall(r"^    make ([^#\n]+)|`make (\w+)`", README, re.M))
def test_make_target(words: tuple[str, str]) -> None:
    subprocess.run(["make", "-n", *shlex.split(words[0] or words[1])], cwd=ROOT, check=True, capture_output=True)


# --- Output -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sampled(samples: Any, tmp_path: Path) -> Path:
    """A folder with the samples' output where a crawl would leave it."""
    shutil.copytree(samples.folder / "data/samples", tmp_path / "data")
    return tmp_path


def test_the_line_shown_is_one_of_the_samples(sampled: Path) -> None:
    (shown,) = (json.loads(block) for kind, block in BLOCKS if kind == "json")
    lines = [json.loads(line) for file in sampled.glob("data/*/*/*.jsonl") for line in file.read_bytes().splitlines()]
    (line,) = (line for line in lines if line["url"] == shown["url"])
    assert without_cuts(shown, line) == line


def without_cuts(shown: Any, whole: Any) -> Any:
    """`shown` with what it leaves out, and what stands for an ellipsis, filled in from `whole`."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return whole | {key: without_cuts(value, whole.get(key)) for key, value in shown.items()}
    if isinstance(shown, list) and isinstance(whole, list) and "…" in shown:
        kept = (one for one in shown if one != "…")
        return whole if all(any(without_cuts(one, other) == other for other in whole) for one in kept) else shown
    if isinstance(shown, str) and isinstance(whole, str) and shown.endswith("…") and whole.startswith(shown[:-1]):
        return whole
    return shown


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_jq(sampled: Path) -> None:
    for line in (line for line in SHELL if line.startswith("jq ")):
        run = subprocess.run(line, shell=True, cwd=sampled, check=True, capture_output=True)
        assert run.stdout


@pytest.mark.parametrize("code", [block for kind, block in BLOCKS if kind == "python"])
def test_python(code: str, sampled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in re.findall(r"^import (\w+)", code, re.M):
        pytest.importorskip(module)
    monkeypatch.chdir(sampled)
    exec(code, {})


# --- Folders and settings ---------------------------------------------------------------------------------------------


@cache
def tracked() -> set[str]:
    """The folders that the map should name: those on the top level and the package's."""
    skipped = {".git", ".venv", "data", "build", "__pycache__"}
    top = {path for path in ROOT.iterdir() if path.is_dir() and path.name not in skipped}
    top = {path for path in top if not path.name.endswith(("_cache", ".egg-info")) and path.name != ".hypothesis"}
    inner = {path for path in (ROOT / "aggregator").iterdir() if path.is_dir() and path.name not in skipped}
    return {f"{path.name}/" for path in top} | {f"aggregator/{path.name}/" for path in inner}


def test_the_map_names_the_folders_that_exist() -> None:
    named = re.findall(r"^    (  )?([\w.]+/) ", README, re.M)
    assert {f"aggregator/{name}" if inner else name for inner, name in named} == tracked()


def test_the_settings_exist_with_these_defaults() -> None:
    wrong = {name: shown for name, shown in TABLE.items() if str(getattr(settings, name, "missing")) != shown}
    assert wrong == {}


def test_no_setting_of_our_own_is_left_out() -> None:
    own = {name for name in vars(settings) if name.isupper() and not hasattr(default_settings, name)}
    assert own - {"FIXTURES"} <= TABLE.keys()
