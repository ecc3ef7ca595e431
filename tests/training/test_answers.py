"""After a reorganisation, all evaluations use the router's answers: today's agencies, and the region's costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.artifact import load_model
from pipeline.complaint import ALARMS, Complaint, Level
from pipeline.drift import Profile
from pipeline.errors import ModelRegionError
from pipeline.manifest import Manifest
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region
from pipeline.router import Router
from training.active_learning import rank_to_label
from training.answers import Answers, answers_of
from training.compare import Contender, compare
from training.curves import draw_curves
from training.data import OTHERS, Labelled
from training.drift import drift_by_week
from training.evaluate import evaluate
from training.params import GateParams
from training.starter import generate

OLD, NEW = "dishub", "dishubinfra"
ENDED, BEGUN = dt.date(2020, 12, 31), dt.date(2021, 1, 1)


@pytest.fixture(scope="module")
def trained(model_folder: Path) -> tuple[ComplaintModel, Manifest]:
    return load_model(model_folder)


@pytest.fixture(scope="module")
def model(trained: tuple[ComplaintModel, Manifest]) -> ComplaintModel:
    return trained[0]


@pytest.fixture(scope="module")
def reorganised(bekasi: Region) -> Region:
    old = bekasi.agencies[OLD]
    ended = old.model_copy(update={"valid_to": ENDED, "successor": (NEW,)})
    begun = old.model_copy(update={"code": NEW, "name": "Dinas Perhubungan dan Infrastruktur", "valid_from": BEGUN})
    return replace(bekasi, agencies={**bekasi.agencies, OLD: ended, NEW: begun})


@pytest.fixture(scope="module")
def rows(bekasi: Region) -> list[Labelled]:
    """All complaints of the renamed agency, and a quarter of the others."""
    monday = dt.datetime(2026, 6, 1)  # noqa: DTZ001
    return [
        Labelled(Complaint(row.text), row.agency, row.urgency, created_at=monday + dt.timedelta(minutes=number))
        for number, row in enumerate(generate(bekasi, 300, seed=21, noise=0.3))
        if row.agency == OLD or number % 4 == 0
    ]


@pytest.fixture(scope="module")
def moved(rows: Sequence[Labelled]) -> list[Labelled]:
    """The rows as they are read after the reorganisation."""
    return [replace(row, agency=NEW) if row.agency == OLD else row for row in rows]


def test_thresholds_are_chosen_by_the_words_alone_and_answers_by_the_dangers_too(
    model: ComplaintModel, bekasi: Region
) -> None:
    burning = [analyse("rumah tetangga kebakaran, api membesar, ada orang terjebak")]
    answered, by_words = (answers_of(model, burning, bekasi, by_words=alone).agency for alone in (False, True))
    assert by_words == pytest.approx(model.score(burning).agency)
    fire = list(model.agency.classes_).index("damkar")
    assert answered[0, fire] > by_words[0, fire] + 0.1


def test_a_model_is_as_good_as_before_and_as_the_router_answers(
    model: ComplaintModel, bekasi: Region, reorganised: Region, rows: list[Labelled], moved: list[Labelled]
) -> None:
    assert sum(row.agency == NEW for row in moved) > 5
    before, after = evaluate(model, rows, bekasi), evaluate(model, moved, reorganised)
    assert after.unknown_labels == {}
    assert (after.top1, after.top3, after.macro_f1) == (before.top1, before.top3, before.macro_f1)
    answered = Router(model.scorer, reorganised, "m").route_many([row.complaint for row in moved])
    first = [routing.agencies[0].code == row.agency for routing, row in zip(answered, moved, strict=True)]
    assert after.top1.value == pytest.approx(np.mean(first))
    assert draw_curves(model, moved, reorganised).coverage == draw_curves(model, rows, bekasi).coverage


def test_a_challenger_that_learned_the_successor_has_lost_no_agency(
    model: ComplaintModel, reorganised: Region, moved: list[Labelled]
) -> None:
    agency = copy(model.agency)
    agency.classes_ = np.array([NEW if code == OLD else code for code in model.agency.classes_])
    retrained = Contender("retrained", replace(model, agency=agency))
    found = compare(Contender("old", model), retrained, moved, GateParams(max_slower=100, min_rows=50), reorganised)
    assert (found.lost_agencies, found.new_agencies) == ((), ())
    assert found.top1.won == found.top1.lost == 0
    assert found.verdict.passed


def test_a_new_name_alone_is_no_drift(
    trained: tuple[ComplaintModel, Manifest], reorganised: Region, bekasi: Region, rows: list[Labelled]
) -> None:
    model, manifest = trained
    profile = Profile.from_dict(manifest.data["profile"])
    lamps = [row for row in rows if row.agency == OLD] * 10
    moved = [replace(row, agency=NEW) for row in lamps]
    before, after = drift_by_week(model, profile, lamps, bekasi), drift_by_week(model, profile, moved, reorganised)
    assert after == before
    assert after[0].drift.agreement is not None
    assert after[0].drift.agreement > 0.5


def test_what_would_teach_most_is_the_same_after_an_agency_was_renamed(
    model: ComplaintModel, reorganised: Region, bekasi: Region, rows: list[Labelled]
) -> None:
    complaints = [row.complaint for row in rows[:60]]
    before = rank_to_label(model, complaints, [OLD] * 50, bekasi)
    assert rank_to_label(model, complaints, [NEW] * 50, reorganised) == before


def test_urgency_is_told_at_the_costs_of_the_region(
    model: ComplaintModel, bekasi: Region, rows: list[Labelled]
) -> None:
    analyses = [analyse(row.complaint) for row in rows]
    costs = bekasi.urgency_costs
    dear = costs.model_copy(update={"tinggi": {**costs.tinggi, Level.RENDAH: 900.0, Level.SEDANG: 900.0}})
    cautious = replace(bekasi, urgency_costs=dear)
    alarms = [sum(level in ALARMS for level in answers_of(model, analyses, r).levels) for r in (bekasi, cautious)]
    assert alarms[0] < alarms[1]
    routed = Router(model.scorer, cautious, "m").route_many([row.complaint for row in rows])
    assert answers_of(model, analyses, cautious).levels == [routing.level for routing in routed]


def test_an_agency_that_the_region_forgot_is_told(model: ComplaintModel, bekasi: Region, rows: list[Labelled]) -> None:
    without = replace(bekasi, agencies={code: a for code, a in bekasi.agencies.items() if code != OLD})
    with pytest.raises(ModelRegionError, match=OLD):
        evaluate(model, rows[:5], without)


def test_a_label_without_a_class_is_right_as_the_class_of_the_rare_if_there_is_one() -> None:
    with_rare, without = (Answers(codes, np.zeros((0, len(codes)), np.float32), []) for codes in (["a", OTHERS], ["a"]))
    assert [with_rare.class_of(label) for label in ("a", "b")] == ["a", OTHERS]
    assert [without.class_of(label) for label in ("a", "b")] == ["a", "b"]
