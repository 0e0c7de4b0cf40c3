"""Knowledge as data: each `<name>.toml` in this folder, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The tables of `rules/<name>.toml`.

    >>> "prefixes" in load("tracking_params")
    True
    """
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
