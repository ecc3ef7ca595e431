"""``disposisi reclassify``: what is told, refused and added."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.cli.reclassify import REFUSED_EXIT_CODE
from pipeline.errors import BatchError, DataError, ModelNotFoundError
from pipeline.manifest import MANIFEST
from pipeline.region.load import REGIONS
from tests.pipeline.cli.killing import killed


def test_refused_rows_are_told_by_file_and_exit_code_and_the_report_is_written(
    tmp_path: Path, model_folder: Path
) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "lampu jalan mati", "instansi": "Dinas Perhubungan"}\n{oops\n')
    command = ["reclassify", str(source), "-o", str(out), "--model", str(model_folder), "--processes", "1"]
    result = CliRunner().invoke(assemble(), [*command, "--report", str(tmp_path / "perubahan"), "--json"])
    assert result.exit_code == REFUSED_EXIT_CODE
    told = json.loads(result.stdout)
    assert (told["rows"], told["refused"], told["rejected"]) == (1, 1, str(tmp_path / "out.jsonl.rejected.csv"))
    assert [json.loads(line)["disposisi_agrees"] for line in out.read_text().splitlines()] == [True]
    assert "not valid JSON" in (tmp_path / "out.jsonl.rejected.csv").read_text()
    assert "Dinas Perhubungan" in (tmp_path / "perubahan.html").read_text()
    again = CliRunner().invoke(assemble(), command)
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
    told = CliRunner().invoke(assemble(), command, catch_exceptions=False).stderr.splitlines()
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
    before, _, after = CliRunner().invoke(assemble(), command).stderr.partition("INFO rows=0")
    assert "1 file(s) cannot be used; the others are processed:\n  b.csv: has no column that looks like" in before
    assert "--text COLUMN" in before
    assert after


def test_a_model_that_is_not_there_is_told_before_a_long_look_at_the_input(tmp_path: Path) -> None:
    command = ["reclassify", str(tmp_path / "nowhere.csv"), "--dry-run", "1", "--model", str(tmp_path / "nowhere")]
    assert isinstance(CliRunner().invoke(assemble(), command).exception, ModelNotFoundError)


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
        patched.setattr("pipeline.batch.journal.Journal.remove", killed)
        CliRunner().invoke(assemble(), command)
    other = [option for option in command if option != "--source-columns"]
    refused = CliRunner().invoke(assemble(), [*other, "--overwrite"])
    assert "source columns: true, now false" in str(refused.exception)
    assert CliRunner().invoke(assemble(), command).exit_code == REFUSED_EXIT_CODE
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
    assert "disposisi_agency" in str(CliRunner().invoke(assemble(), again).exception)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-o", "x.csv"], "files to read"),
        (["a.csv"], "--out"),
        (["--sql", "sqlite://", "-o", "x.csv"], "--table"),
        (["b.csv", "-o", "x.csv", "--table", "aduan"], "--sql"),
        (["b.csv", "-o", "x.csv", "--query", "SELECT 1"], "--sql"),
        (["b.csv", "-o", "x.csv", "--out-sql", "sqlite://"], "--out-table"),
        ([], "There is nothing to read."),
        (["b.csv", "--sql", "sqlite://", "-o", "x.csv"], "Both files and --sql were given."),
        (["--sql", "sqlite://", "--table", "a", "--query", "b"], "Both --table and --query were given."),
        (["b.csv"], "Neither --out nor --out-table says where the result goes."),
        (["b.csv", "-o", "x.csv", "--out-table", "x"], "Both --out and --out-table were given."),
        (["b.csv", "--out-table", "x"], "--out-sql URL"),
    ],
)
def test_options_that_do_not_fit_are_told(
    options: list[str], says: str, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.csv").write_text("isi\nlampu mati\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(assemble(), ["reclassify", *options, "--model", str(model_folder)])
    assert isinstance(result.exception, DataError)
    assert says in str(result.exception)


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
    assert CliRunner().invoke(assemble(), command, catch_exceptions=False).exit_code == 0
    header, row = CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(0).to_python()
    assert dict(zip(header, row, strict=True))["masuk"] == dt.datetime(2025, 2, 1, 3)  # noqa: DTZ001
