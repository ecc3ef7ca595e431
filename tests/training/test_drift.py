"""Complaints like those of the training raise no alarm; others do, and the alarm says what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.artifact import load_model
from pipeline.complaint import Complaint
from pipeline.drift import Observed, Profile, measure_drift, profile_of
from pipeline.region import Region
from training.data import Labelled
from training.drift import drift_by_week
from training.starter import generate

MONDAY = dt.datetime(2026, 6, 1)  # noqa: DTZ001
USUAL = [Observed(100 + 10 * (i % 20), 0.9, ("dlh", "dishub", "pdam")[i % 3], 0.8, i % 5 > 0) for i in range(300)]


@pytest.fixture
def profile() -> Profile:
    return profile_of(USUAL, right=0.8)


def alarms(profile: Profile, observed: list[Observed]) -> str:
    found = measure_drift(profile, observed).alarms
    assert all(alarm.action for alarm in found)
    return " ".join(alarm.what for alarm in found)


def test_the_usual_raises_no_alarm(profile: Profile) -> None:
    assert alarms(profile, USUAL[:150]) == ""


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"characters": 3000}, "longer"),
        ({"agency": "damkar"}, "Other agencies"),
        ({"familiar": 0.5}, "unknown"),
        ({"probability": 0.4}, "less sure"),
        ({"agreed": False}, "otherwise"),
    ],
)
def test_each_change_raises_its_own_alarm(profile: Profile, change: dict[str, object], word: str) -> None:
    changed = [replace(one, **change) for one in USUAL]  # type: ignore[arg-type]
    assert word in alarms(profile, changed)
    assert alarms(profile, changed[:20]) == "", "too few tell nothing"


def test_a_profile_is_read_as_it_was_written(profile: Profile) -> None:
    assert Profile.from_dict(profile.to_dict()) == profile


def test_the_week_in_which_people_began_to_write_otherwise_is_found(model_folder: Path, bekasi: Region) -> None:
    model, manifest = load_model(model_folder)
    profile = Profile.from_dict(manifest.data["profile"])
    rows = [
        Labelled(Complaint(row.text), row.agency, created_at=MONDAY + dt.timedelta(hours=i))
        for i, row in enumerate(generate(bekasi, 160, seed=21, noise=0.5))
    ]
    strange = [
        Labelled(Complaint("qu vex zor plim drant okul"), None, created_at=MONDAY + dt.timedelta(days=8, minutes=i))
        for i in range(60)
    ]
    first, second = drift_by_week(model, profile, [*rows, *strange])
    assert (first.monday, second.monday) == (dt.date(2026, 6, 1), dt.date(2026, 6, 8))
    assert "unknown" not in " ".join(alarm.what for alarm in first.drift.alarms)
    assert "unknown" in " ".join(alarm.what for alarm in second.drift.alarms)
