"""What is shipped for operations fits what the server does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_dashboard_asks_for_metrics_that_the_server_has(local_client: TestClient) -> None:
    told = set(re.findall(r"^(disposisi_\w+)", local_client.get("/metrics").text, re.MULTILINE))
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"disposisi_\w+", target["expr"])
    }
    assert len(asked) >= 7
    assert asked <= told
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_the_container_runs_as_nobody_special_and_installs_what_is_locked() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", lines, re.MULTILINE)
    assert "uv sync --frozen" in lines


def test_no_environment_model_or_complaint_gets_into_the_build_of_the_container() -> None:
    lines = (DEPLOY.parent / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert kept == {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "pipeline", "training", "serve"}
    assert all((DEPLOY.parent / name).exists() for name in kept)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_service_and_finds_it_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "disposisi.service"
    written = (DEPLOY / "disposisi.service").read_text(encoding="utf-8")
    unit.write_text(written.replace("/opt/disposisi/bin/disposisi", sys.executable), encoding="utf-8")
    for check in (["verify"], ["security", "--offline=true", "--threshold=30", "--no-pager"]):
        told = subprocess.run(["systemd-analyze", *check, unit], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout
        assert "disposisi.service" not in told.stderr
