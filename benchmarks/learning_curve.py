"""How much the starter corpus helps as real labels grow: real rows alone, and blended with starter rows.

    python benchmarks/learning_curve.py [--sizes 250 500 …] [--seeds 2] [--starter-rows 4000] [--bench FOLDER]

Trained on rows drawn from the train split of real complaints (Kota Surabaya, classes merged as the benchmark's README
says), measured on the whole dev split. Starter rows whose agency is not among the labels are left out: they could never
be right there. Each figure is the mean over the seeds, with a 95 % bootstrap interval over dev complaints and seeds
together. Writes docs/learning-curve.csv and docs/learning-curve.svg; --plot-only draws again from the CSV.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from real_complaints import BENCH, ROOT, CityComplaints, city_complaints

from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures
from pipeline.region import load_region
from training.data import Labelled
from training.fit import blend, starter_rows
from training.metrics import Estimate, macro_f1
from training.params import Params, load_params
from training.plots import BLUE, RED

REGION = "kota_surabaya"
SIZES = (250, 500, 1000, 2000, 4000, 8000)
RESAMPLES = 500
FIGURES = {"top1": "top-1", "top3": "top-3", "macro_f1": "macro-F1"}
CSV = ROOT / "docs" / "learning-curve.csv"
PLOT = ROOT / "docs" / "learning-curve.svg"
STYLES = {"with starter": (BLUE, "o-"), "real alone": (RED, "s--")}


@dataclass(frozen=True, slots=True)
class Answers:
    """A model's answers on dev: class numbers of first suggestions, and whether the first three include the truth."""

    first: NDArray[np.intp]
    in_three: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """One figure at one size."""

    rows: int
    training: str
    figure: str
    estimate: Estimate


def main() -> None:
    """Run the benchmark, write the figures, and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH, help="folder of the real complaints")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="real rows to train on")
    parser.add_argument("--seeds", type=int, default=2, help="random samples of real rows at each size")
    parser.add_argument("--starter-rows", type=int, default=4_000, help="rows of the starter corpus to generate")
    parser.add_argument("--half-at", type=float, help="overrides the parameter half_at of the schedule")
    parser.add_argument("--full-weight", type=float, help="overrides the parameter full_weight of the schedule")
    parser.add_argument("--csv", type=Path, default=CSV, help="file for the figures")
    parser.add_argument("--plot-only", action="store_true", help="draw again from the CSV")
    given = parser.parse_args()
    if not given.plot_only:
        params = _scheduled(load_params(ROOT / "params.yaml"), given.half_at, given.full_weight)
        points: list[Point] = []
        for more in _measure(given.bench, given.sizes, given.seeds, given.starter_rows, params):
            points += more
            _write(given.csv, points)
    if given.csv == CSV:
        _draw(_read(CSV), PLOT)


def _scheduled(params: Params, half_at: float | None, full_weight: float | None) -> Params:
    told = {"half_at": half_at, "full_weight": full_weight}
    starter = params.starter.model_copy(update={name: value for name, value in told.items() if value is not None})
    return params.model_copy(update={"starter": starter})


def _measure(
    bench: Path, sizes: Sequence[int], seeds: int, starter_count: int, params: Params
) -> Iterator[list[Point]]:
    """Yield the points of each size."""
    region = load_region(REGION)
    city = city_complaints(bench, region)
    starter = city.in_their_labels(starter_rows(region, params.starter, starter_count))
    print(f"{len(city.train):,} real rows to draw from, {len(starter):,} starter rows, {len(city.dev):,} to measure on")
    trainer = _Trainer(params, city, starter)
    for size in sizes:
        alone, blended = [], []
        for seed in range(seeds):
            drawn = np.random.default_rng(seed).permutation(len(city.train))[:size]
            real = [city.train[i] for i in drawn]
            alone.append(trainer.answers(real))
            blended.append(trainer.answers(blend(real, starter, params.starter)))
        points = _points(size, trainer.truth, {"real alone": alone, "with starter": blended})
        print(
            f"{size:,} real rows",
            *(f"  {p.training:13} {p.figure:9} {p.estimate}" for p in points),
            sep="\n",
            flush=True,
        )
        yield points


class _Trainer:
    """Trains agency classifiers, and evaluates them on dev.

    Features are fitted once, on all rows, as their texts are available before any labels.
    """

    def __init__(self, params: Params, city: CityComplaints, starter: Sequence[Labelled]) -> None:
        # Without folds for both trainings: probabilities aren't needed, and stacking hardly changes ranks.
        self._classifier = params.classifier.model_dump() | {"folds": 0}
        rows = [*city.train, *starter]
        features = ComplaintFeatures(**params.features.model_dump())
        self._X = features.fit_transform([row.complaint for row in rows])
        self._row_of = {id(row.complaint): number for number, row in enumerate(rows)}
        self._dev = features.transform([row.complaint for row in city.dev])
        classes, self.truth = np.unique([str(row.agency) for row in city.dev], return_inverse=True)
        self._numbers = {str(name): number for number, name in enumerate(classes)}

    def answers(self, rows: Sequence[Labelled]) -> Answers:
        """Train on rows, and return the answers on dev."""
        started = time.monotonic()
        X = self._X[[self._row_of[id(row.complaint)] for row in rows]]
        classifier = BalancedRidgeClassifier(**self._classifier)
        classifier.fit(X, [str(row.agency) for row in rows], sample_weight=[row.weight for row in rows])
        order = np.argsort(-classifier.decision_function(self._dev), axis=1, kind="stable")[:, :3]
        # Classes that don't occur in dev are numbered after its own.
        numbers = np.array([self._numbers.get(str(name), len(self._numbers)) for name in classifier.classes_])[order]
        print(f"  {len(rows):,} rows in {time.monotonic() - started:.0f} s", flush=True)
        return Answers(numbers[:, 0], (numbers == self.truth[:, None]).any(axis=1))


def _points(size: int, truth: NDArray[np.intp], answers: dict[str, list[Answers]]) -> list[Point]:
    """Return the figures of both trainings and of their difference, on the same bootstrap samples of dev and seeds."""
    rng = np.random.default_rng(size)
    seeds = len(next(iter(answers.values())))
    everything = np.arange(len(truth))
    drawn: dict[tuple[str, str], list[float]] = {}
    for _ in range(RESAMPLES):
        rows, seed = rng.integers(0, len(truth), len(truth)), int(rng.integers(seeds))
        for name, models in answers.items():
            for figure, value in _figures(models[seed], truth, rows).items():
                drawn.setdefault((name, figure), []).append(value)
    points = []
    for figure in FIGURES:
        means = {
            name: float(np.mean([_figures(model, truth, everything)[figure] for model in models]))
            for name, models in answers.items()
        }
        spread = {name: np.array(drawn[name, figure]) for name in answers}
        means["difference"] = means["with starter"] - means["real alone"]
        spread["difference"] = spread["with starter"] - spread["real alone"]
        for name, mean in means.items():
            low, high = np.percentile(spread[name], [2.5, 97.5])
            points.append(Point(size, name, figure, Estimate(mean, float(low), float(high))))
    return points


def _figures(model: Answers, truth: NDArray[np.intp], rows: NDArray[np.intp]) -> dict[str, float]:
    return {
        "top1": float((model.first[rows] == truth[rows]).mean()),
        "top3": float(model.in_three[rows].mean()),
        "macro_f1": macro_f1(truth[rows], model.first[rows]),
    }


def _write(path: Path, points: Sequence[Point]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["real_rows", "training", "figure", "value", "low", "high"])
        for point in points:
            values = (point.estimate.value, point.estimate.low, point.estimate.high)
            writer.writerow([point.rows, point.training, point.figure, *(f"{value:.4f}" for value in values)])


def _read(path: Path) -> list[Point]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Point(
                int(row["real_rows"]),
                row["training"],
                row["figure"],
                Estimate(float(row["value"]), float(row["low"]), float(row["high"])),
            )
            for row in csv.DictReader(file)
        ]


def _draw(points: Sequence[Point], path: Path) -> None:
    # Text stays text in the SVG.
    mpl.rcParams.update({"svg.fonttype": "none", "font.size": 10})
    figure, axes = plt.subplots(1, len(FIGURES), figsize=(11, 4), layout="constrained")
    for panel, (name, title) in zip(axes, FIGURES.items(), strict=True):
        _draw_panel(panel, [point for point in points if point.figure == name], title)
    axes[0].legend(loc="lower right", frameon=False)
    figure.suptitle("Real complaints of Surabaya, dev split (1,812); bars are 95 % intervals", fontsize=10)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _draw_panel(panel: Axes, points: Sequence[Point], title: str) -> None:
    for shift, training in ((0.97, "real alone"), (1.03, "with starter")):
        own = [point for point in points if point.training == training]
        sizes = np.array([point.rows for point in own])
        values = np.array([point.estimate.value for point in own])
        below = values - [point.estimate.low for point in own]
        above = [point.estimate.high for point in own] - values
        colour, line = STYLES[training]
        panel.errorbar(sizes * shift, values, [below, above], fmt=line, color=colour, label=training, capsize=3)
    ticks = sorted({point.rows for point in points})
    panel.set_xscale("log")
    panel.set_xticks(ticks, [f"{size:,}" for size in ticks], rotation=45)
    panel.minorticks_off()
    panel.set_xlabel("real labelled complaints (log scale)")
    panel.set_ylabel(f"{title} (share, 0 to 1)" if title != "macro-F1" else "macro-F1 (0 to 1)")
    panel.grid(axis="y", color="#dddddd")
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
