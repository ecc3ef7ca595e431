from __future__ import annotations

import dataclasses

import pytest

from pipeline.model.link import Link
from pipeline.router import Router

# Near what is fitted on real complaints; the small model of the tests has no held-out rows to fit one on.
TYPICAL = Link(power=1.6, shift=0.15, sharpness=12.0)


@pytest.fixture(scope="session")
def sure_router(router: Router) -> Router:
    """The router whose probabilities are as far apart as those of a model that is served."""
    model = dataclasses.replace(router.model, link=router.model.link or TYPICAL)
    return Router(model, router.region, router.name)
