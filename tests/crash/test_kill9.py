"""kill -9 costs nothing. More of it: `python tests/crash/kill9.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("options", [("--kills", "4"), ("--kills", "3", "--postgres")])
def test_no_article_is_lost_or_written_twice(options: tuple[str, ...]) -> None:
    script = Path(__file__).with_name("kill9.py")
    done = subprocess.run(
        [sys.executable, script, *options],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{options[1]} kills")
