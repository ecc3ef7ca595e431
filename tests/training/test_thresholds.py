from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import binom, binomtest

from pipeline.model import Policy
from training.params import PolicyParams
from training.thresholds import (
    MAX_CHANCE,
    MIN_SUGGESTED,
    NEVER,
    choose_thresholds,
    conformal_threshold,
    suggest_threshold,
    suggest_thresholds,
    told_thresholds,
)

AGENCIES = list("abcdefgh")


def _complaints(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return perfectly calibrated probabilities, and the right agencies."""
    rng = np.random.default_rng(seed)
    probabilities = softmax(rng.normal(scale=2.5, size=(size, 8)), axis=1)
    target = (probabilities.cumsum(axis=1) < rng.random((size, 1))).sum(axis=1).clip(max=7)
    return probabilities, target


def test_chosen_thresholds_keep_their_word_on_other_complaints() -> None:
    policy = choose_thresholds(Policy(), AGENCIES, *_complaints(8000, 0), PolicyParams(precision=0.9, coverage=0.95))
    probabilities, target = _complaints(8000, 1)
    assert not policy.own_suggest_probability, "all agencies are calibrated"
    suggested = policy.suggests(AGENCIES, probabilities)
    assert suggested.mean() > 0.1
    assert (probabilities.argmax(axis=1) == target)[suggested].mean() == pytest.approx(0.9, abs=0.02)
    offered = np.array([t in policy.choices(p) for p, t in zip(probabilities, target, strict=True)])
    assert offered.mean() == pytest.approx(0.95, abs=0.01)


@example([(6, True)] * 30 + [(5, False)] * 10, 2e-5)  # 0.0001 is greater than the nearest 32-bit float
@example([(6, True)] * MIN_SUGGESTED + [(5, False)] * 60, 0.05)
@example([(6, True)] * (MIN_SUGGESTED - 1) + [(5, False)] * 60, 0.05)
@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from([True] * 4 + [False])), min_size=30, max_size=200),
    st.sampled_from([0.05, 2e-5]),  # probabilities further apart than thresholds are rounded, and closer
)
def test_the_threshold_is_the_lowest_that_is_as_precise_as_wanted_of_enough_complaints(
    rows: list[tuple[int, bool]], step: float
) -> None:
    probability = np.array([number * step for number, _ in rows], dtype=np.float32)
    right = np.array([hit for _, hit in rows])
    above = [(least, probability >= least) for least in np.unique(probability)]
    reached = [(least, rest) for least, rest in above if rest.sum() >= MIN_SUGGESTED and right[rest].mean() >= 0.8]
    threshold = suggest_threshold(probability, right, 0.8)
    if not reached:
        assert threshold == NEVER
        return
    least, suggested = reached[0]
    assert (probability >= threshold).tolist() == suggested.tolist()
    assert float(least) - 1e-4 <= threshold <= float(least)
    assert threshold == round(threshold, 4) or step < 1e-4, "rounded to four digits for readability"


def test_an_agency_that_is_too_sure_of_itself_gets_a_threshold_of_its_own() -> None:
    probabilities, target = _complaints(8000, 0)
    wanted = PolicyParams(precision=0.9, coverage=0.95)
    alike = choose_thresholds(Policy(), AGENCIES, probabilities, target, wanted)
    wrong = (probabilities.argmax(axis=1) == 2) & (np.random.default_rng(2).random(len(target)) < 0.3)
    policy = choose_thresholds(Policy(), AGENCIES, probabilities, np.where(wrong, 3, target), wanted)
    assert not alike.own_suggest_probability
    assert policy.own_suggest_probability["c"] == NEVER
    assert policy.suggest_probability <= alike.suggest_probability, "the other agencies aren't affected"
    suggested = policy.suggests(AGENCIES, probabilities)
    assert not suggested[probabilities.argmax(axis=1) == 2].any()


@pytest.mark.parametrize("wrong", range(12))
def test_an_agency_needs_a_threshold_of_its_own_when_so_many_wrong_ones_hardly_come_by_chance(wrong: int) -> None:
    # Agency 1 is at 0.5, which is the common threshold, as 300 wrong ones of agency 0 are just below.
    first = np.repeat([0, 1, 0], [1000, 40, 300])
    probability = np.repeat(np.array([0.9, 0.5, 0.49999], dtype=np.float32), [1000, 40, 300])
    right = np.repeat([True, False, True, False], [1000, wrong, 40 - wrong, 300])
    _, own = suggest_thresholds(probability, right, first, 0.9)
    chance = binomtest(wrong, 40, 0.1, alternative="greater").pvalue
    assert own == ({1: NEVER} if chance * 2 < MAX_CHANCE else {})


def test_an_agencys_own_threshold_is_that_of_its_own_complaints() -> None:
    first = np.repeat([0, 1, 1], [1000, 60, 40])
    probability = np.repeat(np.array([0.6, 0.8, 0.6], dtype=np.float32), [1000, 60, 40])
    common, own = suggest_thresholds(probability, np.repeat([True, True, False], [1000, 60, 40]), first, 0.9)
    assert common <= 0.6
    assert own == {1: pytest.approx(0.8, abs=1e-4)}


@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.integers(0, 2), st.sampled_from([True] * 4 + [False])),
        min_size=30,
        max_size=200,
    )
)
def test_all_together_are_as_precise_as_wanted_and_none_is_clearly_worse(rows: list[tuple[int, int, bool]]) -> None:
    probability = np.array([number * 0.05 for number, _, _ in rows], dtype=np.float32)
    first = np.array([agency for _, agency, _ in rows])
    right = np.array([hit for _, _, hit in rows])
    common, own = suggest_thresholds(probability, right, first, 0.8)
    least = np.array([own.get(agency, common) for agency in range(3)], dtype=np.float32)[first]
    suggested = probability >= least
    assert not suggested.any() or right[suggested].mean() >= 0.8
    for agency in range(3):
        wrong = ~right[suggested & (first == agency)]
        # With three agencies, at least one has so many wrong ones by chance with a probability of 5 % or more.
        assert not len(wrong) or binom.sf(wrong.sum() - 1, len(wrong), 0.2) * 3 >= 0.05


def test_nothing_is_suggested_where_no_threshold_is_precise_enough() -> None:
    assert suggest_threshold(np.linspace(0, 1, 100), np.zeros(100, dtype=bool), 0.95) == NEVER


def test_thresholds_are_told_with_the_agencies_that_differ() -> None:
    policy = Policy(suggest_probability=0.8126, own_suggest_probability={"c": NEVER, "b": 0.9})
    told = "from a probability of 0.813"
    assert told_thresholds(policy) == f"{told}, but b from a probability of 0.900; c never"
    assert told_thresholds(replace(policy, own_suggest_probability={})) == told


@example(99, 0.9)  # in floating point, 100 * (1 - 0.9) is slightly less than 10
@given(st.integers(5, 200), st.integers(1, 99).map(lambda percent: percent / 100))
def test_the_set_holds_the_right_agency_as_often_as_wanted_of_one_more_complaint(size: int, coverage: float) -> None:
    own = np.random.default_rng(size).permutation(size) / size
    threshold = conformal_threshold(np.column_stack([own, 1 - own]), np.zeros(size, dtype=np.intp), coverage)
    assert (own >= threshold).sum() == min(size, ceil((size + 1) * Fraction(str(coverage))))


def test_agencies_unknown_to_the_model_widen_the_sets() -> None:
    probabilities, target = _complaints(1000, 0)
    target[:30] = -1
    known = conformal_threshold(*_complaints(1000, 0), 0.95)
    assert conformal_threshold(probabilities, target, 0.95) < known
    target[:60] = -1
    assert conformal_threshold(probabilities, target, 0.95) == 0


def test_there_is_always_an_agency_to_choose() -> None:
    assert Policy(choose_probability=0.9).choices(np.array([0.3, 0.5, 0.2], dtype=np.float32)).tolist() == [1]
