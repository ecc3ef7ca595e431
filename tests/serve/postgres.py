"""A real PostgreSQL server for the tests, in a temporary folder and on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import create_engine, make_url, text

from tests.ports import free_port

BINARIES = Path("/usr/lib/postgresql/15/bin")
URL_VARIABLE = "DISPOSISI_TEST_POSTGRES"  # URL of a server to use instead, without a database name
PERSON = "postgres"  # PostgreSQL refuses to run as root


def available() -> bool:
    """Tell whether a server is given or can be started."""
    return URL_VARIABLE in os.environ or (BINARIES / "initdb").exists()


@contextmanager
def given_or_own_server() -> Iterator[str]:
    """Yield the URL of a server, without a database name."""
    if given := os.environ.get(URL_VARIABLE):
        yield given.rstrip("/")
        return
    # Not in pytest's folder, which is private, as the server runs as another user.
    with TemporaryDirectory(prefix="disposisi-postgres-") as folder, own_server(Path(folder)) as url:
        yield url


@contextmanager
def new_database(server: str, name: str, template: str = "template0") -> Iterator[str]:
    """Create a database, yield its URL, and keep it; on a given server an existing one is dropped first."""
    engine = create_engine(
        make_url(f"{server}/postgres").set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    yield f"{server}/{name}"


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """Run a server with its data in a folder; yield its URL without a database name."""
    if os.getuid() == 0:
        account = pwd.getpwnam(PERSON)
        os.chown(folder, account.pw_uid, account.pw_gid)
    url = f"postgresql://disposisi@127.0.0.1:{free_port()}"
    _run(folder, "initdb", "--auth=trust", "--username=disposisi", "--encoding=UTF8", "--no-sync", "-D", "data")
    restart(folder, url)
    try:
        yield url
    finally:
        _run(folder, "pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")


def restart(folder: Path, url: str) -> None:
    """Start a server of :func:`own_server`, also again after :func:`kill`."""
    # Without fsync: tests don't need to survive a power cut.
    options = f"-p {make_url(url).port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=128MB"
    _run(folder, "pg_ctl", "-D", "data", "-o", options, "-l", "log", "-w", "start")


def kill(folder: Path) -> None:
    """Kill a server of :func:`own_server` with all its processes, like a crash."""
    process = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
    family = [*process.children(recursive=True), process]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=30)


def _run(folder: Path, program: str, *arguments: str) -> None:
    as_person = [shutil.which("runuser") or "runuser", "-u", PERSON, "--"] if os.getuid() == 0 else []
    command: list[str | Path] = [*as_person, BINARIES / program, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
