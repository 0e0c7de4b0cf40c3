"""The set-up: pins, what `import aggregator` brings along, package data, the Makefile where things are missing."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r'(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?:; python_version < "\d\.\d+")?')
PINS = {
    match["name"]: match["version"]
    for file in ("requirements.txt", "requirements-dev.txt")
    for line in (ROOT / file).read_text("utf-8").splitlines()
    if (match := PIN.fullmatch(line))
}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_exact_pins(file: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "-r ")) and not PIN.fullmatch(line)] == []


def test_what_is_installed_is_what_is_pinned() -> None:
    def installed(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    assert {name: installed(name) for name in PINS} == PINS


def test_what_the_code_imports_is_pinned_as_direct() -> None:
    direct = (ROOT / "requirements.txt").read_text("utf-8").partition("# Brought along")[0]
    pinned = {match["name"].lower() for line in direct.splitlines() if (match := PIN.fullmatch(line))}
    packages = packages_distributions()
    assert {
        name: packages.get(name)
        for file in (ROOT / "aggregator").rglob("*.py")
        for name in imported(file)
        if name not in sys.stdlib_module_names and not {one.lower() for one in packages.get(name, [])} & pinned
    } == {}


def imported(file: Path) -> set[str]:
    """The top-level packages that a module imports anywhere, the project's own left out."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names} - {"aggregator"}


def test_import_aggregator_starts_neither_reactor_nor_browser() -> None:
    code = (
        "import sys, aggregator; aggregator.extract('<h1>Dams hold</h1>', 'https://a.example/dams');"
        "print({'twisted.internet.reactor', 'playwright', 'scrapy_playwright'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_package_data_is_deployed() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    endings = {pattern.removeprefix("*") for pattern in config["tool"]["setuptools"]["package-data"]["*"]}
    files = {
        path.suffix for path in (ROOT / "aggregator").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - {".py"} <= endings


# --- Makefile ----------------------------------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone in which nothing is set up yet."""
    for file in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *words], cwd=folder, env=environment, capture_output=True, text=True)


def fake_python(folder: Path, script: str) -> str:
    file = folder / "python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return f"PYTHON={file}"


def first_line(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode != 0
    return run.stderr.splitlines()[0]


def test_an_old_python_is_refused_by_name(bare: Path) -> None:
    python = fake_python(bare, 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    assert "3.11 or newer is needed" in (line := first_line(make(bare, "crawl", python)))
    assert "Python 3.9.2" in line


def test_without_ensurepip_pip_and_virtualenv_the_package_is_named(bare: Path) -> None:
    python = fake_python(bare, 'case "$2" in *version_info*) exit 0;; *) exit 1;; esac')
    assert "apt install python3-venv" in first_line(make(bare, "test", python))


def test_without_ensurepip_pip_fills_the_gap(bare: Path) -> None:
    python = fake_python(
        bare, f'echo "$*" >> {bare}/calls; case "$*" in *"import ensurepip") exit 1;; *) exit 0;; esac'
    )
    make(bare, ".venv/bin/python", python)
    calls = (bare / "calls").read_text().splitlines()
    assert calls[-2:] == [
        "-m venv --clear --without-pip .venv",
        "-m pip --python .venv/bin/python --no-input install -q pip",
    ]


def stamp(folder: Path, target: str) -> None:
    """Leaves what a finished set-up leaves."""
    (folder / ".venv/bin").mkdir(parents=True, exist_ok=True)
    (folder / ".venv/bin/python").touch()
    for name in re.findall(r"\.venv/\S+\.stamp", make(folder, "-n", target).stdout):
        (folder / name).touch()


@pytest.mark.parametrize(("target", "file"), [("crawl", "requirements.txt"), ("test", "requirements-dev.txt")])
def test_set_up_once_and_again_when_the_pins_change(bare: Path, target: str, file: str) -> None:
    assert " install " in make(bare, "-n", target).stdout
    stamp(bare, target)
    later = time.time() + 60
    os.utime(bare / file, (later, later))  # a fresh checkout touches the files; only their content counts
    assert " install " not in make(bare, "-n", target).stdout
    with (bare / file).open("a") as pins:
        pins.write("six==1.17.0\n")
    assert " install " in make(bare, "-n", target).stdout


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ((), "crawl --samples"),
        (("SITE=valley_courier",), "crawl 'valley_courier'"),
        (("SITES=sites.txt",), "crawl news  -a sites='sites.txt'"),
        (
            ("URL=https://a.example/?a=$b&c='d' https://e.example/",),
            "-a url='https://a.example/?a=$b&c='\\''d'\\'' https://e.example/'",
        ),
    ],
)
def test_crawl_passes_its_arguments_on(bare: Path, words: tuple[str, ...], command: str) -> None:
    stamp(bare, "crawl")
    assert command in make(bare, "-n", "crawl", *words).stdout
