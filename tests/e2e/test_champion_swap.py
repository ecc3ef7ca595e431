"""Under load, a promoted champion takes over within seconds and no request fails."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.artifact import load_model, save_model
from pipeline.champion import read_standing
from tests.e2e.load import PER_SECOND, under_load
from tests.ports import free_port
from tests.waiting import wait_for_answer
from training.registry import promote

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

DISPOSISI = Path(sys.executable).with_name("disposisi")
SECONDS = 10
STARTING_SECONDS = 120


def test_no_request_fails_while_the_champion_changes(model_folder: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    first = promote(model_folder, models).champion
    model, manifest = load_model(model_folder)
    changed = replace(model, policy=replace(model.policy, suggest_probability=0.61))
    made = save_model(tmp_path / "new", changed, region=manifest.region, data={}, params={}, metrics={}, card="")
    port = free_port()
    command = [str(DISPOSISI), "serve", "--model", str(models), "--port", str(port), "--empty"]
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    process = subprocess.Popen(command, env=os.environ | {"DISPOSISI_DATABASE_URL": store})
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(process, f"{address}/readyz", STARTING_SECONDS)
        answers = under_load(address, SECONDS, lambda: promote(tmp_path / "new", models, force=True, reason="tested"))
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert [answer for answer in answers if answer.status != 200] == []
    assert len(answers) == PER_SECOND * SECONDS
    assert {answer.model for answer in answers} == {first, made.name}
    new = min(answer.asked for answer in answers if answer.model == made.name)
    standing = read_standing(models)
    assert standing is not None
    sys.stdout.write(f"answered {new - standing.history[-1].at.timestamp():.1f} s after the promotion\n")
