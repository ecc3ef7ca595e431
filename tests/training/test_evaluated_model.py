"""A model keeps its region's folder as typed; evaluation commands run from elsewhere ask for the folder."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.errors import DataError, ModelRegionError, RegionError
from pipeline.manifest import Manifest
from pipeline.model import ComplaintModel
from pipeline.region import Region
from training.starter import generate

COMMANDS = {
    "evaluate": "evaluate {model} {file}",
    "compare": "compare {model} {model} {file} --models {out}",
    "figures": "figures {model} {file} --out {out}",
    "report": "report {model} {file} --out {out}",
    "policy": "policy {model} {file}",
    "drift": "drift {file} --model {model}",
    "teach": "teach {file} --model {model} --out {out}",
}


@pytest.fixture(scope="module")
def model(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained with ``--region regA`` in another folder."""
    folder = Path(shutil.copytree(model_folder, tmp_path_factory.mktemp("elsewhere") / "model"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["region"]["folder"] = "regA"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(model: Path) -> tuple[ComplaintModel, Manifest]:
    return load_model(model)


@pytest.fixture(scope="module")
def labelled(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelled") / "labelled.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = ((row.text, row.agency) for row in generate(bekasi, 30, seed=1, noise=0.0))
        csv.writer(file).writerows([("teks", "instansi"), *rows])
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_region_that_is_not_where_it_was_is_asked_for_and_looked_for_where_told(
    command: str,
    model: Path,
    loaded: tuple[ComplaintModel, Manifest],
    labelled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Loading it each time would take seconds.
    monkeypatch.setattr("training.evaluated_model.load_model", lambda _: loaded)
    arguments = COMMANDS[command].format(model=model, file=labelled, out=tmp_path / "out").split()
    done = CliRunner().invoke(assemble(), arguments)
    assert isinstance(done.exception, ModelRegionError)
    assert "regA" in str(done.exception)
    assert "--region" in done.exception.mend
    told = CliRunner().invoke(assemble(), [*arguments, "--region", str(tmp_path / "regB")])
    assert isinstance(told.exception, RegionError)
    assert "regB" in str(told.exception)


def test_a_region_that_is_where_told_is_taken_and_complaints_of_unknown_age_only_where_they_are_said_to_be_unseen(
    model: Path,
    loaded: tuple[ComplaintModel, Manifest],
    labelled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.evaluated_model.load_model", lambda _: loaded)
    monkeypatch.setattr("training.registry_cli.load_model", lambda _: loaded)
    arguments = COMMANDS["compare"].format(model=model, file=labelled, out=tmp_path / "out").split()
    arguments += ["--region", "kab_bekasi"]
    refused = CliRunner().invoke(assemble(), arguments)
    assert isinstance(refused.exception, DataError), "no complaint has a date"
    done = CliRunner().invoke(assemble(), [*arguments, "--unseen"])
    assert done.exit_code == 0, done.output
    assert "declared unseen" in done.output


@pytest.mark.parametrize("command", ["evaluate", "compare", "figures", "report", "policy"])
def test_no_row_is_left_out_of_a_measurement_silently(
    command: str, model_folder: Path, bekasi: Region, tmp_path: Path
) -> None:
    file, out = tmp_path / "labelled.csv", tmp_path / "out"
    known = [(row.text, row.agency, "2026-06-01") for row in generate(bekasi, 30, seed=1, noise=0.0)]
    odd = [("roket jatuh", "Dinas Antariksa", ""), *[("lampu mati", "", "kemarin")] * 2, *known[:3]]
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([("teks", "instansi", "tanggal"), *known, *odd])
    asked = COMMANDS[command].format(model=model_folder, file=file, out=out).split()
    told = CliRunner().invoke(assemble(), asked).stderr
    assert "1 row(s) could not be used" in told
    assert "row 32: the region has no agency 'Dinas Antariksa'" in told
    assert "2 row(s) used without their date" in told
    assert "2 row(s) name no agency" in told
    assert ("4 row(s) repeat" in told) == (command == "compare"), "only a comparison counts copies once"
