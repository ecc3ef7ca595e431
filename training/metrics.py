"""Metrics of predictions, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support

RESAMPLES = 1000
_BINS = 15


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        until = " to " if self.low < 0 else "-"
        return f"{self.value:.3f} ({self.low:.3f}{until}{self.high:.3f})"

    @property
    def signed(self) -> str:
        """The same for a change, with its sign."""
        return f"{self.value:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 of one class, and its number of complaints."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


def bootstrap(figure: Callable[[NDArray[np.intp]], float], size: int, seed: int = 0) -> Estimate:
    """Return ``figure`` over all rows, and the 2.5th and 97.5th percentile over resampled rows.

    Parameters
    ----------
    figure
        Takes row numbers, returns a number.
    size
        Number of rows; an empty set of rows gives NaN.
    """
    if not size:
        return Estimate(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    drawn = [figure(rng.integers(0, size, size)) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(figure(np.arange(size)), float(low), float(high))


def bootstrap_mean(hits: NDArray[Any]) -> Estimate:
    """Return the mean of ``hits`` with its interval.

    If all hits are equal, so is every resample, and the interval would be a point: then :func:`share` gives it.
    """
    values = np.asarray(hits)
    if values.dtype == bool and len(values) and (values.all() or not values.any()):
        return share(values)
    numbers = values.astype(float)
    return bootstrap(lambda rows: float(numbers[rows].mean()), len(numbers))


def share(hits: NDArray[np.bool_]) -> Estimate:
    """Return the share of hits, at least one row, with Wilson's interval (1927), which is also valid for few rows."""
    count = int(hits.sum())
    interval = binomtest(count, len(hits)).proportion_ci(method="wilson")
    return Estimate(count / len(hits), float(interval.low), float(interval.high))


def share_gap(own: NDArray[np.bool_], others: NDArray[np.bool_]) -> Estimate:
    """Return the share of hits in ``own`` less that in ``others``, with its interval.

    It is combined from the intervals of both (Newcombe 1998, "Interval estimation for the difference between
    independent proportions", method 10).
    """
    one, other = share(own), share(others)
    gap = one.value - other.value
    down = float(np.hypot(one.value - one.low, other.high - other.value))
    up = float(np.hypot(one.high - one.value, other.value - other.low))
    return Estimate(gap, gap - down, gap + up)


def top_hits(truth: Sequence[str], ranked: Sequence[Sequence[str]], k: int) -> NDArray[np.bool_]:
    """Return for each row whether the truth is among its first ``k`` guesses."""
    return np.array([label in guesses[:k] for label, guesses in zip(truth, ranked, strict=True)], dtype=bool)


def macro_f1(truth: NDArray[Any], predicted: NDArray[Any]) -> float:
    """Return the mean F1 over the classes that occur.

    The same as scikit-learn's ``f1_score``, whose checks took most of the time of a thousand resamples.
    """
    classes, codes = np.unique(np.concatenate([truth, predicted]), return_inverse=True)
    true, given = np.split(codes, 2)
    hits = np.bincount(true[true == given], minlength=len(classes))
    return float(np.mean(2 * hits / np.bincount(codes)))


def calibration_error(probability: NDArray[Any], hit: NDArray[Any]) -> float:
    """Return the expected calibration error over 15 bins of equal size (Naeini et al. 2015, equal-mass variant)."""
    order = np.argsort(probability, kind="stable")  # stable, so that ties fall into the same bins everywhere
    parts = [part for part in np.array_split(order, _BINS) if len(part)]
    return float(sum(len(p) * abs(hit[p].mean() - probability[p].mean()) for p in parts) / max(len(order), 1))


def class_table(truth: Sequence[str], predicted: Sequence[str]) -> list[ClassFigures]:
    """Return the figures of every class of the truth, the largest first."""
    labels = [label for label, _ in Counter(truth).most_common()]
    figures = precision_recall_fscore_support(list(truth), list(predicted), labels=labels, zero_division=0)
    return [
        ClassFigures(label, float(p), float(r), float(f), int(n))
        for label, p, r, f, n in zip(labels, *figures, strict=True)
    ]


def confused_pairs(truth: Sequence[str], predicted: Sequence[str], most: int = 10) -> list[tuple[str, str, int]]:
    """Return (true, predicted, how often) of the most frequent confusions."""
    wrong = Counter((t, p) for t, p in zip(truth, predicted, strict=True) if t != p)
    return [(t, p, n) for (t, p), n in wrong.most_common(most)]
