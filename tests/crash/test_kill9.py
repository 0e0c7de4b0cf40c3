"""kill -9 costs nothing. More of it: `python tests/crash/kill9.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_no_article_is_lost_or_written_twice() -> None:
    script = Path(__file__).with_name("kill9.py")
    done = subprocess.run(
        [sys.executable, script, "--kills", "4"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("4 kills")
