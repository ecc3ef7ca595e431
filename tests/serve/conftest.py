"""Fixtures for an application with a new store for each test, and a client on the same machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from pipeline.cli.main import assemble
from serve.app import create_app
from serve.security import Door
from serve.settings import Settings
from serve.store import migrate, passwords
from serve.store.database import Database

Run = Callable[..., Result]


@pytest.fixture(autouse=True, scope="session")
def _apart_from_the_checkout_and_in_haste(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use a temporary database by default, and fast password hashing."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("default-store") / "store.sqlite3"
        patch.setenv("DISPOSISI_DATABASE_URL", f"sqlite:///{path}")
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def _running(model_folder: Path) -> Iterator[TestClient]:
    with TestClient(
        create_app(Settings(model=model_folder)), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)
    ) as client:
        yield client


@pytest.fixture
def local_client(_running: TestClient, migrated_file: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client on the server's own machine (the demo user) of an application with an empty store."""
    path = tmp_path / "store.sqlite3"
    shutil.copy(migrated_file, path)
    state = _running.app.state  # type: ignore[attr-defined]
    state.database = Database(f"sqlite:///{path}")
    state.door = Door(state.database)
    _running.cookies.clear()
    yield _running
    state.database.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new' / 'store.sqlite3'}"


@pytest.fixture
def run(url: str) -> Run:
    app = assemble()

    def run_command(*arguments: str, stdin: str = "", exits: int = 0) -> Result:
        result = CliRunner().invoke(app, [*arguments, "--database", url], input=stdin, catch_exceptions=False)
        assert result.exit_code == exits, result.output
        return result

    return run_command
