"""How many labels are needed: complaints labelled in order of what they teach, and in random order.

    python benchmarks/active_learning.py [--seeds 3] [--bench FOLDER] [--plot-only]

From the train split of real complaints (Kota Surabaya, classes merged as the benchmark's README says) 500 are labelled
at random, then 250 at a time (1,000 at a time after 4,000), chosen by ``training.active_learning`` or at random. After
each step the classifier of ``disposisi train`` is trained, and its macro-F1 is measured on the dev split. Writes
docs/active-learning.csv and .svg.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from kept_figures import run
from numpy.typing import NDArray
from real_complaints import ROOT, city_complaints
from scipy.sparse import csr_matrix

from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures
from training.active_learning import teaching_value
from training.metrics import macro_f1
from training.params import load_params
from training.plots import BLUE, GREY, ORANGE, figure, save

START, STEP, LATE_STEP = 500, 250, 1000
LATE = 4000  # number of labels from which steps are longer, and at which the run by teaching value ends
FOLDS = 3  # for stacking and link, as `disposisi teach` uses calibrated probabilities; the same for both choices
CSV = ROOT / "docs" / "active-learning.csv"
PLOT = ROOT / "docs" / "active-learning.svg"
STYLES = {"by teaching value": (BLUE, "o-"), "at random": (ORANGE, "s--")}


@dataclass(frozen=True, slots=True)
class Point:
    """Macro-F1 on dev for a number of labels."""

    choice: str
    seed: int
    labels: int
    macro_f1: float


@dataclass(frozen=True)
class Bench:
    """Features and labels of both splits; fitting the features needs no labels."""

    X: csr_matrix
    y: NDArray[np.str_]
    dev_X: csr_matrix
    dev_y: NDArray[np.str_]


def read(folder: Path) -> Bench:
    """Read the benchmark."""
    city = city_complaints(folder, None)
    features = ComplaintFeatures(**load_params(ROOT / "params.yaml").features.model_dump())
    X = features.fit_transform([row.complaint for row in city.train])
    dev_X = features.transform([row.complaint for row in city.dev])
    return Bench(X, np.array([r.agency for r in city.train]), dev_X, np.array([r.agency for r in city.dev]))


def follow(bench: Bench, choice: str, seed: int) -> list[Point]:
    """Add labels step by step, and return macro-F1 at every step."""
    by_value = choice == "by teaching value"
    settings = load_params(ROOT / "params.yaml").classifier.model_dump() | {"folds": FOLDS}
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(bench.y))
    labelled: list[int] = order[:START].tolist()
    points: list[Point] = []
    longest = LATE if by_value else len(order)
    while True:
        classifier = BalancedRidgeClassifier(**settings).fit(bench.X[labelled], bench.y[labelled])
        points.append(Point(choice, seed, len(labelled), macro_f1(bench.dev_y, classifier.predict(bench.dev_X))))
        print(f"{choice:18}  seed {seed}  {len(labelled):5,} labels  macro-F1 {points[-1].macro_f1:.3f}", flush=True)
        if len(labelled) >= longest:
            return points
        rest = np.setdiff1d(order, labelled)
        step = STEP if len(labelled) < LATE else LATE_STEP
        if not by_value:
            chosen = rng.permutation(rest)[:step]
        else:
            probabilities = classifier.predict_proba(bench.X[rest])
            counts = np.array([(bench.y[labelled] == name).sum() for name in classifier.classes_])
            value = teaching_value(probabilities, bench.X[rest], counts)
            chosen = rest[np.argsort(-value, kind="stable")[:step]]
        labelled += chosen.tolist()


def means(points: Sequence[Point]) -> list[tuple[int, float]]:
    """Return the mean over the seeds at every step."""
    sizes = sorted({point.labels for point in points})
    return [(size, float(np.mean([p.macro_f1 for p in points if p.labels == size]))) for size in sizes]


def smoothed(points: Sequence[Point]) -> list[tuple[int, float]]:
    """Return moving averages over three steps, as single steps are noisy."""
    steps = means(points)
    return [(size, float(np.mean([f for _, f in steps[max(0, i - 1) : i + 2]]))) for i, (size, _) in enumerate(steps)]


def needed(points: Sequence[Point], target: float) -> float | None:
    """Return the number of labels that reaches ``target``, interpolated linearly between steps."""
    curve = smoothed(points)
    for (size, value), (next_size, next_value) in pairwise(curve):
        if value < target <= next_value:
            return size + (next_size - size) * (target - value) / (next_value - value)
    return None


def tell(points: Sequence[Point]) -> None:
    """Print how many labels each choice needs for the same macro-F1."""
    chosen = [p for p in points if p.choice == "by teaching value"]
    random = [p for p in points if p.choice == "at random"]
    best = max(value for _, value in smoothed(random))
    start = smoothed(random)[0][1]
    for share in (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        target = start + share * (best - start)
        a, b = needed(chosen, target), needed(random, target)
        if a is None or b is None:
            print(f"macro-F1 {target:.3f}: not reached")
            continue
        # Both start with the same random labels, so the ratio without these is printed, too.
        after = (a - START) / (b - START)
        print(
            f"macro-F1 {target:.3f}: {a:,.0f} labels chosen, {b:,.0f} at random, {a / b:.0%}; of those after the first"
            f" {START}: {after:.0%}"
        )


def draw(points: Sequence[Point]) -> None:
    """Draw a faint line for every seed, and the mean."""
    made, axes = figure("Labels that teach most first", "labelled complaints", "macro-F1 on dev", (7.2, 4.4))
    for choice, (colour, style) in STYLES.items():
        these = [p for p in points if p.choice == choice]
        for seed in {p.seed for p in these}:
            line = [p for p in these if p.seed == seed]
            axes.plot([p.labels for p in line], [p.macro_f1 for p in line], color=colour, alpha=0.25, linewidth=0.8)
        mean = means(these)
        axes.plot([x for x, _ in mean], [y for _, y in mean], style, color=colour, markersize=4, label=choice)
    full = max(p.labels for p in points)
    axes.axvline(full, color=GREY, linewidth=0.8, linestyle=":", label=f"all {full:,}")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, loc="lower center")
    save(made, PLOT)


def show(points: Sequence[Point]) -> None:
    """Print the figures, and draw the plot."""
    tell(points)
    draw(points)


def measure(options: argparse.Namespace) -> list[Point]:
    """Run both choices for every seed."""
    bench = read(options.bench)
    return [point for seed in range(options.seeds) for choice in STYLES for point in follow(bench, choice, seed)]


def main() -> None:
    """Run the benchmark, print the figures, and draw the plot."""
    run(__doc__, Point, CSV, measure, show, seeds=3)


if __name__ == "__main__":
    main()
