from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from serve.errors import StoreError
from serve.store import migrate
from serve.store.database import Database
from serve.store.trouble import store_trouble


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
