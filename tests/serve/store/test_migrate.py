"""Migrations up and down, with data in the tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from serve.errors import StoreError
from serve.store import audit, decisions, migrate, queue
from serve.store.database import Database
from serve.store.history import Action
from serve.store.models import Base
from serve.store.queue import Filter
from serve.store.suggester import Suggester
from tests.serve.store.acts import Act


def test_data_survives_the_way_back_and_forward(empty_url: str, suggester: Suggester) -> None:
    database = Database(empty_url)
    migrate.upgrade(database)
    act = Act(database, suggester)
    complaint = act.receive()
    act.order(complaint, Action.FORWARD, agencies=("dishub",))
    migrate.downgrade(database, "0001")
    assert migrate.current(database) == "0001"
    # Data written by the older version is found and protected after the upgrade, too.
    later = act.receive("Sampah menumpuk di Tambun Selatan")
    migrate.upgrade(database)
    with database.reading() as session:
        for number, words in ((complaint, "lampu"), (later, "sampah")):
            found = queue.page(session, Filter(status=None, words=words))
            assert [row.complaint.id for row in found.rows] == [number]
        assert list(audit.doubts(session)) == []
        assert decisions.load(session, complaint).agencies == ["dishub"]
    migrate.downgrade(database, "base")
    assert migrate.current(database) is None
    database.close()


def test_the_tables_are_what_the_models_say(database: Database) -> None:
    def is_ours(_: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
        # Written by hand in 0002, as they differ between databases.
        by_hand = {"ix_complaints_search"} if kind == "index" else {"search"} if kind == "column" else set()
        return not (reflected and ((name or "").startswith("complaints_fts") or name in by_hand))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    database = Database(empty_url)
    migrate.upgrade(database)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for change in (migrate.ensure_current, migrate.upgrade):
        with pytest.raises(StoreError, match=f"newer.*db downgrade {migrate.newest()}"):
            change(database)
    database.close()


def test_a_file_of_something_else_gets_no_tables(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE aduan (isi TEXT)"))
    with pytest.raises(StoreError, match="is not a Disposisi database"):
        migrate.ensure_current(database)
    assert inspect(database.engine).get_table_names() == ["aduan"]
    database.close()


def test_an_older_database_on_a_server_is_not_changed_at_start(empty_url: str) -> None:
    database = Database(empty_url)
    migrate.upgrade(database, "0001")
    if database.embedded:
        migrate.ensure_current(database)
        assert migrate.current(database) == migrate.newest()
    else:
        with pytest.raises(StoreError, match="disposisi db upgrade"):
            migrate.ensure_current(database)
    database.close()


@pytest.mark.slow
def test_several_processes_that_find_it_empty_make_the_tables_once(empty_url: str) -> None:
    opens = (
        "import sys; from serve.store.database import Database; from serve.store.migrate import ensure_current; "
        "ensure_current(Database(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", opens, empty_url]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    database = Database(empty_url)
    assert migrate.current(database) == migrate.newest()
    database.close()


def test_a_migration_that_fails_half_way_changes_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE users (name TEXT)"))
    with pytest.raises(DatabaseError):
        migrate.upgrade(database)
    assert inspect(database.engine).get_table_names() == ["users"]
    with pytest.raises(StoreError, match="schema"):
        migrate.upgrade(database, "0815")
    assert migrate.current(database) is None
    database.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x/y", "not supported"),
        ("nonsense", "no database URL"),
        ("postgresql://nobody@127.0.0.1:9/none", "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        Database(url)
