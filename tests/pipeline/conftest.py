from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipeline.model.link import Link
from pipeline.region.load import REGIONS
from pipeline.router import Router

# Near what is fitted on real complaints; the small model of the tests has no held-out rows to fit one on.
TYPICAL = Link(power=1.6, shift=0.15, sharpness=12.0)


@pytest.fixture(scope="session")
def sure_router(router: Router) -> Router:
    """The router whose probabilities are as far apart as those of a model that is served."""
    model = dataclasses.replace(router.model, link=router.model.link or TYPICAL)
    return Router(model, router.region, router.name)


@pytest.fixture
def far_ahead(tmp_path: Path) -> Path:
    """Kabupaten Bekasi with ``dishub`` ending in 2099, when ``dishubkom`` follows it."""
    folder = tmp_path / "bekasi"
    shutil.copytree(REGIONS / "kab_bekasi", folder)
    with (folder / "agencies.csv").open("a") as agencies:
        agencies.write("dishub,dinas,Dinas Perhubungan,dishub,perhubungan,,,2099-12-31,dishubkom,\n")
        agencies.write("dishubkom,dinas,Dinas Perhubungan dan Kominfo,,perhubungan,,2100-01-01,,,\n")
    return folder
