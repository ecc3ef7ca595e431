"""What many tests need: a region, and a small but real model of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.region import Region, load_region
from pipeline.router import Router
from training.params import ClassifierParams, Params, load_params
from training.train import TrainingJob, train

ROOT = Path(__file__).parents[1]
# Small enough to be trained in seconds, large enough to tell a lamp from a bin.
SMALL = Params(classifier=ClassifierParams(folds=0))
SMALL_ROWS = 5000


@pytest.fixture(scope="session")
def bekasi() -> Region:
    return load_region("kab_bekasi")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    job = TrainingJob(files=(), region="kab_bekasi", starter_rows=SMALL_ROWS, params=SMALL)
    train(job, folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def router(model_folder: Path) -> Router:
    return Router.load(model_folder)


@pytest.fixture(scope="session")
def default_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model that ``make run`` makes: one to two minutes, for slow tests."""
    folder = tmp_path_factory.mktemp("models") / "default"
    train(TrainingJob(files=(), region="kab_bekasi", params=load_params(ROOT / "params.yaml")), folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def default_router(default_model_folder: Path) -> Router:
    return Router.load(default_model_folder)
