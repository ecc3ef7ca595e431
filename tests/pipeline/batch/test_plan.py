"""What a plan reads, and how a resumed run recognises it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.batch.columns import Columns
from pipeline.batch.files import find_files
from pipeline.batch.plan import Plan, plan_files
from pipeline.errors import DataError


def plan(*files: Path, columns: Columns | None = None) -> Plan:
    return plan_files(find_files([str(file) for file in files]), columns or Columns())


def test_a_run_goes_on_only_with_the_same_columns_and_the_same_files_left_out(tmp_path: Path) -> None:
    good, broken = tmp_path / "a.csv", tmp_path / "b.parquet"
    good.write_text("teks,ringkasan\nlampu mati,pju\n", encoding="utf-8")
    broken.write_bytes(b"no parquet")
    begun = plan(good).fingerprint()
    assert plan(good, columns=Columns(text="teks")).fingerprint() == begun
    assert plan(good, columns=Columns(text="ringkasan")).fingerprint() != begun
    assert plan(good, broken).fingerprint() != begun, "files reported as unusable are part of the result"


def test_of_several_files_those_of_years_with_other_columns_are_read_by_their_own_names(tmp_path: Path) -> None:
    old, new = tmp_path / "2019.csv", tmp_path / "2020.csv"
    old.write_text("Isi Laporan,Tanggal\nlampu mati,2019-01-01\n", encoding="utf-8")
    new.write_text("Ringkasan Warga,Masuk\nlampu mati,2020-01-01\n", encoding="utf-8")
    both = plan(old, new, columns=Columns(text="Ringkasan Warga", date="Masuk"))
    assert [planned.roles for planned in both.sources] == [
        {"text": "Isi Laporan", "date": "Tanggal"},
        {"text": "Ringkasan Warga", "date": "Masuk"},
    ]
    with pytest.raises(DataError, match="None of the files has a column 'Keluar'"):
        plan(old, new, columns=Columns(date="Keluar"))
    with pytest.raises(DataError, match=r"2020\.csv has no column 'Keluar'"):
        plan(new, columns=Columns(date="Keluar"))


def test_what_is_wrong_with_the_only_file_is_told_with_its_own_mend(tmp_path: Path) -> None:
    broken = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in broken:
        file.write_text("nomor,nama\n1,Ani\n", encoding="utf-8")
    with pytest.raises(DataError, match="--text COLUMN") as one:
        plan(broken[0])
    with pytest.raises(DataError, match=r"None of the 2 files can be used\. The first: a\.csv") as both:
        plan(*broken)
    assert one.value.mend != both.value.mend
