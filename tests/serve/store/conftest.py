"""Fixtures for the store on both databases: always SQLite, and a real PostgreSQL in slow runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from pipeline.router import Router
from serve.store import migrate
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.suggester import Suggester
from tests.serve import postgres
from tests.serve.store.acts import Act

_numbers = count()
ON_POSTGRES = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.available(), reason="PostgreSQL 15 is not installed"),
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a server with a migrated database called ``migrated``."""
    with postgres.given_or_own_server() as url:
        with postgres.new_database(url, "migrated") as migrated:
            database = Database(migrated)
            migrate.upgrade(database)
            database.close()
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ON_POSTGRES)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite3'}"
    else:
        with postgres.new_database(request.getfixturevalue("postgres_server"), f"empty{next(_numbers)}") as url:
            yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ON_POSTGRES)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store with its tables."""
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        store = Database(f"sqlite:///{path}")
        yield store
        store.close()
    else:
        server = request.getfixturevalue("postgres_server")
        with postgres.new_database(server, f"store{next(_numbers)}", template="migrated") as url:
            store = Database(url)
            yield store
            store.close()


@pytest.fixture(scope="session")
def suggester(router: Router) -> Suggester:
    return Suggester(router, WorkingCalendar())


@pytest.fixture
def act(database: Database, suggester: Suggester) -> Act:
    return Act(database, suggester)
