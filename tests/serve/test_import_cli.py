"""``disposisi import``: files of complaints on their way into the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select, true

from pipeline.router import Router
from serve.store import models, queue
from serve.store.database import Database
from serve.store.history import Status
from serve.store.queue import Filter
from tests.serve.conftest import Run


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
    told = {"1": "Rahasia", "2": "Anonim", "3": "-", "4": "Anonim, Rahasia", "5": "Rahasia  & Anonim"}
    told |= {"6": f"Terbatas{' ' * 20_000}sekali"}  # trying every way to divide the blanks would take days
    rows = "".join(f"{number};lampu jalan mati total {number};{cell}\n" for number, cell in told.items())
    file.write_text(f"Tracking ID;Isi Laporan Awal;Tipe Laporan (Anonim/Rahasia)\n{rows}", encoding="utf-8")
    (refused,) = json.loads(run("import", str(file), "--json", exits=3).stdout)["refused"]
    assert (refused["row"], "secret" in refused["reason"]) == (7, True)
    with Database(url).reading() as session:
        stored = session.scalars(select(models.Complaint).where(models.Complaint.secret == true())).all()
    assert {complaint.sender_id for complaint in stored} == {"1", "4", "5"}


def test_a_file_that_does_not_say_what_is_secret_is_told_so_until_the_column_is_named(
    run: Run, url: str, tmp_path: Path, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "load", lambda *_: router)
    file = tmp_path / "aduan.csv"
    rows = "1;lampu jalan mati total;Rahasia\n2;sampah menumpuk bau sekali;Biasa\n3;jalan rusak parah;Terbatas\n"
    file.write_text(f"id;isi;Sifat\n{rows}", encoding="utf-8")
    silent = run("import", str(file), "--channel", "loket")
    assert "No column says which complaints are secret (rahasia), so none is. Name it: --secret." in silent.stderr
    told = run("import", str(file), "--channel", "lapor", "--secret", "Sifat", "--json", exits=3)
    assert "No column" not in told.stderr
    counted = json.loads(told.stdout)
    assert (counted["new"], counted["secrecy_told"]) == (2, True)
    assert "the column 'Sifat' says 'terbatas'" in counted["refused"][0]["reason"]
    with Database(url).reading() as session:
        stored = session.scalars(select(models.Complaint).where(models.Complaint.secret == true())).all()
    assert [(complaint.channel, complaint.sender_id) for complaint in stored] == [("lapor", "1")]


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
