"""Remote inputs: a lost connection isn't taken for a broken file, and the run can be resumed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipeline.batch.columns import Columns
from pipeline.batch.files import find_files
from pipeline.batch.plan import Plan, plan_files
from pipeline.errors import BatchError
from tests.pipeline.batch.conftest import Runner, complaints

ROWS = 60


class LostError(Exception):
    """Errors of object store clients often aren't ``OSError``."""


def written(name: str) -> bytes:
    rows = list(complaints(ROWS))
    content, text = io.BytesIO(), io.StringIO()
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), content, row_group_size=10, compression="none")
    elif name.endswith(".xlsx"):
        with xlsxwriter.Workbook(content) as book:
            sheet = book.add_worksheet()
            for line, row in enumerate([list(rows[0]), *(row.values() for row in rows)]):
                sheet.write_row(line, 0, row)
    elif name.endswith(".jsonl"):
        content.write("".join(json.dumps(row) + "\n" for row in rows).encode())
    else:
        table = csv.DictWriter(text, rows[0])
        table.writeheader()
        table.writerows(rows)
        content.write(gzip.compress(text.getvalue().encode()))
    return content.getvalue()


@pytest.mark.parametrize("error", [LostError("gone"), TimeoutError()])
@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl", "a.parquet", "a.xlsx"])
def test_a_lost_connection_ends_no_file_but_the_run_until_it_is_back(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    url = f"memory:///lapor/{name}"
    store = fsspec.filesystem("memory")
    store.pipe(url, written(name))
    plan = planned(url)

    def lost(*_: object) -> bytes:
        raise error

    for broken in ("MemoryFile.read", "MemoryFileSystem.open"):
        with monkeypatch.context() as patched:
            patched.setattr(f"fsspec.implementations.memory.{broken}", lost)
            with pytest.raises(BatchError, match=rf"Reading .*{name} failed: .* same command"):
                planned(url)
            with pytest.raises(BatchError, match="same command"):
                plan.fingerprint()
            if not name.endswith(".xlsx"):  # workbooks are held in memory
                with pytest.raises(BatchError, match="same command"):
                    list(plan.chunks(20))
    outcome = runner([url], tmp_path / "out.jsonl")
    assert (outcome.rows, outcome.refused) == (ROWS, 0)


def test_files_in_an_archive_are_read_where_they_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "arsip.zip", "w") as archive:
        for year in ("2019", "2020"):
            archive.writestr(f"{year}/a.csv.gz", written("a.csv.gz"))
    for inside, names in (("", ["2019/a.csv.gz", "2020/a.csv.gz"]), ("2020/*.gz", ["a.csv.gz"])):
        for cached in ("", "simplecache::"):
            files = find_files([f"{cached}zip://{inside}::{tmp_path}/arsip.zip"])
            assert [file.name for file in files] == names
            assert plan_files(files, Columns()).expected_rows == ROWS * len(names)


def planned(url: str) -> Plan:
    return plan_files(find_files([url]), Columns())
