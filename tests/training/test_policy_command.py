"""``disposisi policy`` gives a saved model the thresholds that newer complaints ask for."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model, read_manifest
from pipeline.cli.main import _assemble
from pipeline.model import analyse
from pipeline.region import Region
from training.starter import StarterRow, generate


@pytest.fixture(scope="module")
def newer(bekasi: Region) -> list[StarterRow]:
    return list(generate(bekasi, 600, seed=23, noise=0.5))


def _write(rows: list[StarterRow], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("teks", "instansi"), *((row.text, row.agency) for row in rows)])
    return path


def test_the_saved_model_keeps_the_wanted_precision_and_coverage(
    model_folder: Path, newer: list[StarterRow], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    file = _write(newer, tmp_path / "newer.csv")
    done = CliRunner().invoke(
        _assemble(), ["policy", str(folder), str(file), "--precision", "0.9", "--coverage", "0.9"]
    )
    assert done.exit_code == 0, done.output
    model, manifest = load_model(folder)
    assert manifest.params["policy"] == {"precision": 0.9, "coverage": 0.9}
    assert manifest.name != read_manifest(model_folder).name, "another model, so another name"
    probabilities = model.score([analyse(row.text) for row in newer]).agency
    right = np.searchsorted(model.agency.classes_, [row.agency for row in newer])
    suggested = probabilities.max(axis=1) >= model.policy.suggest_probability
    assert suggested.any()
    assert (probabilities.argmax(axis=1) == right)[suggested].mean() >= 0.9
    offered = [t in model.policy.choices(p) for t, p in zip(right, probabilities, strict=True)]
    assert np.mean(offered) == pytest.approx(0.9, abs=0.01)


def test_too_few_complaints_change_nothing(model_folder: Path, newer: list[StarterRow], tmp_path: Path) -> None:
    before = read_manifest(model_folder)
    done = CliRunner().invoke(_assemble(), ["policy", str(model_folder), str(_write(newer[:50], tmp_path / "few.csv"))])
    assert done.exit_code != 0
    assert read_manifest(model_folder) == before
