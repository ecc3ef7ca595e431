"""Choosing the policy's thresholds on complaints that the model was not fitted on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from pipeline.model import Policy
from training.params import PolicyParams

MIN_SUGGESTED = 30  # complaints above a threshold; fewer say nothing about its precision
MAX_CHANCE = 0.05  # probability that some agency gets its own threshold without needing it
NEVER = 1.01  # above every probability


def choose_thresholds(
    policy: Policy,
    agencies: Sequence[str],
    probabilities: NDArray[Any],
    target: NDArray[np.intp],
    wanted: PolicyParams,
) -> Policy:
    """Return ``policy`` with thresholds that reach the targets.

    Parameters
    ----------
    agencies
        Codes in the order of the probabilities.
    probabilities
        Calibrated, of held-out complaints, shape (n_complaints, n_agencies).
    target
        Position of the right agency; -1 for one that the model doesn't know, shape (n_complaints,).
    wanted
        Target precision of suggestions, and how often the agencies offered should include the right one.
    """
    first = probabilities.argmax(axis=1)
    common, own = suggest_thresholds(probabilities.max(axis=1), first == target, first, wanted.precision)
    return replace(
        policy,
        suggest_probability=common,
        own_suggest_probability={agencies[position]: threshold for position, threshold in own.items()},
        choose_probability=conformal_threshold(probabilities, target, wanted.coverage),
    )


def told_thresholds(policy: Policy) -> str:
    """Describe the probability from which an agency is suggested alone, and the agencies that differ."""
    own = policy.own_suggest_probability
    common, others = _from(policy.suggest_probability), "; ".join(f"{code} {_from(own[code])}" for code in sorted(own))
    return f"{common}, but {others}" if others else common


def suggest_thresholds(
    probability: NDArray[Any], right: NDArray[Any], first: NDArray[np.intp], precision: float
) -> tuple[float, dict[int, float]]:
    """Return the common threshold, and the thresholds of agencies that need their own.

    An agency needs one if its suggestions with the common threshold are clearly less precise than the target: so many
    wrong ones would occur by chance with a probability below ``MAX_CHANCE`` (exact binomial test, with Bonferroni's
    correction for the number of agencies). Otherwise it would be hidden by agencies that are nearly always right.

    Parameters
    ----------
    probability
        Probability of the first agency, shape (n_complaints,).
    right
        Whether it is the right one.
    first
        Its position.
    precision
        Target precision of all suggestions together, and of each agency with its own threshold.
    """
    own: dict[int, float] = {}
    while True:
        rest = ~np.isin(first, list(own))
        common = suggest_threshold(probability[rest], right[rest], precision)
        suggested = rest & (probability >= probability.dtype.type(common))
        agencies = np.unique(first[suggested])
        clear = [
            agency
            for agency in agencies
            if _chance(right[suggested & (first == agency)], precision) * len(agencies) < MAX_CHANCE
        ]
        if not clear:
            return common, own
        own |= {int(a): suggest_threshold(probability[first == a], right[first == a], precision) for a in clear}


def suggest_threshold(probability: NDArray[Any], right: NDArray[Any], precision: float) -> float:
    """Return the lowest probability from which the share of right ones is at least ``precision``.

    ``NEVER`` if no threshold reaches it with ``MIN_SUGGESTED`` complaints.
    """
    order = np.argsort(-probability, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(probability[order]) != 0, True)[: len(order)]  # a threshold cannot separate ties
    good = np.flatnonzero((share >= precision) & last_of_ties)
    if not len(good) or good[-1] + 1 < MIN_SUGGESTED:
        return NEVER
    least = probability[order[good[-1]]]
    below = probability[order[good[-1] + 1]] if good[-1] + 1 < len(order) else -1.0
    rounded = round(float(least) - 5e-5, 4)
    # Rounding must not admit the next one, with which the share is too low; compared in the stored precision.
    return rounded if below < probability.dtype.type(rounded) <= least else float(least)


def _from(threshold: float) -> str:
    return "never" if threshold >= NEVER else f"from a probability of {threshold:.3f}"


def _chance(right: NDArray[Any], precision: float) -> float:
    """Return the probability of at least so many wrong ones if each is right with probability ``precision``."""
    wrong = len(right) - int(right.sum())
    return float(binom.sf(wrong - 1, len(right), 1 - precision))


def conformal_threshold(probabilities: NDArray[Any], target: NDArray[np.intp], coverage: float) -> float:
    """Return the probability from which agencies are offered, so that the right one is included often enough.

    Split conformal prediction with the threshold score, whose sets are the smallest on average (Sadinle, Lei and
    Wasserman 2019, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels"): the quantile of the right
    agencies' probabilities with the correction for a finite sample. It is 0, which offers every agency, if the sample
    is too small or too often has agencies that the model doesn't know.
    """
    known = target >= 0
    own = np.where(known, probabilities[np.arange(len(target)), np.maximum(target, 0)], 0.0)
    # As a fraction: in floats, 1 - 0.9 is less than a tenth, and of 99 complaints one more would be included.
    outside = math.floor((len(target) + 1) * (1 - Fraction(str(coverage))))
    return float(np.sort(own)[outside - 1]) if outside else 0.0
