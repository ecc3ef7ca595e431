"""Complaints like the training data raise no alarm; others do, and the alarm says what to do."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.drift import LENGTHS, Observed, Profile, measure_drift, profile_of
from pipeline.region import Region
from training.answers import Answers
from training.data import ENOUGH_REAL, OTHERS, Labelled
from training.drift import Week, drift_by_week, judged, observe, training_profile
from training.starter import generate

COMPLAINT = Complaint("jalan rusak")
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
        ({"agency": "damkar"}, "The mix of agencies"),
        ({"familiar": 0.5}, "unknown"),
        ({"probability": 0.4}, "less confident"),
        ({"agreed": False}, "overrule"),
    ],
)
def test_each_change_raises_its_own_alarm(profile: Profile, change: dict[str, object], word: str) -> None:
    changed = [replace(one, **change) for one in USUAL]  # type: ignore[arg-type]
    assert word in alarms(profile, changed)
    assert alarms(profile, changed[:20]) == "", "too few complaints to judge"


@pytest.mark.parametrize("complaints", [50, 77, 150, 600])
def test_a_week_like_the_training_is_no_alarm_however_small_and_a_flood_is_one(complaints: int) -> None:
    rng = np.random.default_rng(complaints)
    shares = 1 / np.arange(3, 58)
    shares /= shares.sum()
    lengths = (0.1, 0.2, 0.3, 0.2, 0.12, 0.06, 0.02)
    profile = Profile(5000, lengths, {f"dinas-{n:02}": share for n, share in enumerate(shares)}, 0.9, 0.8)

    def week(flooded: float) -> str:
        agencies = np.where(rng.random(complaints) < flooded, 40, rng.choice(55, complaints, p=shares))
        sizes = rng.choice(7, complaints, p=lengths)
        drawn = zip(agencies, sizes, strict=True)
        return alarms(profile, [Observed((0, *LENGTHS)[s], 0.9, f"dinas-{a:02}", 0.8) for a, s in drawn])

    assert sum(week(0) != "" for _ in range(80)) < 4
    assert all("The mix of agencies" in week(1 / 3) for _ in range(20))


def test_weeks_that_differ_as_those_of_the_training_did_are_no_alarm_and_a_flood_is_one() -> None:
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(3, 43)
    shares /= shares.sum()

    def week(number: int) -> list[Labelled]:
        # One burst pipe is reported by many, so each week's own shares vary, on top of sampling.
        agencies = rng.choice(40, 150, p=rng.dirichlet(shares * 120))
        day = MONDAY + dt.timedelta(weeks=number)
        return [Labelled(COMPLAINT, f"dinas-{agency:02}", created_at=day) for agency in agencies]

    known = SimpleNamespace(features=SimpleNamespace(familiar_=frozenset()))
    trained = [row for number in range(40) for row in week(number)]
    profile = training_profile(known, trained, right=0.8)  # type: ignore[arg-type]
    assert profile.burstiness == pytest.approx(270 / 121, rel=0.2)
    assert Profile.from_dict(profile.to_dict()) == profile

    def alarmed(profile: Profile, rows: list[Labelled], agency: str | None = None) -> bool:
        told = [Observed(11, 0, agency or str(row.agency), 0.8) for row in rows]
        return "The mix of agencies" in alarms(profile, told)

    weeks = [week(number) for number in range(60)]
    assert sum(alarmed(profile, rows) for rows in weeks) < 4
    assert sum(alarmed(replace(profile, burstiness=1.0), rows) for rows in weeks) > 20
    assert all(alarmed(profile, [*rows, *[replace(rows[0], agency="dinas-39")] * 75]) for rows in weeks)
    undated = [replace(row, created_at=None) for row in trained]
    assert training_profile(known, undated, right=0.8).burstiness == 1  # type: ignore[arg-type]


def test_with_enough_real_complaints_the_profile_is_of_them_alone(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    real = [Labelled(COMPLAINT, "sdabmbk")] * ENOUGH_REAL
    composed = [Labelled(COMPLAINT, "dlh", group="starter 1")] * ENOUGH_REAL
    assert training_profile(model, [*real, *composed], 0.8).agencies == {"sdabmbk": 1.0}
    assert training_profile(model, [*real[1:], *composed], 0.8).agencies.keys() == {"dlh", "sdabmbk"}


@pytest.mark.parametrize("burstiness", [1.0, 10.0, 119.0, 121.0, 1e4])
def test_a_week_that_tells_as_little_as_one_complaint_is_no_alarm(burstiness: float) -> None:
    everyone = {f"dinas-{n:02}": 1 / 55 for n in range(55)}
    profile = Profile(5000, (0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0), everyone, 0.9, 0.8, burstiness)
    agencies = np.random.default_rng(0).integers(0, 55, 60)
    assert alarms(profile, [Observed(100, 0.9, f"dinas-{a:02}", 0.8) for a in agencies]) == ""


def test_a_profile_is_read_as_it_was_written(profile: Profile) -> None:
    assert Profile.from_dict(profile.to_dict()) == profile


@pytest.mark.parametrize("rows", [9, 10, 11, 19, 20, 21])
def test_a_profile_is_of_no_more_rows_than_said_and_of_half_as_many_at_least(
    rows: int, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.drift._SAMPLE", 10)
    model, _ = load_model(model_folder)
    drawn = training_profile(model, [Labelled(Complaint("lampu jalan mati"), "dishub")] * rows, 0.8)
    assert 5 < drawn.complaints <= 10


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


def test_a_label_too_rare_to_be_learnt_agrees_with_the_class_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Labelled(COMPLAINT, agency) for agency in ("dishub", "dinas-langka", None)]

    def agreed(*codes: str) -> list[bool | None]:
        answers = Answers(list(codes), np.array([[0.1, 0.9]] * 3, dtype=np.float32), [])
        monkeypatch.setattr("training.drift.answers_of", lambda *_: answers)
        return [one.agreed for one in observe(model, rows)]

    model: Any = SimpleNamespace(features=SimpleNamespace(familiar_=frozenset()))
    assert agreed("dishub", OTHERS) == [False, True, None]
    assert agreed("dishub", "dlh") == [False, False, None]


def test_the_newest_week_with_enough_complaints_is_judged(profile: Profile) -> None:
    weeks = [
        Week(MONDAY.date() + dt.timedelta(weeks=number), measure_drift(profile, USUAL[:complaints]))
        for number, complaints in enumerate((150, 80, 3))
    ]
    assert judged(weeks) is weeks[1], "the newest week has just begun"
    assert judged(weeks[2:]) is None
    assert judged([Week(None, weeks[0].drift), weeks[2]]) == Week(None, weeks[0].drift)


def test_complaints_for_an_office_that_the_region_lacks_are_new_too_and_that_they_are_is_told(
    tmp_path: Path, model_folder: Path, bekasi: Region
) -> None:
    rows = [(row.text, row.agency) for row in generate(bekasi, 20, seed=3, noise=0.0)]
    rows = [*rows, *((text, "Dinas Antariksa") for text, _ in rows[:5])]
    file = tmp_path / "new.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([("teks", "instansi"), *rows])
    done = CliRunner().invoke(assemble(), ["drift", str(file), "--model", str(model_folder), "--json"])
    assert done.exit_code == 0, done.output
    (week,) = json.loads(done.stdout)
    assert week["drift"]["complaints"] == 25
    assert week["drift"]["agreement"] * 20 == pytest.approx(round(week["drift"]["agreement"] * 20))
    assert "5 row(s) used without" in done.stderr
    assert "row 22: the region has no agency 'Dinas Antariksa'" in done.stderr
