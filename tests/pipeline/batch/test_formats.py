"""Rows are the same in all input and output formats."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import uuid
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pipeline.batch.conftest import Runner
from tests.pipeline.batch.every_format import READERS, ROWS, as_csv, as_json_lines, read_json_lines, write_excel


def _write(path: Path) -> None:
    if path.name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.name.endswith(".xlsx"):
        write_excel(path)
    else:
        content = as_csv() if ".csv" in path.name else as_json_lines()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


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
    rows = read_json_lines((tmp_path / "out.jsonl").read_bytes())
    assert [(row["teks"], row["nilai"], row["isi"]) for row in rows] == [
        ("jalan rusak", "1", None), ("sampah", "dua", "lampu mati")
    ]  # fmt: skip


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


def test_nanoseconds_beside_coarser_times_are_kept_to_the_microsecond(runner: Runner, tmp_path: Path) -> None:
    moment = 1_735_689_600_123_456_789
    for name, kind, told in (("a", pa.timestamp("ns"), moment), ("b", pa.timestamp("us"), moment // 1_000)):
        pq.write_table(pa.table({"isi": ["lampu mati"], "masuk": pa.array([told], kind)}), tmp_path / f"{name}.parquet")
    runner([str(tmp_path)], tmp_path.parent / "out.parquet")
    masuk = pq.read_table(tmp_path.parent / "out.parquet")["masuk"]
    assert masuk.type == pa.timestamp("us")
    assert masuk.cast(pa.int64()).to_pylist() == [moment // 1_000] * 2


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


def test_a_folded_cell_is_the_same_text_beside_a_file_with_plain_text_in_its_column(
    runner: Runner, tmp_path: Path
) -> None:
    folded = {"a": float("nan"), "b": b"\x01", "c": dt.datetime(2025, 8, 17)}  # noqa: DTZ001
    pq.write_table(pa.table({"teks": ["lampu jalan mati"], "lipat": [folded]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"teks": ["sampah menumpuk"], "lipat": ["x"]}), tmp_path / "b.parquet")
    told = []
    for name, files in (("alone", ["a"]), ("both", ["a", "b"])):
        runner([str(tmp_path / f"{file}.parquet") for file in files], tmp_path / f"{name}.csv")
        told.append(READERS[".csv"](tmp_path / f"{name}.csv")[0]["lipat"])
    assert told == ['{"a": null, "b": "01", "c": "2025-08-17T00:00:00"}'] * 2


def test_what_is_no_number_in_json_lines_is_no_text_either(runner: Runner, tmp_path: Path) -> None:
    lines = ['{"teks": "lampu jalan mati", "lipat": {"a": NaN}}', '{"teks": NaN, "lipat": "x"}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert runner([str(tmp_path / "in.jsonl")], tmp_path / "out.csv").refused == 1
    (row,) = READERS[".csv"](tmp_path / "out.csv")
    assert row["lipat"] == '{"a": null}'


def test_json_lines_has_null_for_what_is_no_number(runner: Runner, tmp_path: Path) -> None:
    columns = {"teks": ["lampu", "air"], "nilai": [float("nan"), 1.5], "lipat": [[1.0, float("inf")], []]}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    runner([str(tmp_path / "in.parquet")], tmp_path / "out.jsonl")
    rows = [json.loads(line, parse_constant=pytest.fail) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["nilai"], row["lipat"]) for row in rows] == [(None, [1.0, None]), (1.5, [])]
