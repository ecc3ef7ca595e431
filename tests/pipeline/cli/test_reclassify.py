"""The command ``disposisi reclassify``."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from rich.console import Console
from typer.testing import CliRunner

from pipeline.batch.report.sink import ReportFiles
from pipeline.cli.main import _assemble
from pipeline.cli.reclassify import REFUSED_EXIT_CODE
from pipeline.cli.watching import BarWatch
from pipeline.errors import BatchError, ChangedInputError, DataError, ModelNotFoundError
from pipeline.manifest import MANIFEST
from pipeline.region.load import REGIONS


def test_refused_rows_are_told_by_file_and_exit_code_and_the_report_is_written(
    tmp_path: Path, model_folder: Path
) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "lampu jalan mati", "instansi": "Dinas Perhubungan"}\n{oops\n')
    command = ["reclassify", str(source), "-o", str(out), "--model", str(model_folder), "--processes", "1"]
    result = CliRunner().invoke(_assemble(), [*command, "--report", str(tmp_path / "perubahan"), "--json"])
    assert result.exit_code == REFUSED_EXIT_CODE
    told = json.loads(result.stdout)
    assert (told["rows"], told["refused"], told["rejected"]) == (1, 1, str(tmp_path / "out.jsonl.rejected.csv"))
    assert [json.loads(line)["disposisi_agrees"] for line in out.read_text().splitlines()] == [True]
    assert "not valid JSON" in (tmp_path / "out.jsonl.rejected.csv").read_text()
    assert "Dinas Perhubungan" in (tmp_path / "perubahan.html").read_text()
    again = CliRunner().invoke(_assemble(), command)
    assert isinstance(again.exception, BatchError)
    assert "--overwrite" in str(again.exception)


@pytest.mark.parametrize("options", [["-o", "hasil.parquet"], ["--dry-run", "3"]])
def test_which_files_are_not_read_and_which_columns_are_read_as_what_is_told_before_the_work(
    options: list[str], tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for year in (2019, 2020):
        Path(f"{year}.csv").write_text("Isi Laporan,Instansi,Tgl Masuk\nlampu jalan mati,dishub,2019-01-01\n")
    Path("2021.csv").write_text("Keluhan,OPD Penerima\nlampu jalan mati,dishub\n")
    for name in ("2022.json", ".hidden.json", "perubahan.html"):
        Path(name).write_text("[]")
    command = ["reclassify", ".", *options, "--model", str(model_folder), "--processes", "1"]
    command += ["--report", "perubahan", "--overwrite"]
    told = CliRunner().invoke(_assemble(), command, catch_exceptions=False).stderr.splitlines()
    assert told[:3] == [
        "Skipped, unknown file extension: 2022.json.",
        "2019.csv and 1 more: text from Isi Laporan, agency from Instansi, date from Tgl Masuk; "
        "no address, answered, kecamatan.",
        "2021.csv: text from Keluhan; no agency, address, date, answered, kecamatan.",
    ]


def test_which_files_cannot_be_used_is_told_before_the_hours_that_the_others_take(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi\nlampu jalan mati\n")
    Path("b.csv").write_text("nomor,nama\n1,Ani\n")
    command = ["reclassify", "a.csv", "b.csv", "-o", "c.csv", "--model", str(model_folder), "--processes", "1"]
    before, _, after = CliRunner().invoke(_assemble(), command).stderr.partition("INFO rows=0")
    assert "1 file(s) cannot be used; the others are processed:\n  b.csv: has no column that looks like" in before
    assert "--text COLUMN" in before
    assert after


def test_a_model_that_is_not_there_is_told_before_a_long_look_at_the_input(tmp_path: Path) -> None:
    command = ["reclassify", str(tmp_path / "nowhere.csv"), "--dry-run", "1", "--model", str(tmp_path / "nowhere")]
    assert isinstance(CliRunner().invoke(_assemble(), command).exception, ModelNotFoundError)


def test_a_workbook_has_its_times_by_the_clock_of_the_models_region(tmp_path: Path, model_folder: Path) -> None:
    east, source = tmp_path / "merauke", tmp_path / "a.parquet"
    shutil.copytree(REGIONS / "kab_bekasi", east)
    for file in (east / "region.yaml", *east.glob("*.csv")):
        file.write_text(file.read_text(encoding="utf-8").replace("32.16", "93.01"), encoding="utf-8")
    model = shutil.copytree(model_folder, tmp_path / "model")
    told = json.loads((model / MANIFEST).read_text(encoding="utf-8"))
    told["region"] |= {"code": "93.01", "folder": str(east)}
    (model / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    moment = pa.array([dt.datetime(2025, 1, 31, 18, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"teks": ["jalan rusak"], "masuk": moment}), source)
    command = ["reclassify", str(source), "-o", str(tmp_path / "b.xlsx"), "--model", str(model), "--processes", "1"]
    assert CliRunner().invoke(_assemble(), command, catch_exceptions=False).exit_code == 0
    header, row = CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(0).to_python()
    assert dict(zip(header, row, strict=True))["masuk"] == dt.datetime(2025, 2, 1, 3)  # noqa: DTZ001


def test_who_watches_sees_how_far_the_writing_of_the_result_is(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati"}\n' * 4 + "{oops\n")
    monkeypatch.setattr("pipeline.cli.watching.LOG_SECONDS", 0.0)
    command = ["reclassify", "a.jsonl", "-o", "b.csv", "--chunk-rows", "2", "--processes", "1"]
    told = CliRunner().invoke(_assemble(), [*command, "--model", str(model_folder)]).stderr
    steps = list(dict.fromkeys(re.findall(r"INFO ((?:rows|written)=\d+)", told)))
    assert steps == ["rows=0", "rows=2", "rows=4", "rows=5", "written=0", "written=2", "written=4"]


def test_a_look_at_large_inputs_is_no_silence(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)
    monkeypatch.setattr("pipeline.cli.reclassify.err", terminal)
    (tmp_path / "a.jsonl").write_text("{}\n")
    command = ["reclassify", str(tmp_path), "--dry-run", "1", "--model", str(model_folder)]
    assert isinstance(CliRunner().invoke(_assemble(), command).exception, DataError)
    assert "Scanning the input" in str(terminal.file.getvalue())  # type: ignore[attr-defined]


def test_the_bar_begins_anew_for_the_rows_that_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)
    monkeypatch.setattr("pipeline.cli.watching.err", terminal)
    with BarWatch() as watch:
        watch.begin(10)
        watch.advance(8, 2, resumed=False)
        watch.begin_writing(8)
        watch.written(3)
    shown = str(terminal.file.getvalue())  # type: ignore[attr-defined]
    for line in (r"Answering.* 10 of 10 rows", r"Writing.* 0 of 8 rows", r"Writing.* 3 of 8 rows.* 2 refused"):
        assert re.search(line, shown)


def test_each_row_of_several_files_tells_where_it_stood_if_asked_and_the_rejected_ones_are_all_others(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for year in ("2019", "2020"):
        Path(year).mkdir()
        Path(year, "jan.csv").write_text('isi\n"lampu jalan\nmati"\n12345\n\nsampah menumpuk\n')
    Path("2020", b"\xff.jsonl".decode("utf-8", "surrogateescape")).write_text('{oops\n{"isi": "air mati"}\n')
    with xlsxwriter.Workbook("2019/b.xlsx") as book:
        for month in ("Januari", "Februari"):
            book.add_worksheet(month).write_column(0, 0, ["isi", "lampu jalan mati"])
    command = ["reclassify", "2019", "2020", "-o", "x.parquet", "--source-columns", "--chunk-rows", "2"]
    command += ["--model", str(model_folder), "--processes", "1"]
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", _killed)
        CliRunner().invoke(_assemble(), command)
    other = [option for option in command if option != "--source-columns"]
    refused = CliRunner().invoke(_assemble(), [*other, "--overwrite"])
    assert "source columns: true, now false" in str(refused.exception)
    assert CliRunner().invoke(_assemble(), command).exit_code == REFUSED_EXIT_CODE
    table = pq.read_table("x.parquet")
    assert table.column_names[-2:] == ["disposisi_file", "disposisi_row"]
    named = {(row["disposisi_file"], row["disposisi_row"]): row["isi"] for row in table.to_pylist()}
    assert named == {
        ("2019/b.xlsx", 2): "lampu jalan mati",
        ("2019/b.xlsx, sheet Februari", 2): "lampu jalan mati",
        ("2019/jan.csv", 2): "lampu jalan\nmati",
        ("2019/jan.csv", 5): "sampah menumpuk",
        ("2020/jan.csv", 2): "lampu jalan\nmati",
        ("2020/jan.csv", 5): "sampah menumpuk",
        ("2020/\\udcff.jsonl", 2): "air mati",
    }
    rejected = [line.split(",")[:2] for line in Path("x.parquet.rejected.csv").read_text().splitlines()[1:]]
    assert rejected == [["2019/jan.csv", "3"], ["2020/jan.csv", "3"], ["2020/\\udcff.jsonl", "1"]]
    again = ["reclassify", "x.parquet", "--dry-run", "1", "--source-columns", "--model", str(model_folder)]
    assert "disposisi_agency" in str(CliRunner().invoke(_assemble(), again).exception)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-o", "x.csv"], "files to read"),
        (["a.csv"], "--out"),
        (["--sql", "sqlite://", "-o", "x.csv"], "--table"),
        (["b.csv", "-o", "x.csv", "--table", "aduan"], "--sql"),
        (["b.csv", "-o", "x.csv", "--query", "SELECT 1"], "--sql"),
        (["b.csv", "-o", "x.csv", "--out-sql", "sqlite://"], "--out-table"),
    ],
)
def test_options_that_do_not_fit_are_told(
    options: list[str], says: str, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.csv").write_text("isi\nlampu mati\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(_assemble(), ["reclassify", *options, "--model", str(model_folder)])
    assert isinstance(result.exception, DataError)
    assert says in str(result.exception)


def test_a_dry_run_tells_shares_with_intervals_and_writes_nothing_but_the_report(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"text": f"lampu jalan mati nomor {n}", "instansi": "Dinas Perhubungan"} for n in range(40)]
    rows += [{"text": f"lampu jalan mati tiang {n}", "instansi": "Dinas Lingkungan Hidup"} for n in range(40)]
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = ["reclassify", "a.jsonl", "--dry-run", "80", "--model", str(model_folder), "--processes", "1"]
    result = CliRunner().invoke(_assemble(), [*command, "--report", "perubahan"], catch_exceptions=False)
    assert "80 of 80 rows" in result.stdout
    assert " another agency           50.0% (39.3% to 60.7%)" in result.stdout
    told = json.loads(CliRunner().invoke(_assemble(), [*command, "--json"], catch_exceptions=False).stdout)
    assert told["another_agency"] == pytest.approx({"share": 0.5, "low": 0.393, "high": 0.607}, abs=5e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "perubahan.html", "perubahan.xlsx"]


def test_a_dry_run_draws_rows_that_cannot_be_used_and_names_the_files(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati"}\n' * 6 + "{oops\n" * 2)
    Path("b.jsonl").write_text('{"text": "sampah"}\n{"text": "\\ud800"}\n')
    Path("c.parquet").write_bytes(b"no parquet")
    command = ["reclassify", ".", "--dry-run", "80", "--model", str(model_folder), "--processes", "1", "--json"]
    result = CliRunner().invoke(_assemble(), command, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert (told["rows"], told["population"], told["could_not_be_used"]["share"]) == (7, 10, 0.3)
    assert [file.partition(":")[0] for file in told["unusable_files"]] == ["c.parquet"]
    assert (
        "1 file(s) cannot be used; the sample contains none of their rows:\n  c.parquet: cannot be read"
        in result.stderr
    )


def test_a_sheet_that_is_left_out_is_named_and_is_no_row_of_the_population(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = xlsxwriter.Workbook("a.xlsx")
    complaints, summary = book.add_worksheet("Januari"), book.add_worksheet("Rekap")
    for number, row in enumerate([("text", "id"), *(("lampu jalan mati", n) for n in range(6))]):
        complaints.write_row(number, 0, row)
    for number, row in enumerate([("Instansi", "Jumlah"), ("Dinas PU", 3)]):
        summary.write_row(number, 0, row)
    book.close()
    command = ["reclassify", "a.xlsx", "--dry-run", "80", "--model", str(model_folder), "--processes", "1", "--json"]
    result = CliRunner().invoke(_assemble(), command, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert (told["rows"], told["population"], told["could_not_be_used"]["share"]) == (6, 6, 0)
    assert [file.partition(":")[0] for file in told["unusable_files"]] == ["a.xlsx, sheet Rekap"]


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
    result = CliRunner().invoke(_assemble(), ["reclassify", *options, "--model", str(model_folder)])
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
        refused = CliRunner().invoke(_assemble(), [*command, *options])
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
    refused = CliRunner().invoke(_assemble(), command)
    assert isinstance(refused.exception, BatchError)
    assert "was not written by reclassify" in str(refused.exception)
    assert rejected.read_text() == "file,row,reason,my own notes\n"
    assert not Path(f"{out[-1]}.part").exists()
    assert CliRunner().invoke(_assemble(), [*command, "--overwrite"]).exit_code == REFUSED_EXIT_CODE
    Path(result).unlink()
    assert CliRunner().invoke(_assemble(), command).exit_code == REFUSED_EXIT_CODE, "a run's own files are replaced"


def test_a_table_that_the_database_would_not_make_is_told_before_the_work(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi,Catatan,catatan\nlampu jalan mati,1,2\n")
    command = ["reclassify", "a.csv", "--out-sql", "sqlite:///a.db", "--out-table", "baru"]
    refused = CliRunner().invoke(_assemble(), [*command, "--model", str(model_folder), "--processes", "1"])
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
        patched.setattr("pipeline.batch.journal.Journal.remove", _killed)
        CliRunner().invoke(_assemble(), command)
    assert Path("laporan/perubahan.html").exists()
    assert isinstance(CliRunner().invoke(_assemble(), [*command, "--fresh"]).exception, BatchError)
    assert Path("b.csv.part/run.json").exists()
    assert CliRunner().invoke(_assemble(), [*command, "--fresh", "--overwrite"]).exit_code == 0


def test_a_run_killed_after_its_report_goes_on_over_a_folder_that_holds_both(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati", "instansi": "Dinas Perhubungan"}\n')
    command = ["reclassify", ".", "-o", "hasil.csv", "--report", "perubahan", "--model", str(model_folder)]
    command += ["--processes", "1"]
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", _killed)
        assert isinstance(CliRunner().invoke(_assemble(), command).exception, KeyboardInterrupt | SystemExit)
    assert Path("perubahan.xlsx").exists()
    assert Path("hasil.csv.part").exists()
    assert CliRunner().invoke(_assemble(), command, catch_exceptions=False).exit_code == 0
    assert "Dinas Perhubungan" in Path("perubahan.html").read_text()
    assert not Path("hasil.csv.part").exists()


def test_who_interrupts_a_run_is_told_that_it_goes_on(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("isi\nlampu jalan mati\n")
    command = ["reclassify", "a.csv", "-o", "b.csv", "--model", str(model_folder), "--processes", "1"]
    for method, told in (("__enter__", False), ("remove", True)):  # before there is anything to resume, and after
        with monkeypatch.context() as patched:
            patched.setattr(f"pipeline.batch.journal.Journal.{method}", _killed)
            result = CliRunner().invoke(_assemble(), command)
        assert (
            "Interrupted. Finished work is kept in b.csv.part; run the same command to resume." in result.stderr
        ) == told


def _routing_one_lamp(folder: Path, model: Path, region: Path) -> tuple[list[str], Path]:
    """Return the command that routes one labelled complaint in this process, and the path of its result."""
    source, out = folder / "a.jsonl", folder / "out.jsonl"
    source.write_text('{"text": "lampu jalan mati", "instansi": "Dinas Perhubungan"}\n')
    command = ["reclassify", str(source), "-o", str(out), "--model", str(model), "--region", str(region)]
    return [*command, "--processes", "1"], out


def test_a_run_goes_on_with_the_agencies_of_the_day_on_which_it_began(
    tmp_path: Path, model_folder: Path, far_ahead: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, out = _routing_one_lamp(tmp_path, model_folder, far_ahead)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.run.day_by", lambda _: dt.date(2100, 1, 1))
        patched.setattr("pipeline.batch.journal.Journal.add", _killed)
        CliRunner().invoke(_assemble(), command)
    assert CliRunner().invoke(_assemble(), command, catch_exceptions=False).exit_code == 0
    row = json.loads(out.read_text())
    assert row["disposisi_agency"] == row["disposisi_previous"] == "dishubkom"


def test_a_run_does_not_go_on_with_a_region_that_was_edited(
    tmp_path: Path, model_folder: Path, far_ahead: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, _ = _routing_one_lamp(tmp_path, model_folder, far_ahead)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", _killed)
        CliRunner().invoke(_assemble(), command)
    agencies = far_ahead / "agencies.csv"
    agencies.write_text(agencies.read_text().replace("2099-12-31", "2020-12-31").replace("2100-01-01", "2021-01-01"))
    again = CliRunner().invoke(_assemble(), command)
    assert isinstance(again.exception, ChangedInputError)
    assert "content of the region" in str(again.exception)


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
    result = CliRunner().invoke(_assemble(), command)
    if inputs == ["?.csv"]:  # a match of a pattern is taken for the result of an earlier run
        assert result.exit_code == REFUSED_EXIT_CODE
        return
    assert isinstance(result.exception, DataError)
    assert "would overwrite a.csv" in str(result.exception)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
