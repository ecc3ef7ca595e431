"""Deployment files match the server."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.trust import TRUSTED_KEYS
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
    assert all(f"--extra {what}" in lines for what in ("postgres", "workers"))  # which its documented settings need


def test_the_container_is_built_in_the_format_that_has_its_health_check() -> None:
    told = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "HEALTHCHECK" in (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.findall(r"podman build (\S+ \S+)", told) == ["--format docker"], "podman leaves it out of its own format"


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


def test_every_setting_stands_in_the_documents_with_its_default() -> None:
    told = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    table = told.partition("## Settings")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", table, re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields} | {TRUSTED_KEYS.removeprefix("DISPOSISI_")}
    for name, field in Settings.model_fields.items():
        if field.default is not None and field.default != ():
            default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
            assert rows[name.upper()].strip("`") == {str(16 * 1024**2): "16 MiB"}.get(default, default)


@pytest.fixture
def installed(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Return a function that runs the wrapper script with a fake program, which prints how it was called."""
    for folder in ("home", "elsewhere"):
        (tmp_path / folder).mkdir()
    written = (DEPLOY / "disposisi.sh").read_text(encoding="utf-8")
    for path, here in {
        "/var/lib/disposisi": "home",
        "/etc/disposisi.env": "disposisi.env",
        "/opt/disposisi/bin/disposisi": "program",
    }.items():
        assert path in written
        written = written.replace(path, str(tmp_path / here))
    tells = "import os, sys\nprint([os.getcwd(), os.umask(0), sys.argv[1:], input(), dict(os.environ)])\n"
    scripts = {
        "disposisi": written,
        "program": f"#!{sys.executable} -IS\n{tells}",
        "id": "#!/bin/sh\necho disposisi\n",
    }
    for name, script in scripts.items():
        (tmp_path / name).write_text(script, encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    def call(settings: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "disposisi.env").write_text(settings, encoding="utf-8")
        return subprocess.run(
            [tmp_path / "disposisi", "user", "add", "ani baru", "--password-stdin"],
            cwd=tmp_path / "elsewhere",
            env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            input="empat kata yang acak\n",
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_commands_of_the_administrator_have_the_settings_and_the_folder_of_the_service(
    installed: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    settings = {
        "DISPOSISI_DATABASE_URL": ("{}", "postgresql://u:p=$HOME'@db/n?sslmode=require&connect_timeout=5"),
        "DISPOSISI_ALLOWED_ORIGINS": ("{}", "https://a.example https://b.example"),
        "DISPOSISI_MODEL": ('"{}"', "models of `today`"),
        "DISPOSISI_REVIEW": ("'{}'", ' the "review"; #1 '),
        "DISPOSISI_REGION": ("{}", ""),
    }
    lines = [f"{name}={quoted.format(value)}" for name, (quoted, value) in settings.items()]
    told = installed("\n".join(["# DISPOSISI_WORKERS=2", "; DISPOSISI_WORKERS=3", "", "  ", *lines]))
    folder, umask, arguments, password, environment = ast.literal_eval(told.stdout)
    assert {name: environment.get(name) for name in settings} == {name: value for name, (_, value) in settings.items()}
    assert "DISPOSISI_WORKERS" not in environment
    assert (folder, umask, password) == (str(tmp_path / "home"), 0o027, "empat kata yang acak")
    assert arguments == ["user", "add", "ani baru", "--password-stdin"]


@pytest.mark.parametrize("broken", ["DISPOSISI_DATABASE_URL", "export DISPOSISI_DATABASE_URL=sqlite:///a.sqlite3"])
def test_broken_settings_are_not_taken_for_none(
    installed: Callable[[str], subprocess.CompletedProcess[str]], broken: str
) -> None:
    told = installed(f"# by hand\n\n{broken}\n")
    assert told.returncode != 0
    assert told.stdout == ""
    assert "disposisi.env:3:" in told.stderr
    assert "sqlite" not in told.stderr, "a value may hold a password"
