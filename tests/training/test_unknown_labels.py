"""Labels that a model has no class for may be complaints; which of them are shown is judged by all of a file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.artifact import load_model
from pipeline.complaint import Complaint, Level
from training.answers import Answers
from training.compare import Contender, compare
from training.curves import draw_curves
from training.data import OTHERS, Labelled
from training.evaluate import evaluate
from training.params import GateParams
from training.unknown_labels import FREE_TEXT, shown_labels

COMPLAINTS = ("Gang kami gelap! Tolong", "lampu pasar mati", "gang melati banjir")
SHOWN = {"dishub", FREE_TEXT}


def labelled(*labels: str) -> list[Labelled]:
    """Return complaints of successive days whose labels these are."""
    day = dt.datetime(2026, 1, 1)  # noqa: DTZ001
    return [
        Labelled(Complaint(f"Dinas Perhubungan {number}"), label, created_at=day + dt.timedelta(days=number))
        for number, label in enumerate(labels)
    ]


def test_a_short_label_is_hidden_among_sentences_and_shown_among_names() -> None:
    labels = ["dishub", *COMPLAINTS, "Dinas Antariksa"]
    assert set(shown_labels(labels, ["lampu mati"] * 5, {"dishub"})) == SHOWN
    names = ["Dinas Antariksa", "Kantor Lama", "dishub", "dishub"]
    assert shown_labels(names, ["lampu mati"] * 4, {"dishub"}) == names


def test_no_evaluation_names_a_label_that_may_be_a_complaint(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    rows = labelled("dishub", *COMPLAINTS)
    evaluation = evaluate(model, rows)
    assert evaluation.unknown_labels == {FREE_TEXT: 3}
    assert evaluation.drift is not None
    assert {shift.agency for shift in evaluation.drift.shifts} == SHOWN
    assert {pair.actual for pair in draw_curves(model, rows).confusion} == SHOWN
    both = Contender("old", model), Contender("new", model)
    assert Counter({group.name: group.top1.rows for group in compare(*both, rows, GateParams()).agencies}) == Counter(
        {FREE_TEXT: 3, "dishub": 1}
    )


def test_nor_one_that_is_right_as_the_class_of_the_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(["dishub", OTHERS], np.array([[0.1, 0.9]] * 4, dtype=np.float32), [Level.SEDANG] * 4)
    monkeypatch.setattr("training.evaluate.answers_of", lambda *_: answers)
    model: Any = None
    evaluation = evaluate(model, labelled("dishub", *COMPLAINTS))
    assert (evaluation.top1.value, evaluation.unknown_labels) == (0.75, {})
    assert evaluation.drift is not None
    assert {shift.agency for shift in evaluation.drift.shifts} == {"dishub", OTHERS}
