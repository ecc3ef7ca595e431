"""Workbooks read and written: sheets, numbers, dates, and what a cell can hold."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pipeline.batch import Record, read_records
from pipeline.batch.files import find_files
from pipeline.batch.sinks import EXCEL_CELL_CHARS, FileSink
from pipeline.batch.sources import open_file
from pipeline.clock import WIT
from pipeline.errors import BatchError
from tests.pipeline.batch.conftest import Runner
from tests.pipeline.batch.every_format import READERS, ROWS, read_json_lines, write_excel


def test_numbers_and_dates_of_a_sheet_keep_their_kind(runner: Runner, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    day, moment = dt.date(2025, 8, 17), dt.datetime(2025, 8, 17, 8, 30)  # noqa: DTZ001
    sheet.append(["teks", "nomor", "campur", "hari", "saat", "jam"])
    sheet.append(["jalan rusak", 7, 1.5, day, day, dt.time(8, 30)])
    sheet.append(["lampu mati", 8, "x", day, moment, dt.timedelta(hours=30)])
    book.save(tmp_path / "a.xlsx")
    assert runner([str(tmp_path / "a.xlsx")], tmp_path / "out.parquet").rows == 2
    table = pq.read_table(tmp_path / "out.parquet")
    assert table["nomor"].to_pylist() == [7, 8]
    assert table["campur"].to_pylist() == ["1.5", "x"]
    midnight = dt.datetime.combine(day, dt.time())
    assert table["hari"].to_pylist() == [midnight, midnight]
    assert table["saat"].to_pylist() == [midnight, moment]
    assert table["jam"].to_pylist() == ["08:30:00", "1 day, 6:00:00"]


def test_a_moment_with_a_zone_stands_in_a_sheet_as_the_regions_clock_had_it(runner: Runner, tmp_path: Path) -> None:
    moment = pa.array([dt.datetime(2025, 1, 31, 18, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"teks": ["jalan rusak"], "masuk": moment}), tmp_path / "a.parquet")
    runner([str(tmp_path / "a.parquet")], tmp_path / "out.xlsx")
    assert READERS[".xlsx"](tmp_path / "out.xlsx")[0]["masuk"] == dt.datetime(2025, 2, 1, 1)  # noqa: DTZ001
    table = pq.read_table(tmp_path / "a.parquet")
    FileSink(tmp_path / "east.xlsx", WIT).write(table.schema, iter([table]), 1)
    assert READERS[".xlsx"](tmp_path / "east.xlsx")[0]["masuk"] == dt.datetime(2025, 2, 1, 3)  # noqa: DTZ001


def test_a_workbook_with_macros_is_read(tmp_path: Path) -> None:
    write_excel(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xlsm")
    assert open_file(find_files([str(tmp_path)])[0]).expected_rows == len(ROWS)


def _write_months(path: Path, months: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for month, rows in months.items():
        sheet = book.create_sheet(month)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_all_sheets_with_the_first_one_s_header_are_read_and_the_others_are_told(
    runner: Runner, tmp_path: Path
) -> None:
    header = ["no", "isi laporan", "nilai"]
    months: dict[str, list[list[Any]]] = {
        "Januari": [["Rekap"], header, [1, "lampu jalan mati", 1], [2, "", 1]],
        "Kosong": [],
        "Februari": [header, [1, "sampah menumpuk", "dua"], [2, "", 1], [3, "jalan", 1, "di luar kolom"]],
        "Keterangan": [["kode", "arti"], ["1", "baru"]],
        "Maret": [["Rekap", "Maret"], header, [1, "air mati", 3]],
    }
    _write_months(tmp_path / "aduan.xlsx", months)
    (file,) = find_files([str(tmp_path / "aduan.xlsx")])
    assert open_file(file).expected_rows == 2 + 3 + 1
    runner([str(tmp_path / "aduan.xlsx")], tmp_path / "out.jsonl")
    rows = read_json_lines((tmp_path / "out.jsonl").read_bytes())
    assert [row["isi laporan"] for row in rows] == ["lampu jalan mati", "sampah menumpuk", "air mati"]
    assert [row["nilai"] for row in rows] == ["1", "dua", "3"]
    refused = list(csv.DictReader((tmp_path / "out.jsonl.rejected.csv").read_text().splitlines()))
    assert [(row["file"], row["row"]) for row in refused] == [
        ("aduan.xlsx", "4"),
        ("aduan.xlsx, sheet Februari", "3"),
        ("aduan.xlsx, sheet Februari", "4"),
        ("aduan.xlsx, sheet Keterangan", ""),
    ]
    assert "header differs from that of 'Januari'" in refused[-1]["reason"]


def test_a_cover_of_single_cells_is_told_and_the_sheets_behind_it_are_read(runner: Runner, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["no", "isi laporan"], [1, "lampu jalan mati"]]
    cover: list[list[Any]] = [["Rekapitulasi"], [], [None, "Dicetak 3 Januari"]]
    _write_months(tmp_path / "aduan.xlsx", {"Sampul": cover, "Januari": rows, "Februari": rows})
    runner([str(tmp_path / "aduan.xlsx")], tmp_path / "out.jsonl")
    assert len(read_json_lines((tmp_path / "out.jsonl").read_bytes())) == 2
    (refused,) = csv.DictReader((tmp_path / "out.jsonl.rejected.csv").read_text().splitlines())
    assert (refused["file"], "differs from that of 'Januari'" in refused["reason"]) == (
        "aduan.xlsx, sheet Sampul",
        True,
    )


def test_a_result_that_went_on_to_a_further_sheet_is_read_whole(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.sinks.EXCEL_ROWS", 5)
    write_excel(tmp_path / "in.xlsx")
    runner([str(tmp_path / "in.xlsx")], tmp_path / "out.xlsx")
    assert len(CalamineWorkbook.from_path(tmp_path / "out.xlsx").sheet_names) == 3
    records = list(read_records(tmp_path / "out.xlsx"))
    assert [record.complaint.text for record in records if isinstance(record, Record)] == [
        row["isi laporan"] for row in ROWS
    ]
    assert len({(record.file, record.row) for record in records}) == len(ROWS)


def test_what_a_workbook_puts_down_meanwhile_is_beside_it_and_gone_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    table = pa.table({"isi": ["lampu jalan mati"]})

    def broken() -> Iterator[pa.Table]:
        yield table
        raise OSError(28, "No space left on device")

    with pytest.raises(BatchError, match="No space left"):
        FileSink(tmp_path / "out.xlsx").write(table.schema, broken(), 1)
    assert list(tmp_path.iterdir()) == []
    FileSink(tmp_path / "out.xlsx").write(table.schema, iter([table]), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_day_before_a_spreadsheets_first_is_kept_as_text(runner: Runner, tmp_path: Path) -> None:
    days = [dt.date(1850, 1, 2), dt.date(1900, 3, 1), dt.date(2026, 5, 1)]
    times = [dt.datetime.combine(day, dt.time(3, 4)) for day in days]
    rows = [row | {"day": day, "time": time} for row, day, time in zip(ROWS[:3], days, times, strict=True)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    runner([str(tmp_path / "in.parquet")], tmp_path / "out.xlsx")
    head, *found = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert [row[head.index("day")] for row in found] == ["1850-01-02", *days[1:]]
    assert [row[head.index("time")] for row in found] == ["1850-01-02T03:04:00", *times[1:]]


def test_a_text_that_just_fits_a_cell_of_a_sheet_stays_whole_and_a_longer_one_is_cut(tmp_path: Path) -> None:
    texts = ["x" * length for length in (EXCEL_CELL_CHARS - 1, EXCEL_CELL_CHARS, EXCEL_CELL_CHARS + 1)]
    table = pa.table({"isi": texts})
    FileSink(tmp_path / "out.xlsx").write(table.schema, iter([table]), 3)
    kept = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()[1:]
    assert [cells[0] for cells in kept] == [*texts[:2], f"{texts[0]}…"]
