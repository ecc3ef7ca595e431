"""Records of labelled complaints are the same from every format, and every bad row is told."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.batch import read_records, split_bad
from pipeline.batch.files import input_file
from pipeline.batch.sources import open_file
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from tests.pipeline.batch.labelled_rows import HEADER, ROWS, read


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


def test_a_dash_where_a_label_would_be_is_no_label(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "isi,instansi,urgensi\nlampu mati,-,N/A\nsampah,tidak ada,null\nbanjir,DLH,tinggi\n", encoding="utf-8"
    )
    records, _ = read(path)
    assert [(record.agency, record.urgency) for record in records] == [(None, None), (None, None), ("DLH", "tinggi")]


def test_what_a_broken_export_left_of_a_line_end_is_read_as_a_space(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"id": "a\x00b", "teks": "jalan\x00rusak", "alamat": "desa\x00Sukadami"}), encoding="utf-8"
    )
    (record,), bad = read(path)
    assert not bad
    assert record.complaint == Complaint("jalan rusak", address="desa Sukadami", id="a b")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty. Export it again with a header row"),
        ("a.csv", b"x,y\n1,2\n", "--text"),
        ("a.docx", b"", ".parquet"),
        ("a.zip", b"", "npack it"),
        ("a.json", b"[]", "Convert it to JSON Lines"),
        ("a.jsonl", b'[\n{"teks": "lampu mati"},\n{"teks": "banjir"}]\n', "no line that is a JSON object. Write"),
        ("a.jsonl", b"", "is empty. Write one JSON object per line"),
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
        ("a.xlsx", b"terenkripsi\x00\n\x01", "cannot be read as excel"),
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


def test_a_missing_file_is_told() -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv"):
        read(Path("nowhere.csv"))
