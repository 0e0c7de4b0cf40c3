"""Brings the index up to date with the files, and cuts off what a killed run left unfinished."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from aggregator import lines
from aggregator.items import Copy
from aggregator.output import COPIES, FATES, Output, OutputLocked
from aggregator.seen.identity import Known
from aggregator.seen.index import Seen
from aggregator.seen.visits import Fate

_CHUNK = 4 << 20  # bytes of lines that are entered in one transaction

_log = logging.getLogger(__name__)


_Record = Known | Copy | Fate
_KINDS: dict[str, type[_Record]] = {COPIES: Copy, FATES: Fate}


def catch_up(seen: Seen, output: Output) -> int:
    """Enter the lines that the index lacks and return their number. A site that a run is writing is left to it."""
    applied = seen.applied()
    entered = 0
    for path in output.files():
        start = applied.get(path, 0)
        if path.stat().st_size > start:
            with output.borrowed(path) as mine:
                entered += _apply(seen, path, start) if mine else 0
    return entered


def rebuild(seen: Seen, output: Output) -> int:
    """Forget the index and enter all files anew. Raises OutputLocked where a run is writing."""
    for path in output.files():
        with output.borrowed(path) as mine:
            if not mine:
                raise OutputLocked(f"a run is writing {path}: wait for its end")
    seen.clear()
    return catch_up(seen, output)


def _apply(seen: Seen, path: Path, start: int) -> int:
    """Enter the lines from byte `start` on; whatever stands after the last sound one is cut."""
    kind: type[_Record] = _KINDS.get(path.name, Known)
    entered, position, sound = 0, start, start
    with path.open("r+b") as file:
        file.seek(start)
        while chunk := file.readlines(_CHUNK):
            records = []
            for line in chunk:
                position += len(line)
                try:
                    if not line.endswith(b"\n"):
                        raise msgspec.DecodeError("no end")
                    records.append(lines.decode(line, kind))
                except msgspec.ValidationError as error:
                    _log.warning("%s: a line at byte %d is passed over: %s", path, position, error)
                except msgspec.DecodeError:
                    continue
                sound = position
            _enter(seen, records, path, sound)
            entered += len(records)
        if position > sound:
            _log.warning("%s: %d bytes of unfinished lines are cut", path, position - sound)
            file.truncate(sound)
            os.fsync(file.fileno())
    return entered


def _enter(seen: Seen, records: Sequence[_Record], path: Path, applied: int) -> None:
    seen.commit(
        [record for record in records if isinstance(record, Known)],
        {path: applied},
        [record for record in records if isinstance(record, Fate)],
        [record for record in records if isinstance(record, Copy)],
    )
