"""Backups of the store: complete, verified and atomic."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from serve.errors import StoreError
from serve.store import audit, backup, migrate, queue
from serve.store.database import Database
from serve.store.history import Action
from serve.store.queue import Filter
from serve.store.suggester import Suggester
from tests.full_disk import files_no_larger_than
from tests.serve.store.acts import Act


@pytest.fixture
def store(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """An embedded (SQLite) store, whichever database the folder's other tests use."""
    shutil.copy(migrated_file, tmp_path / "store.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def desk(store: Database, suggester: Suggester) -> Act:
    return Act(store, suggester)


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


def _numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(row.complaint.id for row in queue.page(session, Filter(status=None), size=500).rows)


def _left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".") or "-wal" in path.name)


def test_a_restored_copy_is_the_store_with_its_record_and_its_search(desk: Act, tmp_path: Path) -> None:
    lamp = desk.receive()
    desk.order(lamp, Action.FORWARD, agencies=("dishub",))
    copy = backup.back_up(desk.database, tmp_path / "copy" / "day.sqlite3")
    assert (copy.complaints, copy.decisions) == (1, 2)
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["day.sqlite3"]  # a backup is a single file
    assert (tmp_path / "copy" / "day.sqlite3").stat().st_mode & 0o077 == 0
    assert backup.restore(tmp_path / "copy" / "day.sqlite3", _url(tmp_path / "new.sqlite3")) == copy
    restored = Database(_url(tmp_path / "new.sqlite3"))
    with restored.reading() as session, desk.database.reading() as original:
        assert list(audit.export(session)) == list(audit.export(original))
        assert [row.complaint.id for row in queue.page(session, Filter(status=None, words="lampu")).rows] == [lamp]
    restored.close()


@pytest.mark.slow
@pytest.mark.faults
def test_a_copy_made_while_others_write_holds_all_that_was_accepted_before(desk: Act, tmp_path: Path) -> None:
    accepted: list[int] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            accepted.append(desk.receive())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            before = list(accepted)
            backup.back_up(desk.database, tmp_path / f"{number}.sqlite3")
            copy = Database(_url(tmp_path / f"{number}.sqlite3"))
            assert set(before) <= set(_numbers(copy))
            copy.close()
    finally:
        stop.set()
        writer.join()
    assert accepted


def test_nothing_is_overwritten_unless_that_is_said(desk: Act, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"
    file.write_text("something of mine")
    with pytest.raises(StoreError, match="exists"):
        backup.back_up(desk.database, file)
    assert file.read_text() == "something of mine"
    backup.back_up(desk.database, file, force=True)
    with pytest.raises(StoreError, match="exists"):
        backup.restore(file, str(desk.database.url))


def test_a_copy_never_takes_the_place_of_the_store_itself(desk: Act, tmp_path: Path) -> None:
    desk.receive()
    (tmp_path / "link.sqlite3").symlink_to(tmp_path / "store.sqlite3")
    before = (tmp_path / "store.sqlite3").stat().st_ino
    for name in ("store.sqlite3", "link.sqlite3"):
        with pytest.raises(StoreError, match="the store itself"):
            backup.back_up(desk.database, tmp_path / name, force=True)
    assert (tmp_path / "store.sqlite3").stat().st_ino == before


@pytest.mark.slow
@pytest.mark.faults
def test_a_store_in_use_is_not_replaced_and_an_unused_one_is(desk: Act, tmp_path: Path) -> None:
    backup.back_up(desk.database, tmp_path / "copy.sqlite3")
    later = desk.receive()
    url = str(desk.database.url)
    with pytest.raises(StoreError, match="in use"):
        backup.restore(tmp_path / "copy.sqlite3", url, force=True)
    assert _numbers(desk.database) == [later]
    desk.database.close()
    backup.restore(tmp_path / "copy.sqlite3", url, force=True)
    assert _numbers(desk.database) == []
    desk.database.close()
    assert _left_over(tmp_path) == []


def test_what_a_killed_command_left_goes_with_the_next_copy_whatever_its_name(
    desk: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    left: list[Path] = []

    def killed_here(unfinished: Path, named: Path | None = None) -> backup.Copy:
        left.extend(Path(shutil.copy(unfinished, f"{unfinished}{end}")) for end in ("x", "x-wal", "y"))
        return proved(unfinished, named)

    proved = backup._proved
    monkeypatch.setattr(backup, "_proved", killed_here)
    backup.back_up(desk.database, folder / "monday.sqlite3")
    monkeypatch.undo()
    *old, young = left  # the young one may still be written by another command
    for path in (*old, folder / "monday.sqlite3"):
        os.utime(path, (0, 0))
    backup.back_up(desk.database, folder / "tuesday.sqlite3")
    assert sorted(path.name for path in folder.iterdir()) == [young.name, "monday.sqlite3", "tuesday.sqlite3"]


def _flip_a_page(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    copy.write_bytes(content)


def _cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-8192])


def _lie(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE complaints SET status = 'selesai'")


def _from_the_future(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _something_else(copy: Path) -> None:
    copy.write_text("id,isi\n1,jalan rusak\n")


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("damage", [_flip_a_page, _cut, _lie, _from_the_future, _something_else])
def test_a_damaged_copy_is_refused_and_the_store_stays(damage: object, desk: Act, tmp_path: Path) -> None:
    for _ in range(3):
        desk.receive()
    backup.back_up(desk.database, tmp_path / "copy.sqlite3")
    damage(tmp_path / "copy.sqlite3")  # type: ignore[operator]
    url = str(desk.database.url)
    desk.database.close()
    before = (tmp_path / "store.sqlite3").read_bytes()
    with pytest.raises(StoreError):
        backup.restore(tmp_path / "copy.sqlite3", url, force=True)
    assert (tmp_path / "store.sqlite3").read_bytes() == before
    assert _left_over(tmp_path) == []


def test_what_a_deleted_store_left_beside_it_does_not_get_into_the_copy(desk: Act, tmp_path: Path) -> None:
    desk.receive()
    backup.back_up(desk.database, tmp_path / "copy.sqlite3")
    store, log = tmp_path / "store.sqlite3", tmp_path / "store.sqlite3-wal"
    with desk.database.writing() as session:
        session.execute(text("UPDATE complaints SET text = 'ditulis sesudah salinan'"))
    left = log.read_bytes()
    desk.database.close()
    store.unlink()
    log.write_bytes(left)  # as left by a killed server
    backup.restore(tmp_path / "copy.sqlite3", str(desk.database.url))
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT text FROM complaints").fetchone() != ("ditulis sesudah salinan",)


@pytest.mark.slow
@pytest.mark.faults
def test_a_damaged_store_can_be_replaced(desk: Act, tmp_path: Path) -> None:
    number = desk.receive()
    backup.back_up(desk.database, tmp_path / "copy.sqlite3")
    url = str(desk.database.url)
    desk.database.close()
    (tmp_path / "store.sqlite3").write_bytes(b"\x00" * 100_000)
    backup.restore(tmp_path / "copy.sqlite3", url, force=True)
    assert _numbers(desk.database) == [number]


@pytest.mark.slow
@pytest.mark.faults
def test_a_copy_of_every_earlier_schema_can_be_restored(desk: Act, tmp_path: Path) -> None:
    number = desk.receive()
    for revision in migrate.revisions()[:-1]:
        copy = tmp_path / f"{revision}.sqlite3"
        backup.back_up(desk.database, copy)
        older = Database(_url(copy))
        migrate.downgrade(older, revision)
        older.close()
        backup.restore(copy, _url(tmp_path / f"restored-{revision}.sqlite3"))
        restored = Database(_url(tmp_path / f"restored-{revision}.sqlite3"))
        assert migrate.current(restored) == migrate.newest()
        assert _numbers(restored) == [number]
        restored.close()


@pytest.mark.slow
@pytest.mark.faults
def test_a_full_disk_leaves_the_copy_that_was_there(desk: Act, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"
    backup.back_up(desk.database, file)
    before = file.read_bytes()
    with files_no_larger_than(40_000), pytest.raises(StoreError, match="cannot be written"):
        backup.back_up(desk.database, file, force=True)
    assert file.read_bytes() == before
    assert _left_over(tmp_path) in ([], ["store.sqlite3-wal"])


@pytest.mark.slow
@pytest.mark.postgres
def test_a_store_on_a_server_is_told_its_own_way(postgres_server: str, tmp_path: Path) -> None:
    database = Database(f"{postgres_server}/migrated")
    with pytest.raises(StoreError, match="pg_dump"):
        backup.back_up(database, tmp_path / "copy")
    with pytest.raises(StoreError, match="pg_restore"):
        backup.restore(tmp_path / "copy", str(database.url))
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    database.close()
