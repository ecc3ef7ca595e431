"""Routing by a trained model on the dev split of real complaints, against TF-IDF with LinearSVC and fastText.

    disposisi train BENCH/city-complaints.parquet --region none --split-column split=train --out MODEL
    pip install fasttext-wheel    # not a dependency; without it that comparison is left out
    python benchmarks/quality.py MODEL [--plots FOLDER]

Differences are paired: both answer the same resampled complaints. The model's thresholds are those it was saved with,
chosen on held-out folds of train. fastText's settings are chosen on dev itself, in its favour.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from fasttext_scores import tuned_scores
from numpy.typing import NDArray
from real_complaints import BENCH, city_complaints, positions
from tfidf_svc import tfidf_svc

from pipeline.artifact import load_model
from pipeline.model import Policy, analyse
from training.curves import coverage, reliability
from training.metrics import bootstrap, calibration_error, macro_f1
from training.plots import plot_coverage, plot_reliability, save

Figure = Callable[[NDArray[np.intp]], float]  # a function of row numbers


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a model trained on train without a region")
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--plots", type=Path, help="folder for the reliability diagram and the coverage curve")
    options = parser.parse_args()
    city = city_complaints(options.bench, None)
    model, _ = load_model(options.model)
    classes = model.agency.classes_
    truth = positions(classes, city.dev)
    probabilities = model.score([analyse(row.complaint) for row in city.dev]).agency
    print(f"{len(truth):,} complaints; 95 % bootstrap intervals")
    _policy([str(code) for code in classes], probabilities, truth, model.policy)
    if options.plots:
        options.plots.mkdir(parents=True, exist_ok=True)
        first, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
        save(plot_reliability(reliability(first, right)), options.plots / "quality-reliability.svg")
        save(plot_coverage(coverage(first, right)), options.plots / "quality-coverage.svg")
    plain = tfidf_svc().fit([row.complaint.text for row in city.train], [row.agency for row in city.train])
    scores = np.full((len(truth), len(classes)), -np.inf)
    scores[:, np.searchsorted(classes, plain.classes_)] = plain.decision_function([r.complaint.text for r in city.dev])
    others = {"TF-IDF LinearSVC": scores}
    texts = [(row.complaint.text, str(row.agency)) for row in city.train]
    if tuned := tuned_scores(texts, [row.complaint.text for row in city.dev], [str(c) for c in classes], truth):
        others["fastText"] = tuned[1]
        print(f"fastText is best with {tuned[0]}")
    ours = _figures(probabilities, truth)
    for name, figure in ours.items():
        print(f"{name:9}  this model        {bootstrap(figure, len(truth))}", flush=True)
        for other, their_scores in others.items():
            theirs = _figures(their_scores, truth)[name]
            print(f"{'':9}  {other:16}  {bootstrap(theirs, len(truth))}")
            print(f"{'':9}    difference      {bootstrap(_difference(figure, theirs), len(truth))}", flush=True)


def _policy(
    agencies: Sequence[str], probabilities: NDArray[np.float32], truth: NDArray[np.intp], policy: Policy
) -> None:
    first = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    suggested = policy.suggests(agencies, probabilities)
    sets = [policy.choices(row) for row in probabilities]
    held = np.array([label in chosen for label, chosen in zip(truth, sets, strict=True)])
    print(f"calibration error, 15 bins  {calibration_error(first, right):.3f}")
    print(f"suggested alone             {suggested.mean():.3f}, of these right {right[suggested].mean():.3f}")
    print(f"right agency in the set     {held.mean():.3f}, mean size {np.mean([len(chosen) for chosen in sets]):.2f}")


def _figures(scores: NDArray[Any], truth: NDArray[np.intp]) -> dict[str, Figure]:
    order = np.argsort(-scores, axis=1, kind="stable")
    hits = order == truth[:, None]
    return {
        "top-1": lambda rows: float(hits[rows, 0].mean()),
        "top-3": lambda rows: float(hits[rows, :3].any(axis=1).mean()),
        "macro-F1": lambda rows: macro_f1(truth[rows], order[rows, 0]),
    }


def _difference(figure: Figure, other: Figure) -> Figure:
    return lambda rows: figure(rows) - other(rows)


if __name__ == "__main__":
    main()
