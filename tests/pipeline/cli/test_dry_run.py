"""``disposisi reclassify --dry-run``: shares of a sample, and what cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from pipeline.cli.main import assemble


def test_a_dry_run_tells_shares_with_intervals_and_writes_nothing_but_the_report(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"text": f"lampu jalan mati nomor {n}", "instansi": "Dinas Perhubungan"} for n in range(40)]
    rows += [{"text": f"lampu jalan mati tiang {n}", "instansi": "Dinas Lingkungan Hidup"} for n in range(40)]
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = ["reclassify", "a.jsonl", "--dry-run", "80", "--model", str(model_folder), "--processes", "1"]
    result = CliRunner().invoke(assemble(), [*command, "--report", "perubahan"], catch_exceptions=False)
    assert "80 of 80 rows" in result.stdout
    assert " another agency           50.0% (39.3% to 60.7%)" in result.stdout
    told = json.loads(CliRunner().invoke(assemble(), [*command, "--json"], catch_exceptions=False).stdout)
    assert told["another_agency"] == pytest.approx({"share": 0.5, "low": 0.393, "high": 0.607}, abs=5e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "perubahan.html", "perubahan.xlsx"]


def test_the_report_of_a_dry_run_names_the_file_and_sheet_of_a_row_and_its_row_there(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    days = ("2020-02-01", "2020-02-09")
    header, calm = ("isi", "tanggal", "tanggal selesai"), ("lampu jalan mati", *days)
    late = ("Rumah kebakaran, masih ada orang di dalam, tolong cepat", *days)
    book = xlsxwriter.Workbook("2020.xlsx")
    for month, rows in (("Januari", [header, calm, calm]), ("Februari", [header, calm, late])):
        sheet = book.add_worksheet(month)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    Path("2021.csv").write_text("\n".join(";".join(row) for row in (header, calm, late)))
    command = ["reclassify", "2020.xlsx", "2021.csv", "--dry-run", "9", "--model", str(model_folder)]
    result = CliRunner().invoke(assemble(), [*command, "--processes", "1", "--report", "r"], catch_exceptions=False)
    assert result.exit_code == 0
    shown = CalamineWorkbook.from_path("r.xlsx").get_sheet_by_name("Darurat terlambat").to_python()
    assert shown[0][:2] == ["Berkas", "Baris (dengan judul)"]
    assert sorted(row[:2] for row in shown[1:]) == [["2020.xlsx, sheet Februari", 3], ["2021.csv", 3]]
    page = Path("r.html").read_text(encoding="utf-8")
    assert '<td>2021.csv</td><td class="n">3</td>' in page
    assert "Baris hasil" not in page


def test_a_dry_run_draws_rows_that_cannot_be_used_and_names_the_files(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati"}\n' * 6 + "{oops\n" * 2)
    Path("b.jsonl").write_text('{"text": "sampah"}\n{"text": "\\ud800"}\n')
    Path("c.parquet").write_bytes(b"no parquet")
    command = ["reclassify", ".", "--dry-run", "80", "--model", str(model_folder), "--processes", "1", "--json"]
    result = CliRunner().invoke(assemble(), command, catch_exceptions=False)
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
    result = CliRunner().invoke(assemble(), command, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert (told["rows"], told["population"], told["could_not_be_used"]["share"]) == (6, 6, 0)
    assert [file.partition(":")[0] for file in told["unusable_files"]] == ["a.xlsx, sheet Rekap"]
