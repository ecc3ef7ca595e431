from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from training import metrics


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_a_figure_lies_in_its_interval(hits: list[bool]) -> None:
    estimate = metrics.bootstrap_mean(np.array(hits))
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_intervals_narrow_with_more_rows() -> None:
    few = metrics.bootstrap_mean(np.arange(20) % 2)
    many = metrics.bootstrap_mean(np.arange(2000) % 2)
    assert many.high - many.low < (few.high - few.low) / 5


def test_top_hits_look_at_the_first_k() -> None:
    ranked = [["a", "b", "c"], ["b", "a", "c"]]
    assert metrics.top_hits(["a", "c"], ranked, 1).tolist() == [True, False]
    assert metrics.top_hits(["a", "c"], ranked, 3).tolist() == [True, True]


def test_calibration_error_is_zero_for_honest_and_large_for_boastful_probabilities() -> None:
    hit = np.arange(1500) % 5 != 0
    assert metrics.calibration_error(np.full(1500, 0.8), hit) < 0.02
    assert metrics.calibration_error(np.full(1500, 1.0), hit) > 0.15


def test_calibration_error_weighs_a_bin_by_its_complaints() -> None:
    probability = np.linspace(0.5, 1, 16)  # of 15 bins the first has two complaints
    assert metrics.calibration_error(probability, probability - np.repeat([0.4, 0], [2, 14])) == pytest.approx(
        2 * 0.4 / 16
    )


def test_calibration_error_takes_equal_probabilities_in_their_order_on_every_processor() -> None:
    probability = np.repeat(np.array([0.9, 0.5], dtype=np.float32), 750)
    hit = np.arange(1500) % 7 < 4
    ordered = np.concatenate([hit[750:], hit[:750]])
    parts = zip(np.array_split(ordered, 15), np.array_split(np.sort(probability), 15), strict=True)
    by_hand = sum(100 * abs(hits.mean() - sure.mean()) for hits, sure in parts) / 1500
    assert metrics.calibration_error(probability, hit) == pytest.approx(by_hand, abs=1e-9)


@given(st.lists(st.tuples(*[st.sampled_from(["dlh", "dishub", "pdam", "disdik"])] * 2), min_size=1, max_size=30))
def test_macro_f1_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predicted = np.array(pairs).T
    assert np.isclose(metrics.macro_f1(truth, predicted), f1_score(truth, predicted, average="macro", zero_division=0))


def test_the_class_table_is_ordered_by_size_and_pairs_by_frequency() -> None:
    truth, predicted = ["a", "a", "b", "a"], ["a", "b", "b", "b"]
    table = metrics.class_table(truth, predicted)
    assert [(row.label, row.support) for row in table] == [("a", 3), ("b", 1)]
    assert metrics.confused_pairs(truth, predicted) == [("a", "b", 2)]


def test_a_few_hits_that_are_all_alike_are_not_taken_for_certainty() -> None:
    assert metrics.bootstrap_mean(np.ones(20, dtype=bool)).low == pytest.approx(0.839, abs=0.001)
    assert metrics.bootstrap_mean(np.zeros(20, dtype=bool)).high == pytest.approx(0.161, abs=0.001)
    assert metrics.bootstrap_mean(np.zeros(20)).high == 0, "no correction for values other than hits"
