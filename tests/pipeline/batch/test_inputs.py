"""Which files, folders and addresses are inputs, and what they are called."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import fsspec
import pytest

from pipeline.batch.files import find_files
from pipeline.errors import DataError
from tests.pipeline.batch.conftest import Runner
from tests.pipeline.batch.every_format import ROWS, as_csv, as_json_lines, read_csv


def test_only_a_name_that_ends_so_is_gzipped(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(as_csv())
    runner([str(tmp_path / "a.csv")], tmp_path / "hasil.gz.csv")
    assert len(read_csv((tmp_path / "hasil.gz.csv").read_bytes())) == len(ROWS)


def test_a_file_whose_name_is_no_utf8_is_read_and_its_bad_rows_told(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"adu\xe9an.jsonl")
    path.write_bytes(as_json_lines() + b"\n{oops")
    outcome = runner([str(path)], tmp_path / "out.csv")
    assert (outcome.rows, outcome.refused) == (len(ROWS), 1)
    assert "adu\\udce9an.jsonl,12" in (tmp_path / "out.csv.rejected.csv").read_text()


def test_object_store_addresses_are_read(runner: Runner, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/history/2023/a.jsonl", as_json_lines())
    store.pipe("/history/2024/b.csv.gz", gzip.compress(as_csv()))
    store.pipe("/history/_SUCCESS", b"")
    outcome = runner(["memory://history"], tmp_path / "out.parquet")
    assert outcome.rows == 2 * len(ROWS)
    (tmp_path / "c.csv").write_bytes(as_csv())
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
