"""The curves of a report, on complaints that the model has not seen: reliability, coverage, confusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.atomic_files import write_csv
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region
from training import metrics
from training.answers import answers_of, shown_classes
from training.data import Labelled

BINS = 10
BUSIEST = 12
_OTHERS = "lainnya"
_COVERAGES = np.arange(0.05, 1.001, 0.05)


@dataclass(frozen=True, slots=True)
class Bin:
    """Complaints of similar probability: its mean, the share that was right with its 95 % interval, their number."""

    probability: float
    right: float
    low: float
    high: float
    complaints: int


@dataclass(frozen=True, slots=True)
class Covered:
    """The most confident complaints: their share of all, their precision, and the lowest probability among them."""

    coverage: float
    precision: float
    probability: float


@dataclass(frozen=True, slots=True)
class Confused:
    """How often complaints of one of the busiest agencies were taken for another, or for any other (``lainnya``)."""

    actual: str
    predicted: str
    complaints: int


@dataclass(frozen=True)
class Curves:
    """Everything drawn, without complaint texts."""

    reliability: list[Bin]
    coverage: list[Covered]
    confusion: list[Confused]

    def write(self, paths: Sequence[Path]) -> None:
        """Write each, in the order of ``CURVES``, as CSV for ``dvc plots``; the confusion has a line per complaint."""
        every = ((pair.actual, pair.predicted) for pair in self.confusion for _ in range(pair.complaints))
        rows = map(astuple, self.reliability), map(astuple, self.coverage), every
        for path, header, lines in zip(paths, CURVES.values(), rows, strict=True):
            write_csv(path, header, lines)


CURVES: Final = {  # the files, with their columns
    "reliability.csv": tuple(field.name for field in fields(Bin)),
    "coverage.csv": tuple(field.name for field in fields(Covered)),
    "confusion.csv": ("actual", "predicted"),
}


def draw_curves(model: ComplaintModel, rows: Sequence[Labelled], region: Region | None = None) -> Curves:
    """Return the curves of ``model`` on the labelled rows among ``rows``.

    Parameters
    ----------
    region
        The region that it was trained for, whose agencies of today the labels name; ``None`` if there is none.
    """
    labelled = [row for row in rows if row.agency]
    answers = answers_of(model, [analyse(row.complaint) for row in labelled], region)
    codes, scores = answers.codes, answers.agency
    truth = shown_classes(answers, labelled, region)
    predicted = [codes[position] for position in scores.argmax(axis=1)]
    hit = np.array([t == p for t, p in zip(truth, predicted, strict=True)], dtype=bool)
    probability = scores.max(axis=1, initial=0)
    return Curves(reliability(probability, hit), coverage(probability, hit), confusion(truth, predicted))


def reliability(probability: NDArray[Any], hit: NDArray[np.bool_]) -> list[Bin]:
    """Return bins of equal size, from the least to the most probable."""
    parts = [part for part in np.array_split(np.argsort(probability, kind="stable"), BINS) if len(part)]
    bins = []
    for part in parts:
        right = metrics.share(hit[part])
        bins.append(Bin(float(probability[part].mean()), right.value, right.low, right.high, len(part)))
    return bins


def coverage(probability: NDArray[Any], hit: NDArray[np.bool_]) -> list[Covered]:
    """Return the precision of the most confident complaints, for every twentieth of coverage."""
    order = np.argsort(-probability, kind="stable")
    points = []
    for share in _COVERAGES:
        taken = order[: round(share * len(order))]
        if len(taken):
            points.append(Covered(round(float(share), 2), float(hit[taken].mean()), float(probability[taken[-1]])))
    return points


def confusion(truth: Sequence[str], predicted: Sequence[str]) -> list[Confused]:
    """Return the confusion among the busiest agencies, every pair once."""
    busiest = [label for label, _ in Counter(truth).most_common(BUSIEST)]
    others = _OTHERS if _OTHERS not in busiest else f"({_OTHERS})"  # labels without a region may be any words
    counts = Counter((t, p if p in busiest else others) for t, p in zip(truth, predicted, strict=True) if t in busiest)
    return [Confused(t, p, counts[t, p]) for t in busiest for p in (*busiest, others)]
