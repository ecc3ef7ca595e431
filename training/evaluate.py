"""Measuring a model on labelled complaints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from pipeline.complaint import Level
from pipeline.errors import DataError
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region
from pipeline.urgency import LEVELS
from training import metrics
from training.answers import answers_of, shown_classes
from training.data import Labelled
from training.metrics import ClassFigures, Estimate
from training.slices import MixChange, Slice, class_drift, slice_figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one model on one set of complaints.

    Attributes
    ----------
    rows
        Complaints with a label of agency.
    top1, top3
        Share whose agency is the first, or among the first three.
    calibration_error
        Of the first agency's probability.
    urgency_rows
        Complaints with a label of urgency; the figures after it are ``None`` without any.
    urgency_within_one
        Share at most one level off.
    unknown_labels
        Labels that are not classes of the model: always counted as wrong.
    slices
        The share right by slice (:mod:`training.slices`).
    drift
        Of the mix of agencies; ``None`` without dates.
    """

    rows: int
    top1: Estimate
    top3: Estimate
    macro_f1: Estimate
    calibration_error: float
    classes: list[ClassFigures]
    confused: list[tuple[str, str, int]]
    unknown_labels: dict[str, int]
    slices: list[Slice]
    drift: MixChange | None
    urgency_rows: int = 0
    urgency_accuracy: Estimate | None = None
    urgency_within_one: Estimate | None = None
    urgency_classes: list[ClassFigures] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def evaluate(model: ComplaintModel, rows: Sequence[Labelled], region: Region | None = None) -> Evaluation:
    """Measure ``model`` on ``rows``; rows without a label of agency count only for urgency.

    Parameters
    ----------
    region
        The region that it was trained for, whose agencies of today the labels name; ``None`` if there is none.

    Raises
    ------
    DataError
        If no row has an agency.
    """
    if not any(row.agency for row in rows):
        raise DataError("No complaint has an agency to evaluate against.", mend="Name its column: --agency.")
    answers = answers_of(model, [analyse(row.complaint) for row in rows], region)
    codes = answers.codes
    labelled = [i for i, row in enumerate(rows) if row.agency]
    truth = shown_classes(answers, [rows[i] for i in labelled], region)
    probabilities = answers.agency[labelled]
    ranked = [[codes[c] for c in order] for order in np.argsort(-probabilities, axis=1, kind="stable")]
    predicted = [guesses[0] for guesses in ranked]
    first = metrics.top_hits(truth, ranked, 1)
    unknown = [label for label in truth if label not in codes]
    _, numbers = np.unique([*truth, *predicted], return_inverse=True)
    true_numbers, predicted_numbers = numbers[: len(truth)], numbers[len(truth) :]
    return Evaluation(
        rows=len(labelled),
        top1=metrics.bootstrap_mean(first),
        top3=metrics.bootstrap_mean(metrics.top_hits(truth, ranked, 3)),
        macro_f1=metrics.bootstrap(
            lambda drawn: metrics.macro_f1(true_numbers[drawn], predicted_numbers[drawn]), len(labelled)
        ),
        calibration_error=metrics.calibration_error(probabilities.max(axis=1, initial=0), first),
        classes=metrics.class_table(truth, predicted),
        confused=metrics.confused_pairs(truth, predicted),
        unknown_labels=dict(sorted(Counter(unknown).items())),
        slices=slice_figures([rows[i] for i in labelled], first),
        drift=class_drift([replace(rows[i], agency=right) for i, right in zip(labelled, truth, strict=True)]),
        **_urgency(rows, answers.levels),
    )


def _urgency(rows: Sequence[Labelled], told: Sequence[Level]) -> dict[str, Any]:
    judged = [(row.urgency, level) for row, level in zip(rows, told, strict=True) if row.urgency]
    if not judged:
        return {}
    away = np.array([abs(LEVELS.index(true) - LEVELS.index(level)) for true, level in judged])
    return {
        "urgency_rows": len(judged),
        "urgency_accuracy": metrics.bootstrap_mean(away == 0),
        "urgency_within_one": metrics.bootstrap_mean(away <= 1),
        "urgency_classes": metrics.class_table([str(true) for true, _ in judged], [str(level) for _, level in judged]),
    }
