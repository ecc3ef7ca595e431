"""dvc.yaml lists all code of its stages as dependencies, so that `dvc repro` reruns those affected by a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml

from pipeline.region.load import find_region
from tests.conftest import ROOT

# Modules that each stage's command runs; their imports are traced.
CALLED = {
    "starter": ("training.starter",),
    "prepare": ("training.prepare",),
    "train": ("training.train",),
    "calibrate": ("training.calibrate",),
    "evaluate": ("training.figures",),
    "report": ("training.report", "training.tracking"),
}


@pytest.fixture(scope="module")
def pipeline_file() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def stages(pipeline_file: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    told: dict[str, dict[str, list[str]]] = pipeline_file["stages"]
    return told


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("pipeline", "training", cache_dir=None)


@pytest.mark.parametrize("stage", CALLED)
def test_a_stage_depends_on_every_module_that_it_runs(
    stage: str, stages: dict[str, dict[str, list[str]]], imports: grimp.ImportGraph
) -> None:
    assert stages.keys() == CALLED.keys()
    deps = stages[stage]["deps"]
    run = set(CALLED[stage]).union(*(imports.find_upstream_modules(module) for module in CALLED[stage]))
    files = {Path(*module.split(".")) for module in run}
    files = {file if (ROOT / file).is_dir() else file.with_suffix(".py") for file in files}
    assert {str(file) for file in files if not any(file.is_relative_to(dep) for dep in deps)} == set()
    assert all((ROOT / dep).exists() for dep in deps if dep.startswith(("pipeline", "training")))


@pytest.mark.parametrize("stage", [stage for stage in CALLED if stage != "calibrate"])
def test_a_stage_that_reads_the_region_depends_on_its_folder(stage: str, pipeline_file: dict[str, Any]) -> None:
    assert "${region_folder}" in pipeline_file["stages"][stage]["deps"]
    told = {name: value for each in pipeline_file["vars"] for name, value in each.items()}
    assert find_region(told["region"]) == ROOT / told["region_folder"]
