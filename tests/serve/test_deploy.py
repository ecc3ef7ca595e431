"""What is shipped for operations fits what the server does."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
