"""Shared fixtures: a region, a small but real model of it, and a fresh clone of the project."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.champion import changing
from pipeline.region import Region, load_region
from pipeline.router import Router
from tests.clone import Clone
from training.params import ClassifierParams, Params
from training.train import TrainingJob, train

settings.register_profile("disposisi", deadline=None)  # no test fails because the machine is busy
settings.load_profile("disposisi")
ROOT = Path(__file__).parents[1]
# Small enough to train in seconds, large enough to tell a lamp from a bin.
SMALL = Params(classifier=ClassifierParams(folds=0))
SMALL_ROWS = 5000


@pytest.fixture(scope="session")
def bekasi() -> Region:
    return load_region("kab_bekasi")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if ready := os.environ.get("DISPOSISI_TEST_MODEL"):  # for runs that start hundreds of times: make mutants
        return Path(ready)
    base = tmp_path_factory.getbasetemp()
    # Workers of pytest-xdist have folders beside each other: one trains, and the others wait and take its model.
    models = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = models / "trained" / "small"
    with changing(models):
        if not folder.exists():
            job = TrainingJob(files=(), region="kab_bekasi", starter_rows=SMALL_ROWS, params=SMALL)
            train(job, folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def router(model_folder: Path) -> Router:
    return Router.load(model_folder)


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    folder = tmp_path_factory.mktemp("clone") / "disposisi"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return Clone(folder)


@pytest.fixture(scope="session")
def served(clone: Clone) -> Iterator[str]:
    with clone.serving() as address:
        yield address


@pytest.fixture(scope="session")
def default_model_folder(clone: Clone, served: str) -> Path:  # noqa: ARG001 (serving the clone trains its model)
    """Return the model that ``make run`` trains; takes minutes, for slow tests only."""
    return clone.folder / "models" / "default"


@pytest.fixture(scope="session")
def default_router(default_model_folder: Path) -> Router:
    return Router.load(default_model_folder)
