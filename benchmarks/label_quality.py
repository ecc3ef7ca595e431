"""How many wrong labels cleanlab finds: how far up its list labels stand that were flipped on purpose.

    python benchmarks/label_quality.py [--seeds 3] [--bench FOLDER] [--plot-only]

5 % of the labels in the train split of real complaints (Kota Surabaya, classes merged as the benchmark's README says)
are flipped: each to an agency drawn at random, or to a model's second guess, as a tired dispatcher might. The real
labels have errors of their own; those stand in the list too, and count as misses here. Writes docs/label-quality.csv
and docs/label-quality.svg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from kept_figures import run
from numpy.typing import NDArray
from real_complaints import ROOT, city_complaints

from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures
from training.data import Labelled
from training.params import load_params
from training.plots import BLUE, GREY, ORANGE, figure, save
from training.suspects import rank_suspects

FLIPPED = 0.05
SHOWN = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5)
CSV = ROOT / "docs" / "label-quality.csv"
PLOT = ROOT / "docs" / "label-quality.svg"


@dataclass(frozen=True, slots=True)
class Found:
    """Share of all flipped labels that are in the first ``shown`` of the list."""

    flips: str
    seed: int
    shown: float
    found: float


def flip(rows: Sequence[Labelled], near: NDArray[np.str_] | None, seed: int) -> tuple[list[Labelled], set[int]]:
    """Return the rows with some labels flipped, to ``near`` or at random, and the positions of these."""
    rng = np.random.default_rng(seed)
    agencies = sorted({row.agency or "" for row in rows})
    chosen = rng.permutation(len(rows))[: round(FLIPPED * len(rows))]
    changed = list(rows)
    for i in chosen:
        others = [agency for agency in agencies if agency != rows[i].agency]
        changed[i] = replace(rows[i], agency=str(near[i]) if near is not None else str(rng.choice(others)))
    return changed, set(chosen.tolist())


def second_best(rows: Sequence[Labelled]) -> NDArray[np.str_]:
    """Return each row's most probable agency other than its own."""
    params = load_params(ROOT / "params.yaml")
    X = ComplaintFeatures(**params.features.model_dump()).fit_transform([row.complaint for row in rows])
    labels = np.array([row.agency for row in rows])
    classifier = BalancedRidgeClassifier(**params.classifier.model_dump() | {"folds": 0}).fit(X, labels)
    scores = classifier.decision_function(X)
    scores[np.arange(len(rows)), np.searchsorted(classifier.classes_, labels)] = -np.inf
    best: NDArray[np.str_] = classifier.classes_[scores.argmax(axis=1)]
    return best


def measure(rows: Sequence[Labelled], seeds: int) -> list[Found]:
    """Return the share found for both kinds of flips, and every seed and length of the list."""
    params = load_params(ROOT / "params.yaml")
    found = []
    near = second_best(rows)
    for seed in range(seeds):
        for flips, to in (("to any agency", None), ("to the second best", near)):
            changed, chosen = flip(rows, to, seed)
            order = [suspect.position for suspect in rank_suspects(changed, params)]
            for shown in SHOWN:
                first = set(order[: round(shown * len(order))])
                found.append(Found(flips, seed, shown, len(first & chosen) / len(chosen)))
            tenth = next(one.found for one in found[-len(SHOWN) :] if one.shown == 0.1)
            print(f"{flips:18}  seed {seed}: {tenth:.1%} of the flipped among the first 10 % shown", flush=True)
    return found


def draw(found: Sequence[Found]) -> None:
    """Draw the mean over the seeds."""
    made, axes = figure("Flipped labels found by reading the list", "share of the list read", "share of flipped found")
    for flips, colour, style in (("to any agency", BLUE, "o-"), ("to the second best", ORANGE, "s--")):
        means = [np.mean([f.found for f in found if f.flips == flips and f.shown == shown]) for shown in SHOWN]
        axes.plot(SHOWN, means, style, color=colour, label=f"flipped {flips}")
    axes.plot(SHOWN, SHOWN, ":", color=GREY, label="reading at random")
    axes.axvline(0.1, color=GREY, linewidth=0.8, label="the first 10 %")
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False, loc="lower right")
    save(made, PLOT)


def main() -> None:
    """Run the benchmark, and draw the plot."""
    run(
        __doc__,
        Found,
        CSV,
        lambda options: measure(city_complaints(options.bench, None).train, options.seeds),
        draw,
        seeds=3,
    )


if __name__ == "__main__":
    main()
