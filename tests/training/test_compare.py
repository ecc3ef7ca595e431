"""A good challenger passes the gate; one trained on shuffled labels and one that lacks an agency do not."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import fields, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.artifact import save_model
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint, Level
from pipeline.errors import TamperedModelError
from pipeline.manifest import RegionOfModel
from pipeline.model import Analysis, ComplaintModel, Scores
from pipeline.region import Region
from training.compare import Contender, compare, paired, paired_costs
from training.comparison import Comparison, read_comparison, save_comparison
from training.data import Labelled, read_labelled
from training.fit import fit_model
from training.metrics import Estimate
from training.params import ClassifierParams, GateParams, Params
from training.slices import slice_figures
from training.starter import generate

FAST = Params(classifier=ClassifierParams(folds=2))
# Tests predictions, not speed, as the models are small.
RULES = GateParams(max_slower=100)
KEPT = ("dishub", "dlh", "pdam", "sdabmbk", "disdik", "disdukcapil")

Fit = Callable[[Sequence[Labelled]], Contender]


@pytest.fixture(scope="module")
def rows(bekasi: Region) -> list[Labelled]:
    start = dt.datetime(2026, 1, 1)  # noqa: DTZ001
    made = (row for row in generate(bekasi, 4000, seed=5, noise=0.3) if row.agency in KEPT)
    return [
        Labelled(Complaint(row.text), row.agency, row.urgency, created_at=start + dt.timedelta(hours=4 * number))
        for number, row in enumerate(made)
    ]


@pytest.fixture(scope="module")
def past(rows: list[Labelled]) -> list[Labelled]:
    return rows[:500]


@pytest.fixture(scope="module")
def newer(rows: list[Labelled]) -> list[Labelled]:
    return rows[500:]


def fit(name: str, rows: Sequence[Labelled]) -> Contender:
    return Contender(name, fit_model(rows, rows, FAST))


@pytest.fixture(scope="module")
def champion(past: list[Labelled]) -> Contender:
    return fit("champion", past[:350])


def failed(comparison: Comparison) -> set[str]:
    return {finding.rule for finding in comparison.verdict.findings if not finding.passed}


def test_more_data_passes_and_the_week_adds_up(
    champion: Contender, past: list[Labelled], newer: list[Labelled]
) -> None:
    found = compare(champion, fit("more", past), newer, RULES)
    assert found.verdict.passed, failed(found)
    assert found.top1.won - found.top1.lost == round(found.top1.change.value * found.rows)
    assert found.top1.change.low <= found.top1.change.value <= found.top1.change.high
    week = found.week
    for side in (0, 1):
        parts = week.first[side] + week.among_three[side] + week.search[side]
        assert parts == pytest.approx(week.complaints)
    assert week.complaints == pytest.approx(42, abs=1)  # one complaint every four hours
    assert found.urgent is not None


def test_a_mean_week_is_of_the_complaints_that_have_a_day(champion: Contender, newer: list[Labelled]) -> None:
    dated, undated = newer[:90], [replace(row, created_at=None) for row in newer[90:180]]
    week = compare(champion, champion, [*undated, *dated], RULES).week
    assert week == compare(champion, champion, dated, RULES).week
    assert week.complaints == pytest.approx(42, abs=3)
    assert compare(champion, champion, newer[:6], RULES).week.complaints == 6, "a day makes no week"


def test_a_model_of_shuffled_labels_is_blocked(
    champion: Contender, past: list[Labelled], newer: list[Labelled]
) -> None:
    labels = [row.agency for row in past]
    random.Random(0).shuffle(labels)
    shuffled = [replace(row, agency=label) for row, label in zip(past, labels, strict=True)]
    found = compare(champion, fit("shuffled", shuffled), newer[:200], RULES)
    assert not found.verdict.passed
    assert {"top1", "top3"} <= failed(found)


def test_a_model_whose_data_lost_an_agency_is_blocked_even_if_few_complaints_are_its(
    champion: Contender, past: list[Labelled], newer: list[Labelled]
) -> None:
    without = [row for row in past if row.agency != "disdukcapil"]
    hold = [row for row in newer[:100] if row.agency != "disdukcapil"]
    found = compare(champion, fit("without", without), hold, RULES)
    assert found.lost_agencies == ("disdukcapil",)
    assert "agencies" in failed(found)


@pytest.mark.slow
@pytest.mark.benchmark
def test_every_slice_is_compared_and_a_district_that_loses_blocks(champion: Contender, newer: list[Labelled]) -> None:
    placed = [replace(row, district="Utara" if number % 3 else "Selatan") for number, row in enumerate(newer[:200])]
    confused = copy(champion.model.agency)
    confused.classes_ = np.roll(confused.classes_, 1)
    found = compare(champion, Contender("confused", replace(champion.model, agency=confused)), placed, RULES)
    rows = {group.name: group.top1.rows for group in found.slices}
    assert rows["district: Utara"] + rows["district: Selatan"] == len(placed)
    assert {name.split(":")[0] for name in rows} == {
        each.aspect for each in slice_figures(placed, np.ones(len(placed), dtype=bool))
    }
    verdict = next(finding for finding in found.verdict.findings if finding.rule == "slice")
    assert not verdict.passed
    assert "district: Utara" in verdict.text


def test_a_model_that_calls_everything_an_emergency_is_blocked(champion: Contender, newer: list[Labelled]) -> None:
    class Alarmist(ComplaintModel):
        """The champion, but sure that everything is an emergency."""

        def score(self, analyses: Sequence[Analysis]) -> Scores:
            alarms = np.array([level == Level.DARURAT for level in self.urgency.classes_], dtype=np.float32)
            scores = super().score(analyses)
            return replace(scores, urgency=np.tile(alarms, (len(analyses), 1)))

    parts = {field.name: getattr(champion.model, field.name) for field in fields(champion.model)}
    found = compare(champion, Contender("alarmist", Alarmist(**parts)), newer[:250], RULES)
    assert found.urgent is not None
    assert found.urgent.challenger == 1
    assert failed(found) == {"urgency_cost"}


def test_of_two_costs_the_less_wins() -> None:
    found = paired_costs(np.array([1.0, 0, 5, 2]), np.array([0.0, 0, 2, 3]))
    assert (found.champion, found.challenger, found.change.value, found.won, found.lost) == (2, 1.25, -0.75, 2, 1)
    assert found.change.low <= -0.75 <= found.change.high


def test_equal_costs_change_by_nought_and_not_by_less() -> None:
    cost = np.array([0.0, 1.0, 2.0])
    assert str(paired_costs(cost, cost).change) == "0.000 (0.000-0.000)"
    assert str(Estimate(-0.02, -0.03, -0.01)) == "-0.020 (-0.030 to -0.010)"


def test_a_label_that_few_complaints_of_the_file_have_is_the_class_that_the_models_know_it_as(
    champion: Contender, past: list[Labelled], tmp_path: Path
) -> None:
    none = RegionOfModel(code="none", name="none", folder="none")
    about: dict[str, Any] = {"region": none, "data": {}, "params": {}, "metrics": {}, "card": ""}
    save_model(tmp_path / "model", champion.model, **about)
    known = next(row for row in past[:350] if row.agency == "dishub")
    undated = next(row for row in past[:350] if row.agency == "dlh")
    with (tmp_path / "few.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [
                ("teks", "instansi", "tanggal"),
                (known.complaint.text, known.agency, "2026-02-01"),
                (undated.complaint.text, undated.agency, ""),
            ]
        )
    model, given = str(tmp_path / "model"), str(tmp_path / "few.csv")
    command = ["compare", model, model, given, "--models", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(assemble(), [*command, "--unseen"])
    told = json.loads(done.stdout)
    assert (told["rows"], told["top1"]["champion"]) == (2, 1), "the models learnt these very complaints"
    assert (told["data"], told["sha256"]) == ("few.csv", read_labelled([tmp_path / "few.csv"], None).fingerprint)
    assert "Skipped" not in done.stderr
    done = CliRunner().invoke(assemble(), [*command, "--since", "2026-01-01"])
    assert "Skipped 1 of 2 complaints" in done.stderr
    assert json.loads(done.stdout)["rows"] == 1
    refused = CliRunner().invoke(assemble(), ["compare", model, model, "read later.csv", "--models", given])
    assert isinstance(refused.exception, NotADirectoryError), "before anything is read"


def test_too_few_complaints_decide_nothing(champion: Contender, newer: list[Labelled]) -> None:
    assert failed(compare(champion, replace(champion, name="same"), newer[:50], RULES)) == {"rows"}


def test_what_stalls_a_few_answers_does_not_make_a_model_slow(champion: Contender, newer: list[Labelled]) -> None:
    calls = count()

    class Stalled(ComplaintModel):
        """The champion on a machine with occasional stalls."""

        def score(self, analyses: Sequence[Analysis]) -> Scores:
            if len(analyses) == 1 and next(calls) % 10 == 0:
                time.sleep(0.1)
            return super().score(analyses)

    parts = {field.name: getattr(champion.model, field.name) for field in fields(champion.model)}
    found = compare(champion, Contender("stalled", Stalled(**parts)), newer[:60], GateParams(max_slower=1.5))
    assert next(calls) >= 60
    assert "speed" not in failed(found)


def test_a_comparison_is_read_as_it_was_written(champion: Contender, newer: list[Labelled], tmp_path: Path) -> None:
    found = compare(champion, champion, newer[:60], RULES)
    path = tmp_path / "kept" / "a..b.json"
    assert read_comparison(path) is None
    save_comparison(path, found)
    assert read_comparison(path) == found
    path.write_text("{}")
    with pytest.raises(TamperedModelError, match="not a comparison"):
        read_comparison(path)


def test_mcnemar_sees_no_difference_in_equal_wins_and_losses() -> None:
    old, new = np.array([True, False] * 50), np.array([False, True] * 50)
    one = paired(old, new)
    assert (one.won, one.lost, one.change.value) == (50, 50, 0)
    assert one.p == pytest.approx(1)
    certain = paired(old, np.ones(100, dtype=bool))
    assert certain.p < 1e-9
    assert (certain.told_p, one.told_p) == ("<0.001", "1.000")  # p is never shown as 0


def test_a_model_that_suggests_alone_what_it_is_not_sure_of_is_blocked(
    champion: Contender, newer: list[Labelled]
) -> None:
    """Both rank alike, so top-1, calibration and urgency are equal."""
    policy = replace(champion.model.policy, suggest_probability=0.9)
    careful = Contender("careful", replace(champion.model, policy=policy))
    bold = Contender("bold", replace(champion.model, policy=replace(policy, suggest_probability=0.0)))
    some = newer[:400]
    found = compare(careful, bold, some, RULES)
    assert found.alone
    assert found.alone.share[1] == 1
    assert found.alone.precision[1] == pytest.approx(found.top1.challenger)
    assert failed(found) == {"alone"}
    assert "alone" not in failed(compare(bold, careful, some, RULES))
    silent = Contender("silent", replace(champion.model, policy=replace(policy, suggest_probability=1.1)))
    assert compare(silent, bold, some, RULES).alone is None
