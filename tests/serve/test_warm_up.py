"""Startup imports and creates only what it needs; the first page is warmed up a moment later."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.region import calendar
from serve import app, warm_up
from serve.desk import html


@pytest.mark.parametrize("day", [dt.date(2026, 11, 27), dt.date(2026, 11, 28)], ids=["Friday", "Saturday"])
def test_the_first_page_compiles_no_template_and_reads_no_calendar(
    monkeypatch: pytest.MonkeyPatch, day: dt.date
) -> None:
    environment = html._templates.env
    monkeypatch.setattr(environment, "cache", {})
    calendar._holidays.cache_clear()
    warm_up.warm(day)
    assert calendar._holidays.cache_info().currsize == 1
    monkeypatch.setattr(environment, "compile", None)
    for name in environment.list_templates():
        environment.get_template(name)


def test_it_is_made_ready_once_the_application_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed = Event()
    monkeypatch.setattr(warm_up, "_SECONDS", 0)
    monkeypatch.setattr(warm_up, "warm", warmed.set)

    async def run() -> bool:
        champion = SimpleNamespace(start=lambda: None, stop=lambda: None)
        running: Any = SimpleNamespace(state=SimpleNamespace(champion=champion))
        async with app._watching(running):
            return await asyncio.to_thread(warmed.wait, 5)

    assert asyncio.run(run())


def test_whether_the_server_lives_is_asked_before_most_routes(local_client: TestClient) -> None:
    paths = list(
        local_client.get("/openapi.json").json()["paths"]
    )  # in the order in which the framework matches routes
    assert paths.index("/v1/suggestions") < paths.index("/healthz") < paths.index("/v1/complaints")


@pytest.mark.slow  # starts a Python process
def test_a_server_starts_without_what_only_other_work_needs() -> None:
    needless = {"pyarrow", "fsspec", "holidays", "sqlalchemy.dialects.postgresql", "rich.progress", "pipeline.batch"}
    asked = f"import sys, serve.cli.serve, serve.app; print({needless} & {{*sys.modules}} or 'none')"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "none"
