"""Wrong labels are doubted, and only those of real complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.complaint import Complaint
from pipeline.model import ComplaintModel
from pipeline.model.link import Link
from pipeline.region import Region
from training.calibrate import HeldOut
from training.data import Labelled
from training.doubted_labels import doubted_labels
from training.fit import fit_uncalibrated
from training.params import ClassifierParams, LabelParams, Params
from training.starter import generate

KEPT = ("dishub", "dlh", "pdam", "disdik", "disdukcapil", "damkar")
WRONG = 30

Mask = NDArray[np.bool_]


@pytest.fixture(scope="module")
def rows(bekasi: Region) -> list[Labelled]:
    """Complaints standing in for real ones, of which the first have wrong labels."""
    made = [row for row in generate(bekasi, 7000, seed=5, noise=0.3) if row.agency in KEPT]
    assert len(made) > 10 * WRONG
    labels = [
        row.agency if n >= WRONG else KEPT[(KEPT.index(row.agency) + 1) % len(KEPT)] for n, row in enumerate(made)
    ]
    return [Labelled(Complaint(row.text), label, row.urgency) for row, label in zip(made, labels, strict=True)]


def fit(rows: Sequence[Labelled], labels: LabelParams) -> tuple[ComplaintModel, Mask]:
    """Return a model trained on the rows, and a mask of the doubted ones."""
    params = Params(classifier=ClassifierParams(folds=4), labels=labels)
    model, held_out = fit_uncalibrated(rows, rows[:100], params)
    found = np.zeros(len(rows), dtype=bool)
    found[model.agency.held_out_rows_] = held_out.doubted
    return model, found


@pytest.fixture(scope="module")
def doubting(rows: list[Labelled]) -> tuple[ComplaintModel, Mask]:
    return fit(rows, LabelParams())


@pytest.fixture(scope="module")
def trusting(rows: list[Labelled]) -> tuple[ComplaintModel, Mask]:
    return fit(rows, LabelParams(doubted_weight=1))


def test_a_real_label_is_doubted_that_is_improbable_where_another_is_nearly_sure() -> None:
    said = np.array([[0.02, 0.8, 0.18], [0.02, 0.5, 0.48], [0.2, 0.8, 0.0], [0.98, 0.02, 0.0], [0.02, 0.8, 0.18]])
    held_out = HeldOut(
        said, np.zeros(5, dtype=int), np.ones(5), np.array([True] * 4 + [False]), np.zeros(5, dtype=bool)
    )
    agency: Any = SimpleNamespace(probabilities=lambda scores: scores)
    assert doubted_labels(agency, held_out, LabelParams()).tolist() == [True, False, False, False, False]


def test_most_wrong_labels_and_few_others_are_doubted(doubting: tuple[ComplaintModel, Mask]) -> None:
    _, found = doubting
    assert found[:WRONG].mean() > 0.5
    assert found[WRONG:].mean() < 0.02


def test_neither_starter_rows_nor_anything_by_weight_one_is_doubted(
    rows: list[Labelled], trusting: tuple[ComplaintModel, Mask]
) -> None:
    starter = [replace(row, group=f"starter {number}") for number, row in enumerate(rows)]
    assert not fit(starter, LabelParams())[1].any()
    assert not trusting[1].any()


def test_a_doubted_label_counts_less(
    rows: list[Labelled], doubting: tuple[ComplaintModel, Mask], trusting: tuple[ComplaintModel, Mask]
) -> None:
    less, alike = doubting[0], trusting[0]
    # Asked about the wrongly labelled texts, the model is less confident in their wrong labels.
    wrong = less.features.transform([row.complaint for row in rows[:WRONG]])
    given = [list(less.agency.classes_).index(row.agency) for row in rows[:WRONG]]
    own = [model.agency.decision_function(wrong)[np.arange(WRONG), given].mean() for model in (less, alike)]
    assert own[0] < own[1] - 0.05, "more than the last digits"


def test_where_a_doubted_label_is_held_out_it_counts_in_full(
    rows: list[Labelled], doubting: tuple[ComplaintModel, Mask]
) -> None:
    agency = doubting[0].agency
    target = np.searchsorted(agency.classes_, [str(rows[number].agency) for number in agency.held_out_rows_])
    assert agency.link_ == Link.fit(agency.held_out_scores_, target, np.ones(len(target)))
