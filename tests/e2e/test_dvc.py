"""A fresh clone reproduces the model offline, twice with the same figures, and a DVC remote restores lost data."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.artifact import load_model
from pipeline.manifest import read_manifest
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

BIN = Path(sys.executable).parent
NOWHERE = "http://127.0.0.1:9"
SMALL = (("rows: 24000", "rows: 1500"), ("folds: 3", "folds: 2"), ("folds: 5", "folds: 2"))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, except that its params ask for a small model."""
    folder = tmp_path_factory.mktemp("dvc") / "disposisi"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    params = (folder / "params.yaml").read_text()
    for full, small in SMALL:
        assert full in params
        params = params.replace(full, small)
    (folder / "params.yaml").write_text(params)
    git(folder, "commit", "--quiet", "--all", "--message", "Small")
    return folder


def run(folder: Path, *arguments: str) -> str:
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder),  # the clone's own code, not that of the checkout that runs the tests
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
    }
    done = subprocess.run(
        [BIN / "dvc", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"dvc {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def git(folder: Path, *arguments: str) -> str:
    """Run git with an author."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_twice_gives_the_same_figures_and_a_remote_gives_back_what_was_lost(clone: Path, tmp_path: Path) -> None:
    run(clone, "repro")
    metrics = clone / "reports" / "figures" / "metrics.json"
    first, saved = metrics.read_bytes(), read_manifest(clone / "data" / "calibrated").files
    assert {"value", "low", "high"} <= set(json.loads(first)["top1"])
    load_model(clone / "models" / "candidate")
    assert (clone / "models" / "candidate" / "report" / "index.html").exists()
    assert (clone / "mlflow.db").exists()
    untracked = git(clone, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert all(line.startswith("??") for line in untracked), untracked
    assert {line[3:].split("/")[0] for line in untracked} == {"dvc.lock", "reports"}

    run(clone, "repro", "--force", "evaluate")
    assert metrics.read_bytes() == first
    assert read_manifest(clone / "data" / "calibrated").files == saved, "the same model, not just an equally good one"

    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "First run")
    remote = tmp_path / "remote"
    run(clone, "remote", "add", "--default", "--local", "folder", str(remote))
    run(clone, "push")
    shutil.rmtree(clone / ".dvc" / "cache")
    for lost in ("models/candidate", "data/prepared"):
        shutil.rmtree(clone / lost)
    run(clone, "pull")
    load_model(clone / "models" / "candidate")


def test_a_changed_parameter_shows_in_the_differences(clone: Path) -> None:
    params = clone / "params.yaml"
    params.write_text(re.sub(r"\n  alpha: \S+", "\n  alpha: 60.0", params.read_text()))
    run(clone, "repro", "evaluate")
    assert "reports/figures/metrics.json" in run(clone, "metrics", "diff")  # which figures move depends on the corpus
    assert "classifier.alpha" in run(clone, "params", "diff")
    page = run(clone, "plots", "diff", "--out", "plots")
    assert (clone / "plots" / "index.html").exists(), page
