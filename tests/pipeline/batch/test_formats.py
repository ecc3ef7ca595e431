"""Rows are the same in all input and output formats."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
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
from pipeline.errors import BatchError, DataError
from tests.pipeline.batch.conftest import Runner, complaints

ROWS = list(complaints(11))


def _as_csv() -> bytes:
    lines = [";".join(ROWS[0])] + [";".join(f'"{cell}"' for cell in row.values()) for row in ROWS]
    return "\r\n".join(lines).encode()


def _as_json_lines() -> bytes:
    return "\n".join(map(json.dumps, ROWS)).encode()


def _write_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (list(ROWS[0]), *(list(row.values()) for row in ROWS)):
        sheet.append(row)
    book.save(path)


def _write(path: Path) -> None:
    if path.name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.name.endswith(".xlsx"):
        _write_excel(path)
    else:
        content = _as_csv() if ".csv" in path.name else _as_json_lines()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def _read_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(content.decode().splitlines()))


def _read_json_lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    ".csv": lambda path: _read_csv(path.read_bytes()),
    ".csv.gz": lambda path: _read_csv(gzip.decompress(path.read_bytes())),
    ".jsonl": lambda path: _read_json_lines(path.read_bytes()),
    ".jsonl.gz": lambda path: _read_json_lines(gzip.decompress(path.read_bytes())),
    ".parquet": lambda path: list(pq.read_table(path).to_pylist()),
    ".xlsx": lambda path: [
        dict(zip(map(str, rows[0]), row, strict=True))
        for rows in [CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]
        for row in rows[1:]
    ],
}


@pytest.mark.parametrize("ending", READERS)
def test_every_format_in_and_out_gives_the_same_answers(runner: Runner, tmp_path: Path, ending: str) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "in.parquet")
    runner([str(tmp_path / "in.parquet")], tmp_path / "expected.parquet")
    _write(tmp_path / f"in{ending}")
    runner([str(tmp_path / f"in{ending}")], tmp_path / f"out{ending}")
    expected = pq.read_table(tmp_path / "expected.parquet").to_pylist()
    found = READERS[ending](tmp_path / f"out{ending}")
    for name in ("no", "isi laporan", "disposisi_agency", "disposisi_urgency", "disposisi_decision"):
        assert [row[name] for row in found] == [row[name] for row in expected]
    assert [float(row["disposisi_probability"]) for row in found] == [row["disposisi_probability"] for row in expected]


def test_columns_of_several_files_are_joined_by_name(runner: Runner, tmp_path: Path) -> None:
    pq.write_table(pa.table({"teks": ["jalan rusak"], "nilai": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"isi": ["lampu mati"], "nilai": ["dua"], "teks": ["sampah"]}), tmp_path / "b.parquet")
    runner([str(tmp_path / "?.parquet")], tmp_path / "out.jsonl")
    rows = _read_json_lines((tmp_path / "out.jsonl").read_bytes())
    assert [(row["teks"], row["nilai"], row["isi"]) for row in rows] == [
        ("jalan rusak", "1", None), ("sampah", "dua", "lampu mati")
    ]  # fmt: skip


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


def test_a_number_too_large_for_its_column_makes_the_column_text(runner: Runner, tmp_path: Path) -> None:
    rows = [
        {"teks": "jalan", "besar": 2**64, "rata": 1.5, "utuh": 2**60 + 1},
        {"teks": "lampu", "besar": 7, "rata": 2**60 + 1},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert runner([str(tmp_path / "a.jsonl")], tmp_path / "out.parquet").refused == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table["besar"].to_pylist() == [str(2**64), "7"]
    assert table["rata"].to_pylist() == ["1.5", str(2**60 + 1)]
    assert table["utuh"].to_pylist() == [2**60 + 1, None]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["teks", "nomor"], ["jalan", 1e20], ["lampu", 7]):
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    assert runner([str(tmp_path / "a.xlsx")], tmp_path / "out.jsonl").refused == 0


def test_types_that_no_one_type_holds_are_text_and_moments_keep_their_year(runner: Runner, tmp_path: Path) -> None:
    never = dt.datetime(9999, 12, 30)  # noqa: DTZ001
    for name, number, whole, unit in (("a", pa.uint64(), 2**63, "us"), ("b", pa.int64(), -1, "ns")):
        moment = pa.array([never if unit == "us" else dt.datetime(2025, 8, 17)], pa.timestamp(unit))  # noqa: DTZ001
        table = pa.table({"teks": ["jalan"], "nomor": pa.array([whole], number), "saat": moment})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    assert runner([str(tmp_path / "*.parquet")], tmp_path / "out.jsonl").rows == 2
    first, second = READERS[".jsonl"](tmp_path / "out.jsonl")
    assert (first["nomor"], second["nomor"]) == (str(2**63), "-1")
    assert (first["saat"], second["saat"]) == ("9999-12-30T00:00:00", "2025-08-17T00:00:00")


def test_a_moment_with_a_zone_stands_in_a_sheet_as_the_regions_clock_had_it(runner: Runner, tmp_path: Path) -> None:
    moment = pa.array([dt.datetime(2025, 1, 31, 18, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"teks": ["jalan rusak"], "masuk": moment}), tmp_path / "a.parquet")
    runner([str(tmp_path / "a.parquet")], tmp_path / "out.xlsx")
    assert READERS[".xlsx"](tmp_path / "out.xlsx")[0]["masuk"] == dt.datetime(2025, 2, 1, 1)  # noqa: DTZ001
    table = pq.read_table(tmp_path / "a.parquet")
    FileSink(tmp_path / "east.xlsx", WIT).write(table.schema, iter([table]), 1)
    assert READERS[".xlsx"](tmp_path / "east.xlsx")[0]["masuk"] == dt.datetime(2025, 2, 1, 3)  # noqa: DTZ001


def test_only_a_name_that_ends_so_is_gzipped(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(_as_csv())
    runner([str(tmp_path / "a.csv")], tmp_path / "hasil.gz.csv")
    assert len(_read_csv((tmp_path / "hasil.gz.csv").read_bytes())) == len(ROWS)


def test_a_file_whose_name_is_no_utf8_is_read_and_its_bad_rows_told(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"adu\xe9an.jsonl")
    path.write_bytes(_as_json_lines() + b"\n{oops")
    outcome = runner([str(path)], tmp_path / "out.csv")
    assert (outcome.rows, outcome.refused) == (len(ROWS), 1)
    assert "adu\\udce9an.jsonl,12" in (tmp_path / "out.csv.rejected.csv").read_text()


def test_object_store_addresses_are_read(runner: Runner, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/history/2023/a.jsonl", _as_json_lines())
    store.pipe("/history/2024/b.csv.gz", gzip.compress(_as_csv()))
    store.pipe("/history/_SUCCESS", b"")
    outcome = runner(["memory://history"], tmp_path / "out.parquet")
    assert outcome.rows == 2 * len(ROWS)
    (tmp_path / "c.csv").write_bytes(_as_csv())
    assert runner([f"file://{tmp_path}/c.csv"], tmp_path / "out.parquet").rows == len(ROWS)


def test_hidden_and_unfinished_files_and_the_output_are_no_inputs(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".c.csv", "_d.csv", "~$a.xlsx", "out.csv", "notes.md"):
        (tmp_path / name).write_text("teks\n")
    (tmp_path / "x.part").mkdir()
    (tmp_path / "x.part" / "e.csv").write_text("teks\n")
    (tmp_path / "_keep").mkdir()
    (tmp_path / "_keep" / "f.csv").write_text("teks\n")
    own = [str(tmp_path / "out.csv")]
    for pattern in ("", "*.csv", "**/*.csv"):
        assert [file.name for file in find_files([str(tmp_path / pattern)], leave_out=own)] == ["a.csv", "b.csv"]
    assert [file.name for file in find_files([str(tmp_path / "_keep" / "*.csv")])] == ["f.csv"]


def test_files_of_several_folders_are_told_apart(runner: Runner, tmp_path: Path) -> None:
    for year in ("2019", "2020"):
        (tmp_path / "y" / year).mkdir(parents=True)
        (tmp_path / "y" / year / "jan.csv").write_text("teks\nlampu mati\n1\n")
    (tmp_path / "y" / "2020" / "feb.csv").write_bytes(b"")
    for inputs in (["y"], ["y/2019", "y/2020"], ["y/*/*.csv"]):
        runner([str(tmp_path / path) for path in inputs], tmp_path / "out.csv")
        refused = csv.DictReader((tmp_path / "out.csv.rejected.csv").read_text().splitlines())
        assert sorted(row["file"] for row in refused) == ["2019/jan.csv", "2020/feb.csv", "2020/jan.csv"]
    runner([str(tmp_path / "y" / "2019")], tmp_path / "out.csv")
    assert "\njan.csv,3," in (tmp_path / "out.csv.rejected.csv").read_text()


def test_an_archive_in_a_folder_is_told_and_not_passed_over(runner: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "2019"
    folder.mkdir()
    for name in ("a.csv", "b.zip", "catatan.docx"):
        (folder / name).write_text("isi\nlampu jalan mati\n")
    outcome = runner([str(folder)], tmp_path / "out.csv")
    assert (outcome.rows, outcome.refused) == (1, 1)
    assert (
        'b.zip,,"is an archive. Unpack it, then name the unpacked file or folder'
        in (tmp_path / "out.csv.rejected.csv").read_text()
    )


def test_a_workbook_with_macros_is_read(tmp_path: Path) -> None:
    _write_excel(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xlsm")
    assert open_file(find_files([str(tmp_path)])[0]).expected_rows == len(ROWS)


@pytest.mark.parametrize("missing", ["nowhere.csv", "nothing-*.csv", "."])
def test_an_input_that_is_not_there_is_told(tmp_path: Path, missing: str) -> None:
    with pytest.raises(DataError, match=r"There is no file"):
        find_files([str(tmp_path / missing)])


@pytest.mark.parametrize("name", ["-", "pipe"])
def test_a_stream_is_told_as_one_for_a_killed_run_could_not_read_it_again(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(DataError, match=r"is a stream.*Save it to a file"):
        find_files([name])


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
    rows = _read_json_lines((tmp_path / "out.jsonl").read_bytes())
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


def test_a_result_that_went_on_to_a_further_sheet_is_read_whole(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.sinks.EXCEL_ROWS", 5)
    _write_excel(tmp_path / "in.xlsx")
    runner([str(tmp_path / "in.xlsx")], tmp_path / "out.xlsx")
    assert len(CalamineWorkbook.from_path(tmp_path / "out.xlsx").sheet_names) == 3
    records = list(read_records(tmp_path / "out.xlsx"))
    assert [record.complaint.text for record in records if isinstance(record, Record)] == [
        row["isi laporan"] for row in ROWS
    ]
    assert len({(record.file, record.row) for record in records}) == len(ROWS)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_every_kind_of_parquet_column_can_be_written(runner: Runner, tmp_path: Path, ending: str) -> None:
    key = uuid.UUID("00ff0000-0000-4000-8000-000000000001")
    kinds: dict[str, tuple[Any, pa.DataType]] = {
        "teks": ("lampu jalan mati", pa.string_view()),
        "kunci": (key.bytes, pa.binary(16)),
        "uuid": (key.bytes, pa.uuid()),
        "bita": (b"\xff", pa.binary_view()),
        "lipat": ([{"a": 1.5, "b": b"\x01"}], pa.list_(pa.struct({"a": pa.float64(), "b": pa.binary()}))),
        "macam": ("x", pa.dictionary(pa.int32(), pa.string())),
    }
    columns = {name: pa.array([value, None], kind) for name, (value, kind) in kinds.items()}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    outcome = runner([str(tmp_path / "in.parquet")], tmp_path / f"out{ending}")
    assert (outcome.rows, outcome.refused) == (1, 1)
    if ending == ".parquet":
        assert pq.read_table(tmp_path / "out.parquet")["uuid"].to_pylist() == [key]
        return
    (row,) = READERS[ending](tmp_path / f"out{ending}")
    told = (row["teks"], row["kunci"], row["uuid"], row["bita"], row["macam"])
    assert told == ("lampu jalan mati", key.hex, str(key), "ff", "x")
    folded = row["lipat"] if ending == ".jsonl" else json.loads(row["lipat"])
    assert folded == [{"a": 1.5, "b": "01"}]


def test_json_lines_has_null_for_what_is_no_number(runner: Runner, tmp_path: Path) -> None:
    columns = {"teks": ["lampu", "air"], "nilai": [float("nan"), 1.5], "lipat": [[1.0, float("inf")], []]}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    runner([str(tmp_path / "in.parquet")], tmp_path / "out.jsonl")
    rows = [json.loads(line, parse_constant=pytest.fail) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["nilai"], row["lipat"]) for row in rows] == [(None, [1.0, None]), (1.5, [])]


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
