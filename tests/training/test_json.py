"""The training commands' JSON output agrees with their text output."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model, save_model
from pipeline.cli.main import assemble
from pipeline.region import Region
from training.starter import generate

AGENCIES = ("dishub", "dlh", "pdam", "disdik", "disdukcapil", "damkar")
ROWS = 510  # thresholds need at least 500


@dataclass(frozen=True)
class Case:
    """A command, and the values of its JSON that its text output must also contain."""

    arguments: str
    told: Callable[[Any], list[str]]
    exits: int = 0
    slow: bool = False  # runs the uncompiled estimators on hundreds of complaints


CASES = {
    "compare": Case(
        "compare models models/other labelled.csv",
        lambda found: [
            f"{found['champion']} (champion) and {found['challenger']} (challenger)",
            f"on {found['rows']:,} complaints",
            f"{found['top1']['champion']:.3f}",
            "may replace the champion" if found["verdict"]["passed"] else "Keep the champion.",
        ],
        slow=True,
    ),
    "promote": Case(
        "promote models/other --force --reason percobaan",
        lambda found: [f"{found['champion']}, replacing {found['previous'][-1]}"],
    ),
    "challenge": Case(
        "challenge models/other",
        lambda found: [f"Shadowing {found['champion']}: {found['challenger']}"],
    ),
    "drift": Case(
        "drift labelled.csv --model models/other",
        lambda found: [f"{week['monday']} {week['drift']['complaints']:,} " for week in found],
        exits=8,
    ),
    "policy": Case(
        "policy models/other labelled.csv --precision 0.8",
        lambda found: [
            found["name"],
            f"{found['suggest_probability']:.3f}",
            f"{found['suggested_alone']:.1%} of {found['rows']:,}",
        ],
        slow=True,
    ),
    "teach": Case(
        "teach labelled.csv --model models/other --out teach.csv",
        lambda found: [f"Wrote {found['complaints']:,} complaints to {found['out']}"],
        slow=True,
    ),
    "suspects": Case(
        "suspects labelled.csv --out suspects.csv --params params.yaml",
        lambda found: [
            f"Wrote {found['labels']:,} labels to {found['out']}",
            f"for {found['doubted']:,} another agency",
        ],
        slow=True,
    ),
    "prepare": Case(
        "prepare labelled.csv --starter-file starter.parquet --out prepared",
        lambda found: [
            f"{found['train']:,} real and {found['starter']:,} starter",
            f"held-out set: {found['hold_out']:,} since {found['since']}",
            f"{found['unusable']:,} rows",
        ],
    ),
}


@pytest.fixture(scope="module")
def workplace(model_folder: Path, bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a champion, another model, labelled complaints and a starter corpus."""
    folder = tmp_path_factory.mktemp("workplace")
    rows = [row for row in generate(bekasi, 3500, seed=11, noise=0.2) if row.agency in AGENCIES][:ROWS]
    with (folder / "labelled.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "teks", "instansi", "tanggal"])
        for number, row in enumerate(rows):
            writer.writerow([number, row.text, row.agency, f"2026-06-{1 + number % 28:02}"])
    (folder / "params.yaml").write_text("classifier: {balance: 0, folds: 2}\nurgency: {folds: 2}\n", encoding="utf-8")
    model, manifest = load_model(model_folder)
    changed = replace(model, policy=replace(model.policy, suggest_probability=0.61))
    about: dict[str, Any] = {"data": manifest.data, "params": manifest.params, "metrics": manifest.metrics}
    save_model(folder / "models" / "other", changed, region=manifest.region, card="", **about)
    _run(folder, f"promote {model_folder}")
    _run(folder, "starter starter.parquet --rows 60")
    return folder


def _run(folder: Path, command: str, exits: int = 0) -> tuple[str, str]:
    """Run a command in a folder; return its standard output, and all its output in one line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "200")
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        result = CliRunner().invoke(assemble(), command.split(), catch_exceptions=False)
    assert result.exit_code == exits, result.output
    return result.stdout, " ".join(result.output.split())


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if case.slow else []) for name, case in CASES.items()]
)
def test_the_json_of_a_command_holds_what_its_words_tell(name: str, workplace: Path, tmp_path: Path) -> None:
    case = CASES[name]
    for own in ("as words", "as json"):
        shutil.copytree(workplace, tmp_path / own, copy_function=os.link)  # commands replace files, never modify them
    _, words = _run(tmp_path / "as words", case.arguments, case.exits)
    found = json.loads(_run(tmp_path / "as json", f"{case.arguments} --json", case.exits)[0])
    told = case.told(found)
    assert told
    for each in told:
        assert " ".join(each.split()) in words


def test_a_rollback_tells_the_champion_before(workplace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(workplace / "models", folder)
    before = json.loads(_run(tmp_path, "challenge --json")[0])
    assert before["challenger"] is None
    assert f"No model shadows {before['champion']}." in _run(tmp_path, "challenge")[1]
    promoted = json.loads(_run(tmp_path, "promote models/other --force --reason percobaan --json")[0])
    assert promoted["champion"] != before["champion"]
    listed = json.loads(_run(tmp_path, "models --json")[0])
    assert [one["name"] for one in listed if one["role"] == "champion"] == [promoted["champion"]]
    back = json.loads(_run(tmp_path, "rollback --reason percobaan --json")[0])
    assert (back["champion"], back["previous"]) == (before["champion"], before["previous"])
    assert (back["history"][-1]["action"], back["history"][-1]["reason"]) == ("rollback", "percobaan")
    assert before["champion"] in (folder / "champion.json").read_text(encoding="utf-8")


@pytest.mark.slow  # trains a full model
def test_training_and_its_calibration_tell_the_model_they_made(workplace: Path, tmp_path: Path) -> None:
    train = f"train {workplace / 'labelled.csv'} --starter 400 --out first --held-out scores.npz --json"
    (tmp_path / "params.yaml").write_text("classifier: {folds: 2}", encoding="utf-8")
    printed, words = _run(tmp_path, train)
    trained = json.loads(printed)
    assert (trained["real_rows"], trained["starter_rows"], trained["model"]) == (ROWS, 400, "first")
    assert f"Wrote model {trained['name']} for Kabupaten Bekasi to first: {trained['agencies']} agencies" in words
    calibrate = "calibrate first --held-out scores.npz --out second"
    calibrated = json.loads(_run(tmp_path, f"{calibrate} --json")[0])
    words = _run(tmp_path, calibrate)[1]
    assert calibrated["name"] in words
    assert f"suggests one agency from a probability of {calibrated['suggest_probability']:.3f}" in words
    assert calibrated["name"] != trained["name"]
