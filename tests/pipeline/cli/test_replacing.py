"""What ``disposisi reclassify`` may replace, and what it never does."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from pipeline.batch.report.sink import ReportFiles
from pipeline.cli.main import assemble
from pipeline.cli.reclassify import REFUSED_EXIT_CODE
from pipeline.errors import BatchError, DataError
from tests.pipeline.cli.killing import killed


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="becomes another account")
def test_a_report_that_cannot_be_written_is_named_not_only_its_folder() -> None:
    nobody = 65_534
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are private
        Path(folder).chmod(0o555)
        os.setresuid(nobody, nobody, 0)  # access is asked for the real account
        try:
            with pytest.raises(PermissionError) as error:
                ReportFiles.named(Path(folder, "perubahan")).make_folder()
        finally:
            os.setresuid(0, 0, 0)
        assert error.value.filename == f"{folder}/perubahan.html"


@pytest.mark.parametrize("name", ["perubahan.2024", "perubahan.2024.html"])
def test_a_report_keeps_its_name_and_only_an_ending_html_is_taken_away(name: str) -> None:
    files = ReportFiles.named(Path("hasil") / name)
    assert files == ReportFiles(Path("hasil/perubahan.2024.html"), Path("hasil/perubahan.2024.xlsx"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["a.xlsx", "-o", "hasil.xlsx", "--report", "hasil", "--overwrite"], "needs"),
        (["a.xlsx", "--dry-run", "1", "--report", "a", "--overwrite"], "needs"),
        (["a.xlsx", "--dry-run", "1", "--report", "./link", "--overwrite"], "needs"),
        (["a.xlsx", "--dry-run", "1", "--report", "lain"], "--overwrite"),
        (["a.xlsx", "-o", "hasil.csv", "--report", "lain"], "--overwrite"),
        ([".", "-o", "hasil.csv", "--report", "a", "--overwrite"], "needs"),
    ],
)
def test_a_report_never_replaces_what_the_run_needs_nor_without_a_word_what_is_there(
    options: list[str], says: str, tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with xlsxwriter.Workbook("a.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["isi laporan", "lampu jalan mati"])
    Path("link.xlsx").symlink_to("a.xlsx")
    Path("lain.html").write_text("a page that somebody wrote")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    if options[0] == ".":
        Path("link.xlsx").unlink()
        before.pop(Path("link.xlsx"))
    result = CliRunner().invoke(assemble(), ["reclassify", *options, "--model", str(model_folder)])
    assert isinstance(result.exception, DataError)
    assert says in str(result.exception)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_what_a_run_may_not_remove_or_replace_is_told_before_the_work(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi\nlampu jalan mati\n")
    command = ["reclassify", "a.csv", "--model", str(model_folder), "--processes", "1", "-o"]
    for folder in ("hasil.csv.part", "map.csv", "2019"):
        Path(folder).mkdir()
    (tmp_path / "hasil.csv.part" / "catatan.txt").write_text("mine")
    for options, says in (
        (["hasil.csv"], "was not made by reclassify: it contains catatan.txt"),
        (["hasil.csv", "--fresh"], "was not made by reclassify"),
        (["map.csv", "--overwrite"], "map.csv is a folder"),
        (["2019"], "2019 is a folder"),
        (["."], ". is a folder"),
    ):
        refused = CliRunner().invoke(assemble(), [*command, *options])
        assert isinstance(refused.exception, BatchError)
        assert says in str(refused.exception)
    assert (tmp_path / "hasil.csv.part" / "catatan.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("out", "result"),
    [(["-o", "hasil.csv"], "hasil.csv"), (["--out-sql", "sqlite:///hasil.db", "--out-table", "hasil"], "hasil.db")],
)
def test_a_list_of_refused_rows_replaces_only_another(
    out: list[str], result: str, tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rejected = Path(f"{out[-1]}.rejected.csv")
    Path("a.csv").write_text("isi\nlampu jalan mati\n12345\n")
    command = ["reclassify", "a.csv", *out, "--model", str(model_folder), "--processes", "1"]
    rejected.write_text("file,row,reason,my own notes\n")
    refused = CliRunner().invoke(assemble(), command)
    assert isinstance(refused.exception, BatchError)
    assert "was not written by reclassify" in str(refused.exception)
    assert rejected.read_text() == "file,row,reason,my own notes\n"
    assert not Path(f"{out[-1]}.part").exists()
    assert CliRunner().invoke(assemble(), [*command, "--overwrite"]).exit_code == REFUSED_EXIT_CODE
    Path(result).unlink()
    assert CliRunner().invoke(assemble(), command).exit_code == REFUSED_EXIT_CODE, "a run's own files are replaced"


def test_a_table_that_the_database_would_not_make_is_told_before_the_work(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi,Catatan,catatan\nlampu jalan mati,1,2\n")
    command = ["reclassify", "a.csv", "--out-sql", "sqlite:///a.db", "--out-table", "baru"]
    refused = CliRunner().invoke(assemble(), [*command, "--model", str(model_folder), "--processes", "1"])
    assert "duplicate column name: catatan. Choose another" in str(refused.exception)
    assert not Path("baru.part").exists()


def test_a_fresh_run_that_may_not_replace_the_result_throws_nothing_away(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi\nlampu jalan mati\n")
    command = ["reclassify", "a.csv", "--model", str(model_folder), "--processes", "1", "-o", "b.csv"]
    command += ["--report", "laporan/perubahan"]
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", killed)
        CliRunner().invoke(assemble(), command)
    assert Path("laporan/perubahan.html").exists()
    assert isinstance(CliRunner().invoke(assemble(), [*command, "--fresh"]).exception, BatchError)
    assert Path("b.csv.part/run.json").exists()
    assert CliRunner().invoke(assemble(), [*command, "--fresh", "--overwrite"]).exit_code == 0


@pytest.mark.parametrize("inputs", [["a.csv"], ["./link.csv", "b.csv"], ["b.csv", "a.csv.rejected.csv"], ["?.csv"]])
def test_a_result_never_replaces_an_input(
    inputs: list[str], tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv", "a.csv.rejected.csv"):
        Path(name).write_text("isi\nlampu jalan mati\n12345\n")
    Path("link.csv").symlink_to("a.csv")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    command = ["reclassify", *inputs, "-o", "a.csv", "--overwrite", "--model", str(model_folder), "--processes", "1"]
    result = CliRunner().invoke(assemble(), command)
    if inputs == ["?.csv"]:  # a match of a pattern is taken for the result of an earlier run
        assert result.exit_code == REFUSED_EXIT_CODE
        return
    assert isinstance(result.exception, DataError)
    assert "would overwrite a.csv" in str(result.exception)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before
