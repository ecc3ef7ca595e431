"""``disposisi reclassify`` again, after it was killed or interrupted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.errors import ChangedInputError
from tests.pipeline.cli.killing import killed


def test_a_run_killed_after_its_report_goes_on_over_a_folder_that_holds_both(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati", "instansi": "Dinas Perhubungan"}\n')
    command = ["reclassify", ".", "-o", "hasil.csv", "--report", "perubahan", "--model", str(model_folder)]
    command += ["--processes", "1"]
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", killed)
        assert isinstance(CliRunner().invoke(assemble(), command).exception, KeyboardInterrupt | SystemExit)
    assert Path("perubahan.xlsx").exists()
    assert Path("hasil.csv.part").exists()
    assert CliRunner().invoke(assemble(), command, catch_exceptions=False).exit_code == 0
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
            patched.setattr(f"pipeline.batch.journal.Journal.{method}", killed)
            result = CliRunner().invoke(assemble(), command)
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
        patched.setattr("pipeline.batch.journal.Journal.add", killed)
        CliRunner().invoke(assemble(), command)
    assert CliRunner().invoke(assemble(), command, catch_exceptions=False).exit_code == 0
    row = json.loads(out.read_text())
    assert row["disposisi_agency"] == row["disposisi_previous"] == "dishubkom"


def test_a_run_does_not_go_on_with_a_region_that_was_edited(
    tmp_path: Path, model_folder: Path, far_ahead: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, _ = _routing_one_lamp(tmp_path, model_folder, far_ahead)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batch.journal.Journal.remove", killed)
        CliRunner().invoke(assemble(), command)
    agencies = far_ahead / "agencies.csv"
    agencies.write_text(agencies.read_text().replace("2099-12-31", "2020-12-31").replace("2100-01-01", "2021-01-01"))
    again = CliRunner().invoke(assemble(), command)
    assert isinstance(again.exception, ChangedInputError)
    assert "content of the region" in str(again.exception)
