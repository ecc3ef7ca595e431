"""The administrator's commands on the store."""

from __future__ import annotations

import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.errors import DataError
from pipeline.router import Router
from serve.cli.store import tell_unknown
from serve.errors import OrderError, SettingsError, StoreError, StoreUnavailableError
from serve.origin import authority
from serve.store import accounts, demo, keys
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.suggester import Suggester
from tests.serve.conftest import Run

PASSWORD = "empat kata yang acak"  # noqa: S105


def test_people_are_added_listed_given_passwords_and_disabled(run: Run, url: str) -> None:
    run("user", "add", "ani", "--role", "admin", "--full-name", "Ani W.", "--password-stdin", stdin=PASSWORD + "\n")
    run("user", "password", "ani", "--password-stdin", stdin=PASSWORD + "2\n")
    assert "Ani W." in run("user", "list").stdout
    (listed,) = json.loads(run("user", "list", "--json").stdout)
    assert (listed["name"], listed["role"], listed["disabled_at"]) == ("ani", "admin", None)
    run("user", "disable", "ani")
    assert "disabled" in run("user", "list").stdout
    with Database(url).reading() as session:
        assert accounts.accounts_exist(session), "otherwise everybody would have access"
    with pytest.raises(OrderError, match="Kata sandi"):
        run("user", "add", "budi", "--password-stdin", stdin="pendek\n")


def test_a_key_is_printed_once_and_can_be_revoked(run: Run, url: str) -> None:
    key = run("key", "add", "bot", "--scope", "intake", "--scope", "read").stdout.strip()
    assert key.startswith(keys.PREFIX)
    assert key not in run("key", "list").output
    (listed,) = json.loads(run("key", "list", "--json").stdout)
    assert (listed["name"], listed["scopes"], listed["revoked_at"]) == ("bot", ["intake", "read"], None)
    run("key", "revoke", "bot")
    assert "revoked" in run("key", "list").stdout
    with Database(url).reading() as session:
        assert keys.find_key(session, key) is None


def test_brackets_in_a_name_are_no_markup(run: Run, tmp_path: Path) -> None:
    run("user", "add", "ani", "--full-name", "Ani [/dinas]", "--password-stdin", stdin=PASSWORD + "\n")
    assert "Ani [/dinas]" in run("user", "list").stdout
    assert run("key", "add", "bot [/wa]", "--scope", "intake").stdout.startswith(keys.PREFIX)
    assert "bot [/wa]" in run("key", "list").stdout
    assert "Revoked key bot [/wa]" in run("key", "revoke", "bot [/wa]").output
    assert "[b].parquet" in run("export-training", str(tmp_path / "[b].parquet")).output
    with pytest.raises(DataError, match="cannot hold both"):
        run("export-training", str(tmp_path / "a.parquet"), "--undecided", str(tmp_path / "a.parquet"))


def test_the_schema_is_checked_and_moved(run: Run) -> None:
    run("db", "upgrade")
    assert "The store matches the record" in run("db", "check").stdout
    run("db", "downgrade", "0001")
    with pytest.raises(StoreError, match="db upgrade"):
        run("db", "check")
    with pytest.raises(StoreError, match="delete all data"):
        run("db", "downgrade", "base")


@pytest.mark.parametrize(
    "command",
    [
        "export-training decisions.parquet", "backup copy.sqlite3", "subject show 081234567890",
        "subject export 081234567890 data.jsonl", "subject erase 081234567890 --yes", "purge --older-than 2y",
        "db check", "db audit", "db downgrade 0001", "user list", "user disable ani", "key list", "key revoke bot",
    ],
)  # fmt: skip
def test_a_store_that_is_not_there_is_told_and_not_made(
    command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="There is no store"):
        run(*command.split())
    assert list(tmp_path.iterdir()) == []


def test_an_audit_is_replayed_without_a_database(run: Run, url: str, tmp_path: Path, router: Router) -> None:
    run("db", "upgrade")
    database = Database(url)
    assert demo.fill_if_new(database, Suggester(router, WorkingCalendar())) == 60
    assert demo.fill_if_new(database, Suggester(router, WorkingCalendar())) == 0
    record = tmp_path / "record.jsonl"
    record.write_text(run("db", "audit").stdout, encoding="utf-8")
    assert len(json.loads(record.read_text().splitlines()[0])["digest"]) == 64
    app = assemble()
    assert "60  Perlu Verifikasi" in CliRunner().invoke(app, ["db", "replay", str(record)]).stdout
    assert json.loads(CliRunner().invoke(app, ["db", "replay", str(record), "--json"]).stdout) == {
        "Perlu Verifikasi": 60
    }
    assert json.loads(run("db", "check", "--json").stdout)["doubts"] == []
    copied = run("backup", str(tmp_path / "copy.sqlite3"), "--json").stdout
    assert (json.loads(copied)["complaints"], json.loads(copied)["decisions"]) == (60, 60)
    back = ["restore", str(tmp_path / "copy.sqlite3"), "--database", f"sqlite:///{tmp_path / 'back.sqlite3'}"]
    assert json.loads(CliRunner().invoke(app, [*back, "--json"]).stdout) == json.loads(copied)
    assert "60 complaint(s) and 60 entries" in CliRunner().invoke(app, [*back, "--overwrite"]).output
    assert json.loads(run("purge", "--older-than", "2y", "--dry-run", "--json").stdout) == {
        "complaints": [],
        "erased": False,
    }
    assert json.loads(run("subject", "show", "081234567890", "--json").stdout) == []
    exported = json.loads(run("export-training", str(tmp_path / "decisions.parquet"), "--json").stdout)
    assert (exported["rows"], exported["undecided"]) == (0, 60)
    with pytest.raises(DataError):
        CliRunner().invoke(app, ["db", "replay", str(Path(__file__))], catch_exceptions=False)
    with database.writing() as session:
        session.execute(text("UPDATE complaints SET status = 'selesai' WHERE id = 7"))
    with pytest.raises(StoreError, match=r"1 mismatch\(es\)"):
        run("db", "check")
    doubted = CliRunner().invoke(app, ["db", "check", "--json", "--database", url])
    assert [doubt["complaint"] for doubt in json.loads(doubted.stdout)["doubts"]] == [7]


def test_a_store_that_another_process_holds_is_told(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    monkeypatch.setattr("serve.store.database.BUSY_MILLISECONDS", 50)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailableError, match="dikunci") as told:
            run("key", "add", "bot", "--scope", "read")
    assert told.value.english == "Another process has locked the database. Try again in a few seconds."


def test_a_store_that_is_damaged_or_none_is_told(run: Run, url: str) -> None:
    run("db", "upgrade")
    file = Path(url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    for content, says in (
        (whole[:4096] + b"\xff" * len(whole), "restore COPY"),
        (b"isi,dinas\n" * 500, "not a database"),
    ):
        file.write_bytes(content)
        for command in (("db", "check"), ("user", "list")):
            with pytest.raises(StoreError, match=says):
                run(*command)


def test_a_taken_port_is_told_before_anything_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SettingsError, match=rf"port {port} .*--port 8001"):
            CliRunner().invoke(assemble(), ["serve", "--port", port, "--model", "nowhere"], catch_exceptions=False)


def test_an_address_of_another_machine_is_not_told_to_be_a_taken_port() -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1: .*--host") as told:
        CliRunner().invoke(assemble(), ["serve", "--host", "192.0.2.1", "--port", "8000"], catch_exceptions=False)
    assert "another Disposisi" not in str(told.value)


def test_the_address_of_a_server_is_one_that_a_browser_takes() -> None:
    assert (authority("localhost", 8000), authority("fe80::1", 8000)) == ("localhost:8000", "[fe80::1]:8000")


def test_a_mistyped_setting_is_told_once_and_a_known_one_is_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_unknown.cache_clear()
    for name in ("DATABASE", "TRUSTED_KEYS", "WORKERS", "DEBUG"):
        monkeypatch.setenv(f"DISPOSISI_{name}", "1")
    told = run("db", "upgrade").stderr + run("user", "list").stderr
    assert told.count("is not a setting") == told.count("DISPOSISI_DATABASE is not a setting") == 1
