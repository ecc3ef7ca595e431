"""Terminal output of the commands that evaluate a model."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli import console
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint, Level
from pipeline.errors import DataError
from pipeline.manifest import read_manifest
from pipeline.model import Policy
from training.data import Labelled
from training.evaluate import evaluate
from training.train import Trained

DISTRICTS = ("Barat [lama]", "Timur [/lama]")


@pytest.mark.parametrize(
    "command", ["evaluate {model} {file}", "compare {model} {model} {file} --models {out} --unseen"]
)
def test_names_from_the_data_are_shown_as_they_stand_brackets_and_all(
    command: str, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.out, "width", 200)
    file = tmp_path / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = [(f"lampu jalan mati {n}", "dishub", DISTRICTS[n % 2]) for n in range(40)]
        csv.writer(opened).writerows([("teks", "instansi", "kecamatan"), *rows])
    arguments = command.format(model=model_folder, file=file, out=tmp_path / "out").split()
    done = CliRunner().invoke(assemble(), arguments, catch_exceptions=False)
    assert done.exit_code == 0
    for district in DISTRICTS:
        assert f"district: {district}" in done.output
    assert ("Both are model" in done.stderr) == command.startswith("compare")
    assert "Keep the champion" not in done.output, "no verdict on a model compared with itself"


@pytest.mark.parametrize("command", ["compare {model} {model}", "starter", "suspects"])
def test_a_file_whose_name_is_no_utf8_or_holds_brackets_is_taken(
    command: str, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.out, "width", 200)
    name = os.fsdecode(b"[red]caf\xe9")
    file, made = tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"
    rows = [f"lampu jalan mati {n},dishub\nsampah {n},dlh" for n in range(10)]
    file.write_text("teks,instansi\n" + "\n".join(rows), encoding="utf-8")
    ends = {"compare": ["--models", str(tmp_path / "m"), "--unseen"], "starter": ["--rows", "3"]}
    ends["suspects"] = ["--out", f"{tmp_path / name}.out.csv"]
    words = command.format(model=model_folder).split()
    given = [*words, str(made if words[0] == "starter" else file), *ends.get(words[0], [])]
    done = CliRunner().invoke(assemble(), given, catch_exceptions=False)
    assert done.exit_code == 0
    assert words[0] == "compare" or "[red]caf" in done.output


def test_as_many_starter_complaints_are_written_as_training_takes(tmp_path: Path) -> None:
    params, file = tmp_path / "params.yaml", tmp_path / "starter.parquet"
    params.write_text("starter: {rows: 7}\n", encoding="utf-8")
    done = CliRunner().invoke(assemble(), ["starter", str(file), "--params", str(params)], catch_exceptions=False)
    assert "Wrote 7 complaints" in done.stderr
    assert pq.ParquetFile(file).metadata.num_rows == 7


def test_figures_are_of_a_file_whatever_its_columns_are_called(model_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("Uraian Warga;Bidang\nlampu jalan mati;dishub\nsampah menumpuk;dlh\n", encoding="utf-8")
    command = ["figures", str(model_folder), str(file), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(assemble(), [*command, "--text", "Uraian Warga", "--agency", "Bidang"])
    assert done.exit_code == 0, done.output
    assert "on 2 complaints" in " ".join(done.stderr.split())


@pytest.mark.parametrize(("choose", "told"), [(0.05, False), (0.8, True)])
def test_a_training_tells_that_nobody_will_have_a_choice(
    choose: float, told: bool, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = Trained(read_manifest(model_folder), (), (), 1.0, policy=Policy(choose_probability=choose))
    monkeypatch.setattr("training.train_cli.train", lambda *_: trained)
    said = " ".join(CliRunner().invoke(assemble(), ["train", "--out", str(tmp_path / "m")]).stderr.split())
    assert ("only one is offered" in said) == told


@pytest.mark.parametrize("newest", [{}, {"newest": "2026-05-01"}])
def test_a_training_tells_its_region_and_what_its_complaints_lack(
    newest: dict[str, str], model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(model_folder)
    manifest = manifest.model_copy(
        update={"data": manifest.data | newest | {"real_rows": 9, "undated_rows": 2 if newest else 9}}
    )
    monkeypatch.setattr("training.train_cli.train", lambda *_: Trained(manifest, (), (), 1.0, without_agency=3))
    said = " ".join(CliRunner().invoke(assemble(), ["train", "--out", str(tmp_path / "m")]).stderr.split())
    assert f"Wrote model {manifest.name} for Kabupaten Bekasi to" in said
    assert "3 row(s) name no agency" in said
    assert ("No complaint has a date" in said) is not bool(newest)
    assert ("2 complaint(s) have no date" in said) is bool(newest), "a timely warning, as compare would refuse"


def test_without_a_label_nothing_is_measured(model_folder: Path) -> None:
    with pytest.raises(DataError, match="No complaint has an agency"):
        evaluate(load_model(model_folder)[0], [Labelled(Complaint("lampu mati"), None, Level.SEDANG)])
