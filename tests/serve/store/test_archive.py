"""Import of complaints that have already been handled."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from pipeline.batch import Columns
from pipeline.complaint import Level
from serve import live
from serve.store import audit, messages, models, queue, record, training_export
from serve.store.agreement import agreement
from serve.store.database import Database
from serve.store.history import Status
from serve.store.importing import ImportReport, import_file
from serve.store.queue import Filter
from serve.store.statistics import Period, overview
from serve.store.suggester import Suggester

HEADER = "Tracking ID,Isi Laporan,Tanggal Laporan,Instansi Terdisposisi,Status,Tanggal Selesai\n"
FIRE = "Tolong ada kebakaran rumah dan api membesar ada orang terjebak"


def imported(database: Database, suggester: Suggester, tmp_path: Path, rows: str) -> ImportReport:
    file = tmp_path / "arsip.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return import_file(database, suggester, file, Columns(), "sp4n-lapor", lambda _: None)


def test_what_an_archive_tells_to_be_settled_stands_in_the_record_and_never_in_the_queue(
    database: Database, suggester: Suggester, tmp_path: Path
) -> None:
    now = dt.datetime.now(tz=dt.UTC)
    rows = (
        "1,Lampu jalan di Desa Sukadami mati total,03/03/2025 08.15,Dinas Perhubungan,Selesai,10/03/2025\n"
        "2,Lampu jalan mati lagi,04/03/2025,dishub,Closed,04/03/2025 09:00\n"
        "3,Jalan rusak parah,05/03/2025,DSDABMBK,Sedang diproses,01/01/0001 00:00:00\n"
        "4,Listrik padam sejak pagi,06/03/2025,PLN,Luar Kewenangan,07/03/2025\n"
        "5,Selamat pagi admin,06/03/2025,,Bukan Aduan,07/03/2025\n"
        "6,Sampah menumpuk bau sekali,06/03/2025,,Perlu Verifikasi,-\n"
        f"7,{FIRE},{now - dt.timedelta(minutes=50):%Y-%m-%dT%H:%M:%SZ},damkar,SELESAI,{now:%Y-%m-%dT%H:%M:%SZ}\n"
    )
    report = imported(database, suggester, tmp_path, rows)
    assert (report.new, report.handled, report.known, report.refused) == (7, 6, 0, [])
    again = imported(database, suggester, tmp_path, rows)
    assert (again.new, again.handled, again.known, again.refused) == (0, 0, 7, [])
    with database.reading() as session:
        stands = {row.sender_id: row for row in session.query(models.Complaint)}
        assert [stands[str(number)].status for number in range(1, 8)] == [
            "selesai", "selesai", "diproses", "luar-kewenangan", "bukan-aduan", "perlu-verifikasi", "selesai",
        ]  # fmt: skip
        first = stands["1"]
        assert (first.agency, first.closed_at) == ("dishub", dt.datetime(2025, 3, 9, 17, tzinfo=dt.UTC))
        assert [row.by for row in record.rows_of(session, first.id)] == ["impor:arsip"] * 3
        why = record.rows_of(session, first.id)[-1].body["why"]
        assert re.fullmatch(r"Dari arsip\.csv, status selesai, diimpor \d\d-\d\d-20\d\d\.", why)
        assert not record.state_of(session, first.id).undoable(now)
        assert stands["7"].urgency is Level.DARURAT
        waiting = queue.page(session, Filter(status=Status.PERLU_VERIFIKASI)).rows
        assert [row.complaint.sender_id for row in waiting] == ["6"]
        assert [change.complaint for change in live.changes(session, 0) if change.emergency] == []
        assert all(not messages.of_complaint(session, row.id) for row in stands.values())
        assert list(audit.doubts(session)) == []
        states = audit.read(audit.export(session))
        assert {states[row.id].status for row in stands.values()} == {Status(row.status) for row in stands.values()}
        figures = {row.name: row for row in overview(session, Period(first.received_at, now), now).agencies}
        assert (figures["dishub"].finished, figures["dishub"].on_time) == (2, 2)
        agreed = agreement(session, first.received_at, now, suggester.calendar.zone)
        assert agreed == [], "nobody saw a suggestion before deciding"
        card = training_export.export_training(session, tmp_path / "decisions.parquet")
    assert card.agencies == {"bukan-aduan": 1, "damkar": 1, "dishub": 2, "luar-pln": 1, "sdabmbk": 1}


def test_rows_whose_past_is_unclear_are_refused_with_the_reason(
    database: Database, suggester: Suggester, tmp_path: Path
) -> None:
    told = imported(
        database,
        suggester,
        tmp_path,
        "1,Lampu jalan mati,03/03/2025,Dinas Antah Berantah,Selesai,10/03/2025\n"
        "2,Lampu jalan mati,03/03/2025,,Selesai,10/03/2025\n"
        "3,Lampu jalan mati,03/03/2025,dishub,Selesai,\n"
        "4,Lampu jalan mati,03/03/2025,dishub,Selesai,02/03/2025\n"
        "5,Lampu jalan mati,03/03/2025,dishub,Selesai,03/03/2999\n"
        "6,Lampu jalan mati,03/03/2025,dishub,Dipetieskan,10/03/2025\n"
        "7,Lampu jalan mati,,dishub,Selesai,10/03/2025\n"
        "8,Lampu jalan mati,03/03/2025,dishub,Luar kewenangan,10/03/2025\n"
        "9,Lampu jalan mati,03/03/2025,dishub,Selesai,kemarin\n"
        "10,Lampu jalan mati,03/03/2025,,Diarsipkan,10/03/2025\n"
        "11,Lampu jalan mati,03/03/2025,dishub,Selesai,9999-12-31T23:59:59-12:00\n"
        "12,Dinas Perhubungan,03/03/2025,Gang kami gelap,Selesai,10/03/2025\n"
        "13,Lampu jalan mati,03/03/2025,dishub,Tolong! Gang kami gelap,10/03/2025\n"
        "14,Lampu jalan mati,03/03/2025,dishub,Gang gelap,10/03/2025\n",
    )
    assert told.new == 0
    reasons = [row.reason for row in told.refused]
    for reason, words in zip(
        reasons,
        (
            "is called 'Dinas Antah Berantah'", "names no agency", "--answered", "before it was received", "2999-03-03",
            "'dipetieskan' is unknown", "no date of receipt", "belongs to Kabupaten Bekasi",
            "its decision cannot be read", "archived without an agency: write Bukan Aduan", "out of range",
            "--text and --agency may be swapped", "(which reads like a complaint) is unknown",
            "(which reads like a complaint) is unknown",
        ),
        strict=True,
    ):  # fmt: skip
        assert words in reason
        assert "gelap" not in reason
    with database.reading() as session:
        assert session.query(models.Complaint).count() == 0


@pytest.mark.parametrize("swapped", ["agency", "status"])
def test_short_complaints_in_the_column_of_another_are_told_without_a_word_of_them(
    database: Database, suggester: Suggester, tmp_path: Path, swapped: str
) -> None:
    said = ["gang gelap", "got mampet", "Lampu jalan di depan rumah saya sudah mati lama! Tolong segera diperbaiki"]
    agency, status = ("{}", "Selesai") if swapped == "agency" else ("dishub", "{}")
    told = imported(
        database,
        suggester,
        tmp_path,
        "".join(
            f"{i},Aduan warga,03/03/2025,{agency},{status},10/03/2025\n".format(text) for i, text in enumerate(said)
        ),
    )
    reasons = " ".join(row.reason for row in told.refused)
    assert reasons.count("reads like a complaint") == len(said)
    assert not re.search("gelap|mampet|Lampu|lampu", reasons)


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("Diarsipkan", "selesai"),
        ("Arsip", "selesai"),
        ("Ditutup Otomatis", "selesai"),
        ("Telah ditindaklanjuti", "selesai"),
        ("Belum Selesai", "terdisposisi"),
        ("Belum Ditindak Lanjuti", "terdisposisi"),
        ("Sedang ditindak-lanjuti", "diproses"),
        ("Ditunda", "perlu-verifikasi"),
        ("Belum Terdisposisi", "perlu-verifikasi"),
        ("perlu-dilengkapi", "perlu-verifikasi"),
    ],
)
def test_the_statuses_of_lapor_and_of_offices_own_lists_are_known(
    database: Database, suggester: Suggester, tmp_path: Path, status: str, stands: str
) -> None:
    report = imported(database, suggester, tmp_path, f"1,Lampu jalan mati,03/03/2025,dishub,{status},10/03/2025\n")
    assert report.refused == []
    with database.reading() as session:
        assert session.query(models.Complaint).one().status == stands


def test_what_was_settled_on_the_day_it_came_in_was_not_settled_before(
    database: Database, suggester: Suggester, tmp_path: Path
) -> None:
    imported(database, suggester, tmp_path, "1,Lampu jalan mati total,04/03/2025 08:15,dishub,Selesai,04/03/2025\n")
    with database.reading() as session:
        complaint = session.get_one(models.Complaint, 1)
    assert complaint.closed_at == complaint.received_at == dt.datetime(2025, 3, 4, 1, 15, tzinfo=dt.UTC)


def test_rows_of_a_file_with_a_long_name_are_told_apart(
    database: Database, suggester: Suggester, tmp_path: Path
) -> None:
    file = tmp_path / f"{'arsip' * 45}.csv"
    file.write_text("Isi Laporan\nLampu jalan mati total\nSampah menumpuk di pasar\n", encoding="utf-8")
    for new in (2, 0):
        assert import_file(database, suggester, file, Columns(), "web", lambda _: None).new == new
