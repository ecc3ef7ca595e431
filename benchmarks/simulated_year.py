"""A simulated year: routing with a model that is never retrained, and with one that is retrained every month.

    python benchmarks/simulated_year.py [--bench FOLDER] [--plot-only]

Goes through the train split of real complaints (Kota Surabaya, classes merged as the benchmark's README says) month by
month. People route the first month, and both models are trained on it. Each later month is routed by both models; the
second has learnt from all months before.
Writes docs/simulated-year.csv and docs/simulated-year.svg; --plot-only draws again from the CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from kept_figures import run
from numpy.typing import NDArray
from real_complaints import ROOT, city_complaints

from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures, analyse
from training.data import Labelled
from training.metrics import bootstrap_mean
from training.params import load_params
from training.plots import BLUE, ORANGE, figure, save

CSV = ROOT / "docs" / "simulated-year.csv"
PLOT = ROOT / "docs" / "simulated-year.svg"
STYLES = {"retrained monthly": (BLUE, "o-"), "never retrained": (ORANGE, "s--")}


@dataclass(frozen=True, slots=True)
class Month:
    """Top-1 of one month's complaints for one of the two strategies."""

    month: str
    way: str
    complaints: int
    trained_on: int
    top1: float
    low: float
    high: float


def simulate(rows: Sequence[Labelled]) -> list[Month]:
    """Return figures of both strategies for every month but the first."""
    of_month: dict[str, list[Labelled]] = {}
    for row in rows:
        if row.created_at and row.agency:
            of_month.setdefault(f"{row.created_at:%Y-%m}", []).append(row)
    months = sorted(of_month)
    first = of_month[months[0]]
    never, seen, found = _Fitted(first), list(first), []
    for month in months[1:]:
        now = of_month[month]
        for way, fitted in (("never retrained", never), ("retrained monthly", _Fitted(seen))):
            top1 = bootstrap_mean(fitted.hits(now))
            found.append(Month(month, way, len(now), fitted.rows, top1.value, top1.low, top1.high))
            print(f"{month}  {way:18}  {len(now):5,} complaints  trained on {fitted.rows:5,}  top-1 {top1}", flush=True)
        seen += now
    return found


class _Fitted:
    def __init__(self, rows: Sequence[Labelled]) -> None:
        params = load_params(ROOT / "params.yaml")
        self.rows = len(rows)
        self._features = ComplaintFeatures(**params.features.model_dump())
        X = self._features.fit_transform([analyse(row.complaint) for row in rows])
        # Without folds for both strategies: probabilities aren't needed, and stacking hardly changes top-1.
        settings = params.classifier.model_dump() | {"folds": 0}
        self._classifier = BalancedRidgeClassifier(**settings).fit(X, np.array([row.agency for row in rows]))

    def hits(self, rows: Sequence[Labelled]) -> NDArray[np.bool_]:
        X = self._features.transform([analyse(row.complaint) for row in rows])
        hits: NDArray[np.bool_] = self._classifier.predict(X) == np.array([row.agency for row in rows])
        return hits


def draw(months: Sequence[Month]) -> None:
    """Draw both strategies with their intervals."""
    made, axes = figure(
        "A simulated year: what retraining is worth", "month", "first suggestion right (top-1)", (7.6, 4.4)
    )
    names = sorted({month.month for month in months})
    for way, (colour, style) in STYLES.items():
        these = sorted((m for m in months if m.way == way), key=lambda m: m.month)
        x = [names.index(m.month) for m in these]
        errors = [[m.top1 - m.low for m in these], [m.high - m.top1 for m in these]]
        axes.errorbar(x, [m.top1 for m in these], yerr=errors, fmt=style, color=colour, capsize=3, label=way)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_ylim(0.4, 1)
    axes.legend(frameon=False, loc="lower right")
    save(made, PLOT)


def main() -> None:
    """Run the benchmark, and draw the plot."""
    run(__doc__, Month, CSV, lambda options: simulate(city_complaints(options.bench, None).train), draw)


if __name__ == "__main__":
    main()
