"""Days and times are shown by the clock of the region that is served, or by the one set."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.manifest import read_manifest
from serve.api.dependencies import _now
from serve.store import accounts, intake, keys
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.history import Action
from serve.store.intake import Arrival
from serve.store.suggester import Suggester
from tests.serve.store.acts import LAMP, Act
from tests.serve.test_security import PASSWORD

EVENING = dt.datetime(2026, 1, 31, 16, 30, tzinfo=dt.UTC)  # 23.30 in WIB; 1 February in WITA and WIT


@pytest.fixture
def served(local_client: TestClient) -> Iterator[TestClient]:
    """A client of an application whose calendar a test may change."""
    app: Any = local_client.app
    before = app.state.suggester
    app.dependency_overrides[_now] = lambda: EVENING
    yield local_client
    app.state.suggester = before
    app.dependency_overrides.clear()


def _set_clock(client: TestClient, zone: str) -> None:
    state: Any = client.app.state  # type: ignore[attr-defined]
    state.suggester = dataclasses.replace(state.suggester, calendar=WorkingCalendar(zone))


@pytest.mark.parametrize(("zone", "day"), [("Asia/Jakarta", "2026-01-31"), ("Asia/Makassar", "2026-02-01")])
def test_a_workbook_is_named_after_the_day_in_the_region(served: TestClient, zone: str, day: str) -> None:
    _set_clock(served, zone)
    assert f"disposisi-{day}.xlsx" in served.get("/v1/overview.xlsx").headers["content-disposition"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # never the same day
def test_the_model_page_says_on_which_day_in_the_region_it_was_made(
    served: TestClient, model_folder: Path, zone: str
) -> None:
    _set_clock(served, zone)
    made = read_manifest(model_folder).created_at.astimezone(WorkingCalendar(zone).zone)
    assert f"<dt>Dibuat</dt><dd>{made:%d-%m-%Y}</dd>" in served.get("/model").text


@pytest.mark.parametrize(
    ("zone", "code", "day"),
    [
        ("", "32.16", "2026-01-31"),
        ("", "73.71", "2026-02-01"),
        ("Asia/Jakarta", "73.71", "2026-01-31"),
        ("", "", "2026-01-31"),  # no model on this machine
    ],
)
def test_commands_tell_days_by_the_clock_of_the_model_that_is_served_or_the_one_set(
    local_client: TestClient, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    zone: str, code: str, day: str,
) -> None:  # fmt: skip
    database: Database = local_client.app.state.database  # type: ignore[attr-defined]
    suggester: Suggester = local_client.app.state.suggester  # type: ignore[attr-defined]
    with database.writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name="", role=Role.ADMIN, now=EVENING)
        keys.add_key(session, "bot", [Scope.READ], now=EVENING)
        keys.revoke_key(session, "bot", EVENING)
        lamp = Arrival(Complaint("Lampu jalan mati"), "web", reporter_contact="081234567890")
        intake.receive(session, suggester, lamp, by="loket", now=EVENING)
    if code:
        manifest = (model_folder / "manifest.json").read_text(encoding="utf-8")
        (tmp_path / "manifest.json").write_text(manifest.replace('"32.16"', f'"{code}"'), encoding="utf-8")
    monkeypatch.setenv("DISPOSISI_MODEL", str(tmp_path))
    if zone:
        monkeypatch.setenv("DISPOSISI_TIMEZONE", zone)
    for command, days in ((("user", "list"), 1), (("key", "list"), 2), (("subject", "show", "081234567890"), 1)):
        arguments = [*command, "--database", str(database.url)]
        assert CliRunner().invoke(assemble(), arguments, catch_exceptions=False).stdout.count(day) == days, command


@pytest.mark.parametrize(("zone", "day"), [("Asia/Jakarta", "2026-01-31"), ("Asia/Jayapura", "2026-02-01")])
def test_the_card_of_exported_decisions_tells_days_by_that_clock_also_after_an_erasure(
    local_client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, day: str
) -> None:
    monkeypatch.setenv("DISPOSISI_TIMEZONE", zone)
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    act = Act(state.database, state.suggester, EVENING)
    for number, sender in enumerate(("081234567890", "081298765432")):
        complaint = act.receive(f"{LAMP} nomor {number}", reporter_contact=sender)
        act.order(complaint, Action.FORWARD, agencies=("dishub",))
    file, store = str(tmp_path / "decisions.parquet"), ["--database", str(state.database.url)]
    for command, rows in (
        (["export-training", file], 2),
        (["subject", "erase", "081298765432", "--export", file, "--yes"], 1),
    ):
        CliRunner().invoke(assemble(), [*command, *store], catch_exceptions=False)
        _, told, _ = (tmp_path / "decisions.card.md").read_text(encoding="utf-8").split("```")
        card = json.loads(told.removeprefix("json"))
        assert (card["rows"], card["since"], card["until"]) == (rows, day, day)
