"""Damaged files are either read or refused with a one-line error that quotes no complaint; they never cause a crash.

``DISPOSISI_CASES=2000 pytest -m slow tests/pipeline/test_damaged_files.py`` tries that many files of each kind.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.batch import read_records, split_bad
from pipeline.errors import DataError, DisposisiError, ModelError
from pipeline.manifest import MANIFEST, parsed_manifest, read_manifest
from pipeline.region.catalogue import Urusan
from pipeline.region.national import BASE
from pipeline.region.schema import Agency, RegionSettings
from pipeline.region.sources import Sources
from tests.mutations import damaged

CASES = int(os.environ.get("DISPOSISI_CASES", "50"))
MARKER = "zyzzogeton"
some = settings(max_examples=CASES, suppress_health_check=list(HealthCheck))


def _good(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return the good file, cached, because a workbook contains its creation time."""
    path = factory.getbasetemp() / name
    if not path.exists():
        _write(path)
    return path


def _write(path: Path) -> None:
    header, cells = ["no", "teks", "dinas"], [["1", "lampu, jalan; mati", "x"], ["2", "sampah menumpuk", "y"]]
    rows = [dict(zip(header, row, strict=True)) for row in cells]
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for values in (header, *cells):
            sheet.append(values)
        book.save(path)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        quoted = [";".join(f'"{value}"' for value in values) for values in (header, *cells)]
        path.write_text("\n".join(quoted), encoding="utf-8")


def _one_line(error: DisposisiError) -> None:
    assert "\n" not in str(error)
    assert "\r" not in str(error)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.jsonl", "a.csv"])
@some
@given(data=st.data())
def test_a_file_of_complaints(name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    good = _good(tmp_path_factory, name)
    path = good.with_name(f"damaged-{name}")
    path.write_bytes(data.draw(damaged(good.read_bytes())))
    try:
        _, bad = split_bad(read_records(path))
    except DataError as error:
        _one_line(error)
    else:
        assert [row for row in bad if "\n" in row.reason] == []


def test_a_file_without_a_header_is_told_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'1;"Lampu jalan di depan rumah\nsaya mati {MARKER}";x\n2;jalan rusak;y\n', encoding="utf-8")
    with pytest.raises(DataError, match="Name it with --text COLUMN") as told:
        list(read_records(path))
    _one_line(told.value)
    assert "its columns: 1, …, x." in str(told.value)
    assert MARKER not in str(told.value)
    assert "Lampu" not in str(told.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "entry"),
    [("region.yaml", RegionSettings), ("catalogue/perhubungan.yaml", Urusan), ("agencies.csv", Agency)],
)
@some
@given(data=st.data())
@example(data=None)
def test_a_file_of_a_region(
    name: str, entry: type[Any], data: st.DataObject | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    good = (BASE / name).read_bytes()
    folder = tmp_path_factory.getbasetemp() / "damaged-region"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(good if data is None else data.draw(damaged(good)))
    sources = Sources(folder)
    read = sources.table if name.endswith(".csv") else sources.document
    found = list(read(folder / name, entry))
    if data is None:
        assert found
        assert sources.mistakes == []
    assert [str(mistake) for mistake in sources.mistakes if "\n" in str(mistake)] == []


@pytest.mark.slow
@some
@given(data=st.data())
def test_a_manifest(data: st.DataObject, model_folder: Path) -> None:
    assert read_manifest(model_folder)
    try:
        parsed_manifest(model_folder, data.draw(damaged((model_folder / MANIFEST).read_bytes())))
    except ModelError as error:
        assert "\n" not in str(error)
