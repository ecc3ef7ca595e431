from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.batch import BadRow, Columns, Record, read_records, split_bad, text_files
from pipeline.batch.files import input_file
from pipeline.batch.sources import open_file
from pipeline.complaint import Complaint
from pipeline.errors import DataError

ROWS = [
    ("A-1", "Lampu jalan mati", "Dinas Perhubungan", "05/01/2025 08:15"),
    ("A-2", "Sampah menumpuk; bau, sekali", "Dinas Lingkungan Hidup", "2025-01-06"),
]
HEADER = ("No Aduan", "Isi Laporan", "Instansi Terdisposisi", "Tanggal Laporan")


def read(path: Path, columns: Columns | None = None) -> tuple[list[Record], list[BadRow]]:
    return split_bad(read_records(path, columns))


def _csv(separator: str) -> str:
    quoted = [[f'"{cell}"' for cell in row] for row in (HEADER, *ROWS)]
    return "\r\n".join(separator.join(row) for row in quoted)


def _write_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Rekap Aduan SP4N-LAPOR!"])
    sheet.append(HEADER)
    for number, text, agency, _ in ROWS:
        sheet.append([number, text, agency, dt.datetime(2025, 1, 5, 8, 15)])  # noqa: DTZ001
    book.save(path)


def _write(path: Path) -> None:
    if path.suffix == ".xlsx":
        _write_excel(path)
    elif path.suffix == ".parquet":
        pq.write_table(pa.table([list(column) for column in zip(*ROWS, strict=True)], names=HEADER), path)
    else:
        lines = [json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS]
        path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.jsonl"])
def test_every_format_gives_the_same_records(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _write(path)
    records, bad = read(path)
    assert not bad
    assert [(r.complaint.id, r.complaint.text, r.agency) for r in records] == [row[:3] for row in ROWS]
    assert records[0].date == dt.datetime(2025, 1, 5, 8, 15)  # noqa: DTZ001


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_in_every_encoding_and_separator(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(_csv(separator).encode(encoding))
    records, bad = read(path)
    assert not bad
    assert [r.complaint.text for r in records] == [row[1] for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_told_by_their_noughts_where_no_mark_tells_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "lapor.csv"
    path.write_bytes("isi;instansi\r\n“lampu” mati;dishub\r\nbanjir;bpbd\r\n".encode(encoding))
    found = list(read_records(path))
    assert [(r.complaint.text, r.agency) for r in found if isinstance(r, Record)] == [
        ("“lampu” mati", "dishub"),
        ("banjir", "bpbd"),
    ]
    assert len(found) == 2


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n", '"sep=;"\n'])
def test_a_first_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path, first: str) -> None:
    path = tmp_path / "lapor.csv"
    path.write_text(f"{first}isi;instansi,tujuan,kantor\nlampu mati;dishub\nbanjir;a;b\n", newline="")
    good, bad = split_bad(read_records(path, Columns(agency="instansi,tujuan,kantor")))
    assert [(r.row, r.agency) for r in good] == [(2, "dishub")]
    assert [r.row for r in bad] == [3]


def test_blank_lines_above_the_header_do_not_hide_its_separator(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\r\n\r\nid;teks\r\n1;jalan rusak, lampu mati\r\n", encoding="utf-8", newline="")
    records, bad = read(path)
    assert not bad
    assert [(r.row, r.complaint.id, r.complaint.text) for r in records] == [(4, "1", "jalan rusak, lampu mati")]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_last_row_is_expected_too_whether_its_line_ends_or_not(tmp_path: Path, name: str, end: str) -> None:
    rows = ["teks", "lampu mati", "banjir"] if name == "a.csv" else ['{"teks": "lampu mati"}', '{"teks": "banjir"}']
    (tmp_path / name).write_text("\n".join(rows) + end, encoding="utf-8")
    assert open_file(input_file(str(tmp_path / name))).expected_rows == 2


def test_every_bad_row_is_told_with_its_number_and_reason_and_the_good_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks,dinas\njalan rusak,x\n,x\n😀😀,x\na,b,c\n\nlampu mati,\n", encoding="utf-8")
    records, bad = read(path)
    assert [(r.row, r.complaint.text, r.agency) for r in records] == [(2, "jalan rusak", "x"), (7, "lampu mati", None)]
    assert [(row.row, row.file) for row in bad] == [(3, "a.csv"), (4, "a.csv"), (5, "a.csv")]
    assert "empty" in bad[0].reason
    assert "cells" in bad[2].reason
    assert [row.row for row in read_records(path)] == [2, 3, 4, 5, 7], "in the order of the file"


@pytest.mark.parametrize(
    ("lines", "rows", "refused"),
    [
        (['"jalan rusak,x', "lampu mati,y", "air mati,z"], {3: "lampu mati", 4: "air mati"}, {2: 2}),
        (["jalan rusak,x", '"lampu mati,y', 'air "mati",z'], {2: "jalan rusak", 4: 'air "mati"'}, {3: 3}),
        (["jalan rusak,x", "lampu mati,y", 'air mati,"z'], {2: "jalan rusak", 3: "lampu mati"}, {4: 4}),
        (['"jalan\nrusak",x', '"air mati', '"a""b"', "banjir"], {2: "jalan\nrusak", 4: 'a"b', 5: "banjir"}, {3: 4}),
        (['"jalan', "air mati,y", '"lampu, yang\nmati",z'], {3: "air mati", 4: "lampu, yang\nmati"}, {2: 2}),
        (['"jalan, "besar" rusak",x', "air mati,y"], {2: 'jalan, besar" rusak"', 3: "air mati"}, {}),
        (['"jalan\nrusak" ,x', '"lampu\nmati"  ', '"air\nmati" !,y'],
         {2: "jalan\nrusak", 3: "lampu\nmati", 5: 'mati" !'}, {4: 6}),
        (['"jalan,x', 'pipa 3" bocor,y'], {3: 'pipa 3" bocor'}, {2: 2}),
        (['"a","x', 'b","y', 'c","z', "banjir,x"], {5: "banjir"}, {2: 2, 3: 3, 4: 4}),
    ],
)  # fmt: skip
def test_a_quote_that_is_never_closed_costs_the_line_that_opens_it_and_no_other(
    tmp_path: Path, lines: list[str], rows: dict[int, str], refused: dict[int, int]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["teks,dinas", *lines]), encoding="utf-8")
    records, bad = read(path)
    assert {r.row: r.complaint.text for r in records} == rows
    assert {row.row: row.reason for row in bad} == {
        number: f"a quote opened on line {line} is never closed" for number, line in refused.items()
    }


def test_an_open_quote_is_given_up_within_bounds_and_every_line_is_read_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_LINE_CHARS", 10_000)
    path = tmp_path / "a.csv"
    rows = [f"jalan rusak nomor {i},dinas" for i in range(2_000)]
    # The first quote ends at the limit, those of the last lines at the end of the file; each may also open another one.
    lines = ["teks,dinas", '"jalan rusak', *rows, *(f'"{i}","banjir' for i in range(200))]
    path.write_text("\n".join(lines), encoding="utf-8")
    records, bad = read(path)
    assert len(records) == len(rows)
    assert [row.row for row in bad] == [2, *range(2_003, 2_203)]
    asked = [line for line in records if line.row == 2_002]
    assert asked[0].complaint.text == "jalan rusak nomor 1999"


def test_of_a_file_without_a_header_no_number_of_a_person_and_no_complaint_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("081234567890,3216010101010001,lampu mati,lampu di depan rumah saya padam\n")
    with pytest.raises(DataError, match=r"its columns: \[TELEPON\], \[NIK\], lampu mati, …\."):
        read(tmp_path / "a.csv")


@pytest.mark.parametrize("quote", ["", '"'])
def test_of_a_line_that_is_too_long_no_piece_becomes_a_row(
    quote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_LINE_CHARS", 1_000)
    photo = f"{quote}{'iVBOR' * 500}{quote}"
    (tmp_path / "a.csv").write_text(f"isi,foto\nlampu mati,{photo}\nair mati,{photo}\nsampah bau,\n")
    good, bad = read(tmp_path / "a.csv")
    assert [record.complaint.text for record in good] == ["sampah bau"]
    assert [(row.row, row.reason) for row in bad] == [(n, "a line is longer than 1,000 characters") for n in (2, 3)]


def test_a_header_whose_quote_is_never_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"teks,dinas\njalan rusak,x\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 1 is never closed"):
        read(path)


def test_a_line_that_is_no_json_is_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "jalan rusak"}\n{oops\n[1]\n{"text": "air mati"}\n', encoding="utf-8")
    records, bad = read(path)
    assert [r.row for r in records] == [1, 4]
    assert [row.row for row in bad] == [2, 3]


def test_half_a_character_in_a_fields_name_costs_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [b'{"\\ud83dteks": "x"}', b'{"text": "jalan rusak"}', b'{"text": "gelap", "cat\xffatan": 1}',
             b'{"text": "air mati"}']  # fmt: skip
    path.write_bytes(b"\n".join(lines))
    records, bad = read(path)
    assert [record.complaint.text for record in records] == ["jalan rusak", "air mati"]
    assert [row.row for row in bad] == [1, 3]
    assert {row.reason.partition(";")[0] for row in bad} == {
        "a field's name contains half a character (an unpaired surrogate)"
    }


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_structure_is_no_text_though_it_holds_one(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows.{ending}"
    texts = [{"isi": "jalan rusak"}] * 2 if ending == "parquet" else [["jalan rusak"], "[penting] jalan rusak"]
    if ending == "parquet":
        pq.write_table(pa.table({"text": texts}), path)
    else:
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    good, bad = split_bad(read_records(path))
    assert [record.complaint.text for record in good] == [text for text in texts if isinstance(text, str)]
    assert {row.reason.partition(";")[0] for row in bad} == {"the text is a nested value"}


def test_a_date_that_is_none_leaves_the_complaint_usable(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks,tanggal\njalan rusak,kemarin\nair mati,3 Januari 2025\n", encoding="utf-8")
    records, bad = read(path)
    assert not bad
    assert records[0].date is None
    assert records[0].warning is not None
    assert "2025-12-31" in records[0].warning
    assert records[1].date == dt.datetime(2025, 1, 3)  # noqa: DTZ001


def test_what_a_broken_export_left_of_a_line_end_is_read_as_a_space(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"id": "a\x00b", "teks": "jalan\x00rusak", "alamat": "desa\x00Sukadami"}), encoding="utf-8"
    )
    (record,), bad = read(path)
    assert not bad
    assert record.complaint == Complaint("jalan rusak", address="desa Sukadami", id="a b")


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\njalan rusak,Dishub\n", encoding="utf-8")
    records, _ = read(path, Columns(text="x", agency="y"))
    assert (records[0].complaint.text, records[0].agency) == ("jalan rusak", "Dishub")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"x,y\n1,2\n", "--text"),
        ("a.docx", b"", ".parquet"),
        ("a.zip", b"", "npack it"),
        ("a.json", b"[]", "Convert it to JSON Lines"),
        ("a.jsonl", b'[\n{"teks": "lampu mati"},\n{"teks": "banjir"}]\n', "no line that is a JSON object. Write"),
        ("a.jsonl", b"", "empty"),
        ("a.xlsx", b"no workbook", "xlsx"),
        ("a.parquet", b"no parquet", "Parquet"),
        # Its content doesn't match its extension.
        (
            "sp4n.xls",
            b"<html><table><tr><td>Isi</td></tr></table></html>",
            "is a web page, but its extension says excel",
        ),
        ("sp4n.xls", b"Isi\tOPD\nlampu mati\tdishub\n", "is text, but its extension says excel. .*[.]csv"),
        ("a.csv", b"PK\x03\x04\x14\x00", "is a workbook or another zip archive, but its extension says csv"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old workbook"),
        ("a.jsonl", b"PAR1\x15\x04", "is Parquet, but its extension says jsonl"),
        ("a.csv", b"\x1f\x8b\x08\x00", "is gzipped"),
        ("a.csv.gz", b"isi\nlampu mati\n", "is not gzipped, but its name ends in .gz. Remove .gz from its name"),
        ("a.parquet", b"isi\nlampu mati\n", "is text, but its extension says parquet"),
    ],
)
def test_an_unusable_file_is_one_clear_error(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=says):
        read(path)


@pytest.mark.parametrize("spoilt", [b"", b"tambahan"])
def test_what_is_gzipped_but_spoilt_at_its_end_is_read_up_to_there(spoilt: bytes, tmp_path: Path) -> None:
    packed = gzip.compress(b"isi\nlampu mati\n")
    (tmp_path / "a.csv.gz").write_bytes(packed + spoilt if spoilt else packed[:-8] + bytes(8))
    good, bad = read(tmp_path / "a.csv.gz")
    assert [record.complaint.text for record in good] == ["lampu mati"]
    assert "cannot be read from this row on" in bad[0].reason


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


def test_a_missing_file_is_told() -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv"):
        read(Path("nowhere.csv"))


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
