"""Subject access, erasure and retention on the command line."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.router import Router
from serve.errors import OrderError, StoreError
from serve.store import decisions, intake
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.history import Action
from serve.store.intake import Arrival
from serve.store.orders import Order
from serve.store.suggester import Suggester
from tests.serve.store.acts import NOW

pytestmark = pytest.mark.slow
PHONE = "081234567890"


@pytest.fixture
def store(tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with one complaint, in the working folder, so that files can be named relative to it."""
    monkeypatch.chdir(tmp_path)
    assert _run("sqlite:///s.sqlite3", "db", "upgrade").exit_code == 0
    database = Database("sqlite:///s.sqlite3")
    suggester = Suggester(router, WorkingCalendar())
    with database.writing() as session:
        arrival = Arrival(Complaint("Lampu jalan mati di Cibitung"), "web", reporter_contact=PHONE)
        intake.receive(session, suggester, arrival, by="loket", now=NOW)
    database.close()
    return "sqlite:///s.sqlite3"


def _run(url: str, *arguments: str, stdin: str = "") -> Result:
    app = assemble()
    return CliRunner().invoke(app, [*arguments, "--database", url], input=stdin, catch_exceptions=False)


def test_a_person_is_shown_handed_out_and_erased(store: str, tmp_path: Path) -> None:
    shown = _run(store, "subject", "show", "-", stdin="+62 812-3456-7890\n").output
    assert "sender" in shown
    assert "Lampu" not in shown
    _run(store, "subject", "export", PHONE, "orang.jsonl")
    given = json.loads((tmp_path / "orang.jsonl").read_text())
    assert given["complaint"]["text"] == "Lampu jalan mati di Cibitung"
    assert (tmp_path / "orang.jsonl").stat().st_mode & 0o077 == 0
    with pytest.raises(OrderError, match="exists"):
        _run(store, "subject", "export", PHONE, "orang.jsonl")
    assert _run(store, "subject", "erase", PHONE, stdin="n\n").exit_code == 1
    assert "1 complaint(s) came from the person" in _run(store, "subject", "show", PHONE).output
    assert _run(store, "subject", "erase", PHONE, "--yes").exit_code == 0
    assert "0 complaint(s) came from the person" in _run(store, "subject", "show", PHONE).output
    nothing = _run(store, "subject", "erase", PHONE)
    assert (nothing.exit_code, "for good" in nothing.output) == (0, False)
    assert "The store matches the record" in _run(store, "db", "check").output
    assert b"Lampu jalan" not in b"".join(path.read_bytes() for path in tmp_path.glob("s.sqlite3*"))


@pytest.mark.parametrize(("given", "is_told"), [("Budi", True), ("Budi Santoso", True), ("081111111111", False)])
def test_who_is_looked_for_by_name_is_told_that_a_name_finds_nobody(store: str, given: str, is_told: bool) -> None:
    for command in ("show", "erase"):
        said = _run(store, "subject", command, given)
        assert said.exit_code == 0
        assert "0 complaint(s) came from the person" in said.output
        assert ("A name alone finds nobody" in said.output) == is_told


def test_the_day_that_is_shown_is_the_region_s(store: str, router: Router) -> None:
    database = Database(store)
    with database.writing() as session:
        evening = dt.datetime(2026, 1, 31, 20, tzinfo=dt.UTC)
        arrival = Arrival(Complaint("Sampah menumpuk"), "web", reporter_contact=PHONE, received_at=evening)
        intake.receive(session, Suggester(router, WorkingCalendar()), arrival, by="loket", now=NOW)
    database.close()
    assert "2026-02-01" in _run(store, "subject", "show", PHONE).output


def test_what_a_person_is_handed_is_written_whole_or_not_at_all(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str, **_: object) -> None:
        path.write_bytes(content.encode()[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space left"):
            _run(store, "subject", "export", PHONE, "orang.jsonl")
    assert not list(tmp_path.glob("*orang*"))
    assert "0 complaint(s) came" in _run(store, "subject", "export", "0899999999", "lain.jsonl").output
    assert not (tmp_path / "lain.jsonl").exists()
    assert _run(store, "subject", "export", PHONE, "orang.jsonl").exit_code == 0


def test_an_erasure_that_cannot_reach_all_files_erases_nothing(store: str, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id,text\n1,Lampu jalan mati\n")
    for named in ("other.csv", "mistyped.parquet"):
        with pytest.raises(DataError, match=named):
            _run(store, "subject", "erase", PHONE, "--yes", "--export", named)
        with pytest.raises(DataError, match=named):
            _run(store, "purge", "--older-than", "2y", "--export", named)
    assert "1 complaint(s) came from the person" in _run(store, "subject", "show", PHONE).output


def test_an_interrupted_erasure_is_finished_by_the_same_command(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(store, "export-training", "t.parquet", "--undecided", "u.parquet")
    monkeypatch.setattr("serve.store.database.BUSY_MILLISECONDS", 50)
    erase = ("subject", "erase", PHONE, "--yes", "--export", "u.parquet")
    with closing(sqlite3.connect("s.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM complaints").fetchone()
        with pytest.raises(StoreError, match="the database's files still contain it: another process is reading them"):
            _run(store, *erase)
        assert b"Lampu jalan" in b"".join(path.read_bytes() for path in tmp_path.glob("s.sqlite3*"))
    assert pq.read_table(tmp_path / "u.parquet").num_rows == 0
    assert _run(store, *erase).exit_code == 0
    assert b"Lampu jalan" not in b"".join(path.read_bytes() for path in tmp_path.glob("s.sqlite3*"))


def test_a_clock_that_may_run_ahead_erases_nothing(store: str, monkeypatch: pytest.MonkeyPatch, router: Router) -> None:
    database = Database(store)
    with database.writing() as session:
        order, suggester = Order(Action.NOT_COMPLAINT, why="salah kirim"), Suggester(router, WorkingCalendar())
        decisions.decide(session, suggester, 1, order, by="ani", now=NOW, expected_version=1)
    database.close()
    monkeypatch.setattr("serve.cli.subject.now", lambda: NOW + dt.timedelta(days=800))
    with pytest.raises(StoreError, match=r"since 2026-03-02.*clock says 2028-05-10.*--clock-is-right"):
        _run(store, "purge", "--older-than", "2y")
    assert "1 settled complaint(s) would lose" in _run(store, "purge", "--older-than", "2y", "--dry-run").output
    assert "1 settled complaint(s) lost" in _run(store, "purge", "--older-than", "2y", "--clock-is-right").output


def test_a_time_limit_that_is_none_is_refused_and_a_dry_run_erases_nothing(store: str) -> None:
    for age in ("0d", "730", "-1d", "2 tahun"):
        with pytest.raises(OrderError, match="--older-than as 730d"):
            _run(store, "purge", f"--older-than={age}")
    assert "0 settled" in _run(store, "purge", "--older-than", "1d", "--dry-run").output
    assert "0 settled" in _run(store, "purge", "--older-than", "1d").output
