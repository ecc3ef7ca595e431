from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipeline.model.link import Link
from pipeline.region.load import REGIONS
from pipeline.router import Router

# Close to the link fitted on real complaints; the tests' small model has no held-out rows to fit one.
TYPICAL = Link(power=1.6, shift=0.15, sharpness=12.0)


@pytest.fixture(scope="session")
def sure_router(router: Router) -> Router:
    """A router whose probabilities are as sharp as those of a real model."""
    model = dataclasses.replace(router.model, link=router.model.link or TYPICAL)
    return Router(model, router.region, router.name)


@pytest.fixture
def far_ahead(tmp_path: Path) -> Path:
    """Kabupaten Bekasi, with ``dishub`` succeeded by ``dishubkom`` in 2099."""
    folder = tmp_path / "bekasi"
    shutil.copytree(REGIONS / "kab_bekasi", folder)
    with (folder / "agencies.csv").open("a") as agencies:
        agencies.write("dishub,dinas,Dinas Perhubungan,dishub,perhubungan,,,2099-12-31,dishubkom,\n")
        agencies.write("dishubkom,dinas,Dinas Perhubungan dan Kominfo,,perhubungan,,2100-01-01,,,\n")
    return folder
