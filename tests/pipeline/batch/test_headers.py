"""Where a table's header is, and what its columns are taken for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from pipeline.batch import Columns
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from tests.pipeline.batch.labelled_rows import read


def test_of_a_file_without_a_header_no_number_of_a_person_and_no_complaint_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("081234567890,3216010101010001,lampu mati,lampu di depan rumah saya padam\n")
    with pytest.raises(DataError, match=r"its columns: \[TELEPON\], \[NIK\], …, …\."):
        read(tmp_path / "a.csv")


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\njalan rusak,Dishub\n", encoding="utf-8")
    records, _ = read(path, Columns(text="x", agency="y"))
    assert (records[0].complaint.text, records[0].agency) == ("jalan rusak", "Dishub")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            ["Rekap Aduan 2024;;", "", "No;Isi Laporan;OPD", "1;lampu mati;dishub"],
            "Row 3 looks like the header.*one row",
        ),
        (["Rekap Aduan 2024", "No;Isi Laporan;OPD", "1;lampu mati;dishub"], "Row 2 looks like the header.*one row"),
        (["isi^instansi", "lampu mati^dishub"], "columns: isi.instansi.*--text COLUMN.*sep=.[.]"),
    ],
)
def test_where_the_header_of_csv_is_or_how_to_tell_its_separator_is_told(
    tmp_path: Path, lines: list[str], says: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read(path)


def test_a_header_in_two_rows_is_told_and_not_half_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Rekap 2024"])
    sheet.append(["No", "Pelapor", None, "Aduan", None, "Tindak Lanjut"])
    sheet.append([None, "Nama", "HP", "Isi Laporan", "Tanggal", "OPD"])
    sheet.append([1, "Ani", "08", "Pengaduan", "Selesai", "dishub"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match=r"row 3 names more columns.*one row"):
        read(tmp_path / "a.xlsx")
    sheet.delete_rows(1, 2)
    sheet["A1"] = "No"
    book.save(tmp_path / "a.xlsx")
    assert [record.agency for record in read(tmp_path / "a.xlsx")[0]] == ["dishub"]


def test_the_names_of_groups_of_columns_are_not_taken_for_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "No,Laporan,,,Tanggal,,Status\n,Tracking ID,Isi Laporan,Instansi,Masuk,Selesai,\n1,T1,lampu mati,dishub,,,\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r"row 2 names more columns.*one row"):
        read(path)
    path.write_text("Laporan,Instansi,Tipe,Status,\npengaduan,dishub,rahasia,selesai,ya\n", encoding="utf-8")
    assert [record.complaint.text for record in read(path)[0]] == ["pengaduan"]


def test_an_export_of_lapor_is_read_below_what_it_tells_of_itself(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for about in (["Judul Laporan", "Rekap"], ["Nama Instansi", "Kabupaten"], ["Tanggal Generate", "5 Jan 2026"], []):
        sheet.append(about)
    names = "Tracking ID,Tanggal Laporan Masuk,Waktu Laporan Masuk,Judul Laporan,Isi Laporan Awal,Isi Laporan Akhir"
    sheet.append([*names.split(","), "Instansi Induk", "Instansi Terdisposisi", "Status Laporan", "Kecamatan"])
    sheet.append(["77", "3 Jan 2026", "08:15", "Lampu", "lampu jalan mati", "PJU mati", "Pemkab", "Dishub", "", "Setu"])
    book.save(tmp_path / "a.xlsx")
    (record,), bad = read(tmp_path / "a.xlsx")
    assert not bad
    assert (record.row, record.complaint, record.agency) == (6, Complaint("lampu jalan mati", id="77"), "Dishub")
    assert record.date == dt.datetime(2026, 1, 3)  # noqa: DTZ001
    assert record.extra["kecamatan"] == "Setu"


def test_a_column_without_a_name_makes_no_second_header_of_the_row_below(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no,isi,\n1,pengaduan,selesai\n", encoding="utf-8")
    assert [record.complaint.text for record in read(path)[0]] == ["pengaduan"]


def test_a_named_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks,dinas\na,b\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"'isi'.*teks, dinas"):
        read(path, Columns(text="isi"))


def test_a_tickets_number_and_the_place_of_the_event_go_before_running_numbers_and_a_reporters_address() -> None:
    header = ["No", "Tracking ID", "Alamat", "Lokasi Kejadian", "Isi Laporan"]
    assert Columns().find(header, "aduan.xlsx") == {"id": 1, "address": 3, "text": 4}


def test_the_names_that_offices_give_their_columns_are_known() -> None:
    header = (
        "No. Tiket",
        "Tgl Masuk",
        "Uraian Pengaduan",
        "OPD Tujuan",
        "Alamat Pelapor",
        "Lokasi Aduan",
        "Skala Prioritas",
        "Tanggal Ditutup",
    )
    found = Columns().find(header, "export.csv")
    assert found == {"id": 0, "date": 1, "text": 2, "agency": 3, "address": 5, "urgency": 6, "answered": 7}
    older = ("Uraian Aduan", "Isi Aduan", "Dinas Tujuan", "Instansi")
    assert Columns().find(older, "export.csv") == {"text": 1, "agency": 3}, "names known before take precedence"
    assert Columns().find(("Aduan", "Tgl. Jawab"), "export.csv") == {"text": 0, "answered": 1}
