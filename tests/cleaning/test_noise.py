from __future__ import annotations

import pytest

from aggregator.cleaning.noise import is_noise


@pytest.mark.parametrize(
    "line", ["1,024 views", "37 Kommentare", "Lesezeit: 4 Minuten", "阅读 1024", "Просмотров: 512", "vor 5 Minuten"]
)
def test_counters_and_moments_counted_from_now_are_noise(line: str) -> None:
    assert is_noise(line)


@pytest.mark.parametrize(
    "line",
    [
        "The dam is 62 years old.",
        "Halden 2, Ostermoor 1",
        "No comment was to be had.",
        "It had 1,024 views, " + "x" * 60,
    ],
)
def test_a_statement_is_not(line: str) -> None:
    assert not is_noise(line)
