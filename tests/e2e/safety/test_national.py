"""Many times the whole country's load for half a minute: no errors, no memory growth, everything stored once.

``python -m tests.e2e.safety.national --minutes 10`` runs longer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.safety.clients import check_acknowledged
from tests.e2e.safety.national import MEGABYTE, NATIONAL, PER_SECOND, hold
from tests.e2e.safety.server import serving

pytestmark = [pytest.mark.slow, pytest.mark.faults]
SECONDS = 12
MAX_GROWTH = 20 * MEGABYTE


def test_the_countrys_complaints_are_all_taken(tmp_path: Path, model_folder: Path) -> None:
    assert PER_SECOND > 20 * NATIONAL
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    with serving(model_folder, url, tmp_path / "server.log") as server:
        held = hold(server, SECONDS)
    sys.stdout.write(f"{held}\n")
    assert held.failures == {}
    assert len(held.received) == len(held.decided) == SECONDS * PER_SECOND
    check_acknowledged(url, held.received, held.decided)
    assert held.growth < MAX_GROWTH
