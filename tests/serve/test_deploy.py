"""What is shipped for operations fits what the server does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serve.settings import Settings

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


def test_every_setting_stands_in_the_documents() -> None:
    told = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    table = told.partition("## Settings")[2].partition("\n## ")[0]
    assert {name for name in Settings.model_fields if f"`{name.upper()}`" not in table} == set()


def test_commands_of_the_administrator_have_the_settings_and_the_folder_of_the_service(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    settings, command, person = tmp_path / "disposisi.env", tmp_path / "disposisi", tmp_path / "id"
    settings.write_text(f"DISPOSISI_DATABASE_URL='sqlite:///{tmp_path}/of the service.sqlite3'\n", encoding="utf-8")
    written = (DEPLOY / "disposisi.sh").read_text(encoding="utf-8")
    for installed, here in {
        "/var/lib/disposisi": home,
        "/etc/disposisi.env": settings,
        "/opt/disposisi/bin/disposisi": Path(sys.executable).with_name("disposisi"),
    }.items():
        assert installed in written
        written = written.replace(installed, str(here))
    command.write_text(written, encoding="utf-8")
    command.chmod(0o755)
    person.write_text("#!/bin/sh\necho disposisi\n", encoding="utf-8")
    person.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    def call(*arguments: str) -> int:
        password = b"empat kata yang acak\n"
        return subprocess.run(
            [command, *arguments], cwd=elsewhere, env=environment, input=password, check=False
        ).returncode

    assert call("user", "add", "ani", "--password-stdin") == 0
    assert (tmp_path / "of the service.sqlite3").exists()
    assert call("backup", "copy.sqlite3") == 0
    assert [file.name for file in home.iterdir()] == ["copy.sqlite3"]
    settings.write_text("DISPOSISI_DATABASE_URL='unfinished\n", encoding="utf-8")
    assert call("user", "list") != 0, "broken settings are not taken for none"
