"""Whatever a column of Parquet holds, its rows are read, or each that cannot be is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.batch import Record, read_records
from tests.pipeline.batch.conftest import Runner, complaints

ROWS = list(complaints(11))


def test_a_parquet_file_with_two_columns_of_one_name_keeps_both(runner: Runner, tmp_path: Path) -> None:
    columns = [pa.array([row[name] for row in ROWS]) for name in ROWS[0]]
    pq.write_table(pa.table([*columns, columns[0]], names=[*ROWS[0], next(iter(ROWS[0]))]), tmp_path / "in.parquet")
    runner([str(tmp_path / "in.parquet")], tmp_path / "out.parquet")
    found = pq.read_table(tmp_path / "out.parquet")
    assert found[f"{next(iter(ROWS[0]))}_2"].to_pylist() == columns[0].to_pylist()


def test_a_text_that_a_parquet_file_holds_as_bytes_is_read_as_the_text_it_is(runner: Runner, tmp_path: Path) -> None:
    """Older writers of Parquet leave it out that a column of bytes holds texts."""
    texts = [row["isi laporan"] for row in ROWS]
    pq.write_table(pa.table({"isi": texts}), tmp_path / "teks.parquet")
    pq.write_table(pa.table({"isi": [*(text.encode() for text in texts), b"lampu \xff mati"]}), tmp_path / "b.parquet")
    assert runner([str(tmp_path / "teks.parquet")], tmp_path / "a.parquet").rows == len(texts)
    outcome = runner([str(tmp_path / "b.parquet")], tmp_path / "c.parquet")
    answers = [pq.read_table(tmp_path / name).drop_columns("isi") for name in ("a.parquet", "c.parquet")]
    assert answers[0].equals(answers[1])
    assert (outcome.rows, outcome.refused) == (len(texts), 1)


@pytest.mark.parametrize(
    ("kind", "far"),
    [
        (pa.timestamp("us"), 300_000_000_000_000_000),
        (pa.timestamp("ms", "Asia/Jakarta"), 1_700_000_000_000_000),
        (pa.timestamp("s"), -1_700_000_000_000),
        (pa.date32(), 20_000_000),
    ],
)
def test_a_row_with_a_day_that_no_calendar_has_is_refused_alone(
    kind: pa.DataType, far: int, runner: Runner, tmp_path: Path
) -> None:
    day = pa.array([1, far, None, 2], pa.int32() if kind == pa.date32() else pa.int64()).cast(kind)
    pq.write_table(pa.table({"isi": [row["isi laporan"] for row in ROWS[:4]], "hari": day}), tmp_path / "in.parquet")
    outcome = runner([str(tmp_path / "in.parquet")], tmp_path / "out.parquet")
    assert (outcome.rows, outcome.refused) == (3, 1)
    assert "in.parquet,3,a date outside" in (tmp_path / "out.parquet.rejected.csv").read_text()
    assert pq.read_table(tmp_path / "out.parquet")["hari"].null_count == 1


_MOMENT, _WIB = pa.timestamp("ms"), pa.timestamp("ms", "WIB")


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (pa.list_(_MOMENT), [[1], [10**16], None, []]),
        (pa.struct([("masuk", pa.list_(pa.date32()))]), [{"masuk": [1]}, {"masuk": [1, 20_000_000]}, None, {}]),
        (pa.map_(pa.string(), _MOMENT), [[("masuk", 1)], [("masuk", 10**16)], None, []]),
        (pa.duration("s"), [1, 2**62, None, 2]),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_row_with_a_nested_day_or_a_duration_that_nobody_can_read_is_refused_alone(
    kind: pa.DataType, cells: list[object], ending: str, runner: Runner, tmp_path: Path
) -> None:
    table = pa.table({"isi": [row["isi laporan"] for row in ROWS[:4]], "lain": pa.array(cells, kind)})
    pq.write_table(table, tmp_path / "in.parquet")
    outcome = runner([str(tmp_path / "in.parquet")], tmp_path / f"out.{ending}")
    assert (outcome.rows, outcome.refused) == (3, 1)
    assert 'in.parquet,3,"a nested date outside' in (tmp_path / f"out.{ending}.rejected.csv").read_text()


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (pa.list_(_WIB), [0]),
        (pa.large_list(_WIB), [0]),
        (pa.struct([("masuk", pa.list_(_WIB)), ("nama", pa.string())]), {"masuk": [0], "nama": "x"}),
        (pa.map_(pa.string(), _WIB), [("masuk", 0)]),
    ],
)
def test_a_nested_moment_in_an_unknown_zone_is_the_same_moment_in_utc(
    kind: pa.DataType, cell: object, runner: Runner, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"isi": ["lampu mati"], "lain": pa.array([cell], kind)}), tmp_path / "in.parquet")
    assert runner([str(tmp_path / "in.parquet")], tmp_path / "out.jsonl").rows == 1
    assert "1970-01-01T00:00:00+00:00" in (tmp_path / "out.jsonl").read_text()


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_text_of_parquet_that_is_no_utf8_costs_its_own_byte_only(kind: pa.DataType, tmp_path: Path) -> None:
    written = ["jalan rusak", None, b"caf\xe9 ramai sekali", "lampu mati"]
    bare = pa.array([cell.encode() if isinstance(cell, str) else cell for cell in written], pa.large_binary())
    texts = pa.chunked_array([bare]).cast(pa.binary() if kind == pa.string() else pa.large_binary()).chunk(0)
    unchecked = pa.Array.from_buffers(kind, len(written), texts.buffers(), texts.null_count)
    pq.write_table(pa.table({"teks": unchecked, "dinas": list("abcd")}), tmp_path / "a.parquet")
    read = list(read_records(tmp_path / "a.parquet"))
    assert [row.complaint.text for row in read if isinstance(row, Record)] == [
        "jalan rusak", "caf\ufffd ramai sekali", "lampu mati",
    ]  # fmt: skip
    assert [row.row for row in read if not isinstance(row, Record)] == [3]


@pytest.mark.parametrize("zone", ["WIB", "utc", "Z", "UTC+7"])
def test_moments_in_a_zone_of_a_name_that_nobody_knows_are_the_same_moments_in_utc(
    zone: str, runner: Runner, tmp_path: Path
) -> None:
    moment = dt.datetime(2025, 8, 17, 3, tzinfo=dt.UTC)
    told = pa.array([moment, None], pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    pq.write_table(pa.table({"teks": ["lampu mati", "jalan rusak"], "tanggal": told}), tmp_path / "a.parquet")
    read = list(read_records(tmp_path / "a.parquet"))
    assert [row.date for row in read if isinstance(row, Record)] == [moment, None]
    assert runner([str(tmp_path / "a.parquet")], tmp_path / "out.parquet").rows == 2
    assert pq.read_table(tmp_path / "out.parquet")["tanggal"].to_pylist() == [moment, None]
