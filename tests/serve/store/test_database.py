from __future__ import annotations

import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from serve.errors import StoreError
from serve.store import migrate
from serve.store.database import BUSY_MILLISECONDS, ROOM_BYTES, Database
from serve.store.database_errors import store_trouble

_COPY = "-c default_transaction_read_only=on"


@pytest.mark.parametrize(("query", "seconds"), [("", 10), ("?connect_timeout=3", "3")])
def test_a_database_that_has_gone_silent_is_given_up_after_seconds(
    query: str, seconds: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    def connect(*_: Any, **options: Any) -> None:
        told.update(options)
        raise psycopg.OperationalError("connection timeout expired")

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(StoreError, match="cannot be reached"):
        Database(f"postgresql://disposisi@db.example/disposisi{query}")
    assert told["connect_timeout"] == seconds
    assert told["tcp_user_timeout"] == 10_000
    assert told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"] <= 30


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database is locked", "dikunci"),
        ("database or disk is full", "penuh"),
        ("disk I/O error", "penuh"),
        ("could not extend file: No space left on device", "penuh"),
        ("server closed the connection unexpectedly", "tidak menjawab"),
        ("terminating connection due to administrator command", "tidak menjawab"),
        ("unable to open database file", "tidak menjawab"),
        ("canceling statement due to statement timeout", "tidak menjawab"),
        ("deadlock detected", "tidak menjawab"),
        ("attempt to write a readonly database", "hanya dapat dibaca"),
        ("cannot execute INSERT in a read-only transaction", "hanya dapat dibaca"),
        ("no such table: aduan", None),
    ],
)
def test_an_error_that_may_pass_by_itself_is_told_as_such_and_not_in_the_databases_words(
    said: str, told: str | None
) -> None:
    found = store_trouble(OperationalError("INSERT", {"text": "lampu mati"}, Exception(said)))
    assert (found is None) == (told is None)
    if found is not None and told is not None:
        assert told in found.what
        assert said not in f"{found} {found.english}"


@pytest.mark.skipif(sys.platform == "win32", reason="which has other rights")
def test_a_new_store_is_its_owners_alone_and_one_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite3"
    for rights in (0o600, 0o640):
        database = Database(f"sqlite:///{path}")
        migrate.upgrade(database)
        files = sorted(path.parent.glob("store.sqlite3*"))
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {rights}
        database.close()
        path.chmod(0o640)


@pytest.fixture
def read_only(database: Database) -> Iterator[Database]:
    """A read-only store: a server that has become a standby, or a file without write permission."""
    url = database.url if database.embedded else database.url.update_query_dict({"options": _COPY})
    other = Database(url.render_as_string(hide_password=False))
    if other.embedded:
        other.close()
        event.listen(other.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    yield other
    other.close()


def test_a_store_that_can_only_be_read_tells_that_it_records_nothing(database: Database, read_only: Database) -> None:
    database.check_recording()
    with pytest.raises((StoreError, SQLAlchemyError)) as told:
        read_only.check_recording()
    trouble = told.value if isinstance(told.value, StoreError) else store_trouble(told.value)
    assert "hanya dapat dibaca" in str(trouble)


def test_a_store_without_room_tells_that_it_records_nothing_until_there_is_some(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(migrated_file, tmp_path / "store.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=ROOM_BYTES - 1))
        with pytest.raises(StoreError, match="penuh"):
            database.check_recording()
    database.check_recording()
    database.close()


def test_a_store_in_which_another_process_writes_records(tmp_path: Path, migrated_file: Path) -> None:
    shutil.copy(migrated_file, tmp_path / "store.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        database.check_recording()
        assert time.monotonic() - began < BUSY_MILLISECONDS / 1000 / 2
    with database.reading() as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == BUSY_MILLISECONDS
    database.close()
