"""Data of a report's plots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.curves import BUSIEST, CURVES, Bin, Confused, Covered, Curves, confusion, coverage, reliability
from training.plots import plot_confusion


def test_every_pair_of_the_busiest_agencies_stands_once_and_all_others_are_one() -> None:
    truth = [label for label, times in zip("abcdefghijklmn", range(20, 6, -1), strict=True) for _ in range(times)]
    pairs = confusion(truth, ["a"] * 20 + ["n"] * 19 + truth[39:])
    assert len(pairs) == BUSIEST * (BUSIEST + 1) == len({(pair.actual, pair.predicted) for pair in pairs})
    told = {(pair.actual, pair.predicted): pair.complaints for pair in pairs}
    assert (told["a", "a"], told["b", "lainnya"], told["c", "c"], told["c", "a"]) == (20, 19, 18, 0)
    assert not {"m", "n"} & {pair.actual for pair in pairs}, "the two with fewest complaints are merged"


def test_an_agency_may_be_called_as_all_others_are() -> None:
    pairs = confusion(["lainnya", "lainnya", "dlh"], ["lainnya", "dishub", "dlh"])
    told = {(pair.actual, pair.predicted): pair.complaints for pair in pairs}
    assert (told["lainnya", "lainnya"], told["lainnya", "(lainnya)"], len(told)) == (1, 1, len(pairs))
    plot_confusion(pairs)


def test_bins_are_of_equal_size_from_the_least_to_the_most_probable() -> None:
    probability = np.random.default_rng(0).permutation(np.arange(100) / 100)
    bins = reliability(probability, probability >= 0.5)
    assert [one.complaints for one in bins] == [10] * 10
    assert [one.probability for one in bins] == pytest.approx(np.arange(0.045, 1, 0.1))
    assert [one.right for one in bins] == [0.0] * 5 + [1.0] * 5
    assert all(one.low <= one.right <= one.high for one in bins)
    assert [one.complaints for one in reliability(probability[:3], probability[:3] > 0)] == [1, 1, 1]


def test_coverage_is_of_the_surest() -> None:
    probability = np.arange(100) / 100
    points = coverage(probability, probability >= 0.5)
    assert [point.coverage for point in points] == pytest.approx(np.arange(0.05, 1.01, 0.05))
    told = {point.coverage: (point.precision, point.probability) for point in points}
    assert (told[0.5], told[1.0]) == ((1.0, 0.5), (0.5, 0.0))


def test_curves_are_files_that_dvc_plots_with_a_line_for_each_complaint_of_the_confusion(tmp_path: Path) -> None:
    pairs = [Confused("dishub", "dishub", 2), Confused("dishub", "lainnya", 0), Confused("dlh", "dishub", 1)]
    Curves([Bin(0.5, 0.4, 0.3, 0.6, 9)], [Covered(0.5, 0.9, 0.8)], pairs).write([tmp_path / name for name in CURVES])
    kept = {path.name: path.read_text(encoding="utf-8").splitlines() for path in tmp_path.iterdir()}
    assert kept == {
        "reliability.csv": ["probability,right,low,high,complaints", "0.5,0.4,0.3,0.6,9"],
        "coverage.csv": ["coverage,precision,probability", "0.5,0.9,0.8"],
        "confusion.csv": ["actual,predicted", "dishub,dishub", "dishub,dishub", "dlh,dishub"],
    }
