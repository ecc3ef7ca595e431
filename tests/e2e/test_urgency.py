"""Targets for emergencies, with a model of default size, on texts it wasn't trained on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pipeline.complaint import Kind, Level
from pipeline.router import Router
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

WRITTEN = ROOT / "tests" / "data" / "urgency"
SERIOUS = {Level.TINGGI, Level.DARURAT}


def test_no_emergency_slips_through_and_calm_texts_stay_calm(default_router: Router) -> None:
    rows = [json.loads(line) for line in (WRITTEN / "measure.jsonl").read_text(encoding="utf-8").splitlines()]
    suggestions = default_router.suggest_many([row["text"] for row in rows])
    grave = np.array([row["emergency"] for row in rows])
    told = np.array([suggestion.urgency.level for suggestion in suggestions])
    assert grave.sum() == 200
    assert (told[grave] == Level.DARURAT).mean() >= 0.90
    assert np.isin(told[grave], list(SERIOUS)).mean() >= 0.98
    assert (told[~grave] == Level.DARURAT).mean() <= 0.03
    right = [
        bool(set(row["agencies"]) & {agency.code for agency in suggestion.agencies[:3]})
        for row, suggestion in zip(rows, suggestions, strict=True)
        if row["emergency"]
    ]
    assert np.mean(right) >= 0.85


def test_emergencies_told_by_somebody_else_raise_an_alarm(default_router: Router) -> None:
    rows = [json.loads(line) for line in (WRITTEN / "independent.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = np.array([Level(row["urgency"]) for row in rows])
    told = np.array([suggestion.urgency.level for suggestion in default_router.suggest_many([r["text"] for r in rows])])
    alarmed = np.isin(told, list(SERIOUS))
    assert alarmed[truth == Level.DARURAT].mean() >= 0.97
    assert alarmed[truth == Level.TINGGI].mean() >= 0.90
    assert alarmed[~np.isin(truth, list(SERIOUS))].mean() <= 0.25
    assert (told[truth == Level.DARURAT] == Level.DARURAT).mean() >= 0.75


def test_kinds_of_message_are_told_apart(default_router: Router) -> None:
    rows = [json.loads(line) for line in (WRITTEN / "kinds.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [suggestion.kind for suggestion in default_router.suggest_many([row["text"] for row in rows])]
    assert np.mean([Kind(row["kind"]) is kind for row, kind in zip(rows, told, strict=True)]) >= 0.75
