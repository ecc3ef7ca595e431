"""The administrator's commands on the store."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select, text, true
from typer.testing import CliRunner, Result

from pipeline.cli.main import _assemble
from pipeline.errors import DataError
from pipeline.router import Router
from serve.cli.store import settings_with, tell_unknown
from serve.errors import OrderError, SettingsError, StoreError, StoreUnavailableError
from serve.origin import authority
from serve.store import accounts, demo, keys, models, queue
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.history import Status
from serve.store.queue import Filter
from serve.store.suggester import Suggester

PASSWORD = "empat kata yang acak"  # noqa: S105
Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new' / 'store.sqlite3'}"


@pytest.fixture
def run(url: str) -> Run:
    app = _assemble()

    def run_command(*arguments: str, stdin: str = "", exits: int = 0) -> Result:
        result = CliRunner().invoke(app, [*arguments, "--database", url], input=stdin, catch_exceptions=False)
        assert result.exit_code == exits, result.output
        return result

    return run_command


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


def test_a_file_is_imported_once_however_often_it_is_given(
    run: Run, url: str, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "aduan.csv"
    file.write_text(
        "id,tanggal,isi\n"
        "1,31/12/2025 08.15,Lampu jalan di Desa Sukadami mati total\n"
        ",2025-12-30,Sampah menumpuk bau sekali di Tambun Selatan\n"
        "3,2025-12-30,\n"
        "1,2025-12-30,Teks lain dengan nomor yang sama\n",
        encoding="utf-8",
    )
    first = run("import", str(file), "--channel", "sp4n-lapor", "--json", exits=3)
    counted = json.loads(first.stdout)
    assert (counted["new"], counted["known"], [row["row"] for row in counted["refused"]]) == (2, 0, [4, 5])
    assert first.stderr.startswith("2 new complaint(s); 0 already existed")  # no blank line of the progress display
    assert "row 4: the text is empty" in first.output
    assert "row 5:" in first.output
    assert "2 already existed" in run("import", str(file), "--channel", "sp4n-lapor", exits=3).output
    with Database(url).reading() as session:
        rows = queue.page(session, Filter(status=Status.PERLU_VERIFIKASI)).rows
    received = {row.complaint.sender_id: row.complaint.received_at.isoformat() for row in rows}
    assert received["1"] == "2025-12-31T01:15:00+00:00"
    assert "aduan.csv#3" in received


def test_an_import_suggests_by_the_model_that_the_service_has(
    run: Run, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[object, ...]] = []

    def load(*given: object) -> Router:
        loaded.append(given)
        return router

    monkeypatch.setattr(Router, "load", load)
    monkeypatch.setenv("DISPOSISI_MODEL", "/srv/models")
    monkeypatch.setenv("DISPOSISI_REGION", "regions/35.78")
    (tmp_path / "aduan.csv").write_text("isi\nLampu jalan mati total\n", encoding="utf-8")
    run("import", str(tmp_path / "aduan.csv"))
    run("import", str(tmp_path / "aduan.csv"), "--model", "other", "--region", "kab_bekasi")
    assert loaded == [(Path("/srv/models"), "regions/35.78"), (Path("other"), "kab_bekasi")]


def test_complaints_of_several_sheets_are_told_apart_where_they_have_no_numbers(
    run: Run, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    with xlsxwriter.Workbook(tmp_path / "aduan.xlsx") as book:
        for month, told in (("Januari", "Lampu jalan mati total"), ("Februari", "Sampah menumpuk bau sekali")):
            book.add_worksheet(month).write_column(0, 0, ["isi", told])
    for new, known in ((2, 0), (0, 2)):
        counted = json.loads(run("import", str(tmp_path / "aduan.xlsx"), "--channel", "loket", "--json").stdout)
        assert (counted["new"], counted["known"], counted["refused"]) == (new, known, [])


def test_a_row_whose_date_cannot_be_read_is_refused_and_not_taken_for_one_of_today(
    run: Run, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "aduan.csv"
    file.write_text("tanggal,isi\n2/13/2025,Lampu jalan mati total\n,Sampah menumpuk bau sekali\n", encoding="utf-8")
    counted = json.loads(run("import", str(file), "--json", exits=3).stdout)
    assert (counted["new"], [row["row"] for row in counted["refused"]]) == (1, [2])
    assert "write it as 2025-12-31" in counted["refused"][0]["reason"]


def test_running_numbers_that_begin_again_are_no_identifiers(
    run: Run, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    months = (("Januari", "Lampu jalan mati total"), ("Februari", "Sampah menumpuk bau sekali"))
    with xlsxwriter.Workbook(tmp_path / "rekap.xlsx") as book:
        for month, told in months:
            sheet = book.add_worksheet(month)
            sheet.write_row(0, 0, ["No", "Isi Aduan"])
            sheet.write_row(1, 0, [1, told])
    arguments = ("import", str(tmp_path / "rekap.xlsx"), "--json")
    for new, known in ((2, 0), (0, 2)):
        counted = json.loads(run(*arguments).stdout)
        assert (counted["new"], counted["known"], counted["refused"]) == (new, known, [])
    (refused,) = json.loads(run(*arguments, "--id", "No", exits=3).stdout)["refused"]
    assert refused["reason"].startswith("The identifier '1' of channel impor belongs to another complaint (number 1).")


def test_secret_complaints_of_a_file_are_secret_in_the_store(
    run: Run, url: str, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "aduan.csv"
    told = {"1": "Ya", "2": "tidak", "3": "", "4": "1", "5": "RAHASIA", "6": "0", "7": "mungkin"}
    rows = "".join(f"{number},Lampu jalan mati total {number},{cell}\n" for number, cell in told.items())
    file.write_text(f"id,isi,Rahasia\n{rows}", encoding="utf-8")
    (refused,) = json.loads(run("import", str(file), "--json", exits=3).stdout)["refused"]
    assert (refused["row"], "secret" in refused["reason"]) == (8, True)
    with Database(url).reading() as session:
        stored = session.scalars(select(models.Complaint).where(models.Complaint.secret == true())).all()
    assert {complaint.sender_id for complaint in stored} == {"1", "4", "5"}


def test_what_lapor_calls_rahasia_is_secret_whether_anonymous_or_not(
    run: Run, url: str, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "lapor.csv"
    told = {"1": "Rahasia", "2": "Anonim", "3": "-", "4": "Anonim, Rahasia", "5": "Rahasia & Anonim", "6": "Terbatas"}
    rows = "".join(f"{number};lampu jalan mati total {number};{cell}\n" for number, cell in told.items())
    file.write_text(f"Tracking ID;Isi Laporan Awal;Tipe Laporan (Anonim/Rahasia)\n{rows}", encoding="utf-8")
    (refused,) = json.loads(run("import", str(file), "--json", exits=3).stdout)["refused"]
    assert (refused["row"], "secret" in refused["reason"]) == (7, True)
    with Database(url).reading() as session:
        stored = session.scalars(select(models.Complaint).where(models.Complaint.secret == true())).all()
    assert {complaint.sender_id for complaint in stored} == {"1", "4", "5"}


def test_a_complaint_is_not_secret_where_lapor_calls_it_normal_and_an_unknown_word_is_told_with_its_column(
    run: Run, url: str, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "lapor.csv"
    told = ["Normal", "PUBLIK", "terbuka", "Tidak", "Tidak Anonim", "Tidak Rahasia", "Terbatas", "Pak RT tahu"]
    rows = "".join(f"{i};lampu jalan mati total {i};{cell}\n" for i, cell in enumerate(told, 1))
    file.write_text(f"Tracking ID;Isi Laporan Awal;Tipe Laporan (Anonim/Rahasia)\n{rows}", encoding="utf-8")
    refused = json.loads(run("import", str(file), "--json", exits=3).stdout)["refused"]
    where = "it is unclear whether it is secret: the column 'Tipe Laporan (Anonim/Rahasia)' says"
    assert [(row["row"], row["reason"]) for row in refused] == [
        (8, f"{where} 'terbatas'; write ya or tidak"),
        (9, f"{where} neither; write ya or tidak"),
    ]
    with Database(url).reading() as session:
        assert not any(session.scalars(select(models.Complaint.secret)))


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
    app = _assemble()
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
            CliRunner().invoke(_assemble(), ["serve", "--port", port, "--model", "nowhere"], catch_exceptions=False)


def test_an_address_of_another_machine_is_not_told_to_be_a_taken_port() -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1: .*--host") as told:
        CliRunner().invoke(_assemble(), ["serve", "--host", "192.0.2.1", "--port", "8000"], catch_exceptions=False)
    assert "another Disposisi" not in str(told.value)


def test_the_address_of_a_server_is_one_that_a_browser_takes() -> None:
    assert (authority("localhost", 8000), authority("fe80::1", 8000)) == ("localhost:8000", "[fe80::1]:8000")


@pytest.mark.parametrize("name", ["MAX_REQUESTS", "MAX_BODY_BYTES", "BODY_SECONDS"])
def test_a_limit_under_which_nothing_could_be_answered_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DISPOSISI_{name}", "0")
    with pytest.raises(SettingsError, match=f"DISPOSISI_{name}: .*greater than 0"):
        settings_with(None)


@pytest.mark.parametrize("name", ["WORKERS", "MAX_BODY_BYTES", "MAX_LISTENERS", "BODY_SECONDS"])
def test_a_setting_is_a_number_as_people_write_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DISPOSISI_{name}", "1_0")
    with pytest.raises(SettingsError, match=f"DISPOSISI_{name}: .*digits"):
        settings_with(None)
    monkeypatch.setenv(f"DISPOSISI_{name}", "10")
    assert getattr(settings_with(None), name.lower()) == 10


@pytest.mark.parametrize("seconds", ["inf", "nan"])
def test_a_body_cannot_be_waited_for_without_end(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_BODY_SECONDS", seconds)
    with pytest.raises(SettingsError, match=r"DISPOSISI_BODY_SECONDS: .*finite"):
        settings_with(None)


def test_a_setting_that_cannot_be_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", "https://lapor.example.go.id lapor.example.go.id/")
    with pytest.raises(SettingsError, match=r"DISPOSISI_ALLOWED_ORIGINS: 'lapor.example.go.id/' is not an origin"):
        settings_with(f"sqlite:///{tmp_path}/s")
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", " https://lapor.example.go.id  http://127.0.0.1:9 ")
    assert settings_with(None).allowed_origins == ("https://lapor.example.go.id", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    "origin",
    ["https://", "https://petugas@lapor.example.go.id", "https://Lapor.example.go.id", "https://lapor.example.go.id:443",
     "http://127.0.0.1:80", "https://lapor.example.go.id:", "https://lapor.example.go.id:99999", "https://[lapor"],
)  # fmt: skip
def test_an_origin_that_no_browser_sends_is_refused(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", origin)
    with pytest.raises(SettingsError, match="is not an origin that a browser sends"):
        settings_with(None)


def test_a_mistyped_setting_is_told_once_and_a_known_one_is_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_unknown.cache_clear()
    for name in ("DATABASE", "TRUSTED_KEYS", "WORKERS", "DEBUG"):
        monkeypatch.setenv(f"DISPOSISI_{name}", "1")
    told = run("db", "upgrade").stderr + run("user", "list").stderr
    assert told.count("is not a setting") == told.count("DISPOSISI_DATABASE is not a setting") == 1


@pytest.mark.parametrize("name", ["Asia/Bekasi", "../etc/passwd", "Asia", ""])
def test_a_time_zone_that_is_none_is_told_in_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_TIMEZONE", name)
    with pytest.raises(SettingsError, match=rf"DISPOSISI_TIMEZONE: '{name}' is not a time zone.*Asia/Jakarta"):
        settings_with(None)
