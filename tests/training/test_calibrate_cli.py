"""``disposisi calibrate`` repeats training's calibration; ``policy`` sets thresholds from newer complaints."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model, save_model, sign_model, who_signed
from pipeline.champion import REPORT, resolve_model
from pipeline.cli.main import assemble
from pipeline.errors import DataError, ModelError, PromotionError
from pipeline.manifest import read_manifest
from pipeline.model import analyse
from pipeline.region import Region
from pipeline.trust import SIGNATURE, TrustList
from training.calibrate import HELD_OUT, HeldOut
from training.registry import promote
from training.signing import make_key, read_key
from training.starter import StarterRow, generate


@pytest.fixture(scope="module")
def newer(bekasi: Region) -> list[StarterRow]:
    return list(generate(bekasi, 600, seed=23, noise=0.5))


def _write(rows: list[StarterRow], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("teks", "instansi"), *((row.text, row.agency) for row in rows)])
    return path


@pytest.mark.slow  # trains full models
def test_the_saved_model_keeps_the_wanted_precision_and_coverage(
    model_folder: Path, newer: list[StarterRow], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    file = _write(newer, tmp_path / "newer.csv")
    done = CliRunner().invoke(assemble(), ["policy", str(folder), str(file), "--precision", "0.9", "--coverage", "0.9"])
    assert done.exit_code == 0, done.output
    model, manifest = load_model(folder)
    assert manifest.params["policy"] == {"precision": 0.9, "coverage": 0.9}
    assert manifest.name != read_manifest(model_folder).name, "the model has changed, and so has its name"
    probabilities = model.score([analyse(row.text) for row in newer]).agency
    right = np.searchsorted(model.agency.classes_, [row.agency for row in newer])
    suggested = model.policy.suggests(list(model.agency.classes_), probabilities)
    assert suggested.any()
    assert (probabilities.argmax(axis=1) == right)[suggested].mean() >= 0.9
    offered = [t in model.policy.choices(p) for t, p in zip(right, probabilities, strict=True)]
    assert np.mean(offered) == pytest.approx(0.9, abs=0.01)


def test_too_few_complaints_change_nothing(model_folder: Path, newer: list[StarterRow], tmp_path: Path) -> None:
    before = read_manifest(model_folder)
    done = CliRunner().invoke(assemble(), ["policy", str(model_folder), str(_write(newer[:50], tmp_path / "few.csv"))])
    assert done.exit_code != 0
    assert read_manifest(model_folder) == before


@pytest.mark.slow
@pytest.mark.benchmark
def test_training_in_two_steps_makes_the_same_model(newer: list[StarterRow], tmp_path: Path) -> None:
    file = _write(newer, tmp_path / "labelled.csv")
    params = tmp_path / "params.yaml"
    params.write_text("classifier: {folds: 2}\npolicy: {precision: 0.8, coverage: 0.9}\n", encoding="utf-8")
    once, first, second, scores = (str(tmp_path / name) for name in ("once", "first", "second", "held-out"))
    common = ["train", str(file), "--starter", "400", "--params", str(params)]
    steps = (
        [*common, "--out", once],
        [*common, "--out", first, "--held-out", scores],
        ["calibrate", first, "--held-out", scores, "--params", str(params), "--out", second],
    )
    for step in steps:
        done = CliRunner().invoke(assemble(), step)
        assert done.exit_code == 0, done.output
    (one, in_one), (uncalibrated, _), (two, in_two) = (load_model(Path(folder)) for folder in (once, first, second))
    assert two.agency.link_ == one.agency.link_ != uncalibrated.agency.link_
    assert two.policy == one.policy != uncalibrated.policy
    assert (in_two.params, in_two.metrics, in_two.data) == (in_one.params, in_one.metrics, in_one.data)
    assert in_two.files["README.md"] == in_one.files["README.md"]


def test_of_a_folder_of_models_the_one_that_answers_is_calibrated(model_folder: Path, tmp_path: Path) -> None:
    promote(model_folder, tmp_path)
    done = CliRunner().invoke(
        assemble(), ["calibrate", str(tmp_path), "--held-out", "none.npz", "--out", str(tmp_path / "new")]
    )
    assert isinstance(done.exception, DataError)
    assert "none.npz" in str(done.exception)


def test_a_file_that_holds_no_scores_is_refused(model_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "scores.npz"
    file.write_bytes(b"PK nothing")
    done = CliRunner().invoke(
        assemble(), ["calibrate", str(model_folder), "--held-out", str(file), "--out", str(tmp_path / "new")]
    )
    assert done.exit_code != 0
    assert isinstance(done.exception, DataError)
    assert not (tmp_path / "new").exists()


def test_a_precision_that_nothing_reaches_is_told_as_it_was_asked_for(
    model_folder: Path, newer: list[StarterRow], tmp_path: Path
) -> None:
    file = _write([replace(row, agency="dlh") for row in newer if row.agency != "dlh"], tmp_path / "newer.csv")
    command = ["policy", str(model_folder), str(file), "--precision", "0.999", "--out", str(tmp_path / "new")]
    done = CliRunner().invoke(assemble(), command, catch_exceptions=False)
    assert "No threshold reaches a precision of 0.999: no agency will be suggested alone.\n" in done.stderr


def test_where_a_low_coverage_leaves_one_agency_to_choose_from_that_is_told(model_folder: Path, tmp_path: Path) -> None:
    model, manifest = load_model(model_folder)
    rng, agencies, rows = np.random.default_rng(0), len(model.agency.classes_), 600
    target = rng.integers(agencies, size=rows)
    scores = rng.normal(0, 0.1, (rows, agencies)) + 0.7 * np.eye(agencies)[np.where(rng.random(rows) < 0.8, target, 0)]
    real = np.ones(rows, dtype=bool)
    held_out = HeldOut(scores.astype(np.float32), target, np.ones(rows), real, ~real)
    held_out.write(tmp_path / "scores.npz")
    facts = manifest.data | {HELD_OUT: held_out.sha256}
    about: dict[str, Any] = {"data": facts, "params": manifest.params, "metrics": manifest.metrics}
    save_model(tmp_path / "m", model, region=manifest.region, card="", **about)
    params = tmp_path / "params.yaml"
    command = ["calibrate", "m", "--held-out", "scores.npz", "--out", "new", "--params", "params.yaml"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        for coverage, told in ((0.95, False), (0.3, True)):
            params.write_text(f"policy: {{coverage: {coverage}}}", encoding="utf-8")
            done = CliRunner().invoke(assemble(), command, catch_exceptions=False)
            assert ("only one is offered" in " ".join(done.stderr.split())) == told
            assert (load_model(tmp_path / "new")[0].policy.choose_probability > 0.5) == told


@pytest.mark.slow  # runs the uncompiled estimators on hundreds of complaints
def test_new_thresholds_of_a_champion_are_a_model_of_their_own_signed_and_without_the_report_of_the_other(
    model_folder: Path, newer: list[StarterRow], tmp_path: Path
) -> None:
    models, new, key = tmp_path / "models", tmp_path / "models" / "new", tmp_path / "ani"
    trusted = TrustList.read(_keyed(key))
    champion = models / promote(model_folder, models).champion
    sign_model(champion, read_key(key))
    (champion / REPORT).mkdir()
    (champion / REPORT / "index.html").write_text("Laporan", encoding="utf-8")
    before = {path.name for path in champion.iterdir()}
    policy = ["policy", str(models), str(_write(newer, tmp_path / "newer.csv")), "--precision", "0.8"]
    refused = CliRunner().invoke(assemble(), policy)
    assert isinstance(refused.exception, PromotionError)
    assert "--out" in refused.exception.mend
    done = CliRunner().invoke(assemble(), [*policy, "--out", str(new), "--sign-with", str(key)])
    assert done.exit_code == 0, done.output
    assert "was signed" not in done.output
    assert who_signed(new, trusted)[0] == "ani-2026"
    assert not (new / REPORT).exists()
    assert f"disposisi report {new} DATA" in done.output
    unsigned = CliRunner().invoke(assemble(), [*policy, "--out", str(new)])
    assert "was signed" in unsigned.output
    assert not (new / SIGNATURE).exists()
    assert {path.name for path in champion.iterdir()} == before
    assert (who_signed(champion, trusted)[1].name, resolve_model(models)) == (champion.name, champion)


def test_calibration_does_not_write_over_a_champion(model_folder: Path, tmp_path: Path) -> None:
    champion = tmp_path / promote(model_folder, tmp_path).champion
    done = CliRunner().invoke(
        assemble(), ["calibrate", str(model_folder), "--held-out", "none.npz", "--out", str(champion)]
    )
    assert isinstance(done.exception, PromotionError)


@pytest.mark.parametrize("command", ["calibrate MODEL --held-out none.npz", "policy MODEL none.csv"])
def test_complaints_where_the_model_would_be_are_told_of_before_anything_is_read(
    command: str, model_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "aduan.xlsx").touch()
    asked = [str(model_folder) if word == "MODEL" else word for word in command.split()]
    refused = CliRunner().invoke(assemble(), [*asked, "--out", str(tmp_path)])
    assert isinstance(refused.exception, ModelError)
    assert "holds aduan.xlsx, which would be lost" in str(refused.exception)


def _keyed(key: Path) -> Path:
    make_key(key, "ani-2026")
    return key.with_name(f"{key.name}.pub")
