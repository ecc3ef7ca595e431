"""Thresholds of the policy, chosen from complaints that the model was not fitted on."""

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
MAX_CHANCE = 0.05  # that some agency seems to need a threshold of its own and doesn't
NEVER = 1.01  # above every probability


def choose_thresholds(
    policy: Policy,
    agencies: Sequence[str],
    probabilities: NDArray[Any],
    target: NDArray[np.intp],
    wanted: PolicyParams,
) -> Policy:
    """Return ``policy`` with the thresholds that reach what is wanted.

    Parameters
    ----------
    agencies
        Codes in the order of the probabilities.
    probabilities
        Calibrated, of held-out complaints, shape (n_complaints, n_agencies).
    target
        Position of the right agency; -1 for one that the model doesn't know, shape (n_complaints,).
    wanted
        Precision of what is suggested, and how often the set to choose from holds the right one.
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
    """Tell from which probability on an agency is suggested alone, and which agencies differ."""
    own = policy.own_suggest_probability
    common, others = _from(policy.suggest_probability), "; ".join(f"{code} {_from(own[code])}" for code in sorted(own))
    return f"{common}, but {others}" if others else common


def suggest_thresholds(
    probability: NDArray[Any], right: NDArray[Any], first: NDArray[np.intp], precision: float
) -> tuple[float, dict[int, float]]:
    """Return the threshold of all agencies, and those of the agencies that need one of their own.

    An agency needs one if what the common one suggests of it is clearly less precise than wanted: so many wrong ones
    would come by chance with a probability below ``MAX_CHANCE`` (exact binomial test, Bonferroni's correction for the
    number of agencies). Otherwise those of which nearly all is right would hide it.

    Parameters
    ----------
    probability
        Of the first agency, shape (n_complaints,).
    right
        Whether it is the right one.
    first
        Its position.
    precision
        Wanted share of right ones among those suggested; of all together, and of each agency with its own threshold.
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
    """Return the lowest probability from which on the share of right ones is at least ``precision``.

    ``NEVER`` if no threshold reaches it with ``MIN_SUGGESTED`` complaints.
    """
    order = np.argsort(-probability, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(probability[order]) != 0, True)[: len(order)]  # one threshold cannot divide ties
    good = np.flatnonzero((share >= precision) & last_of_ties)
    if not len(good) or good[-1] + 1 < MIN_SUGGESTED:
        return NEVER
    least = probability[order[good[-1]]]
    below = probability[order[good[-1] + 1]] if good[-1] + 1 < len(order) else -1.0
    rounded = round(float(least) - 5e-5, 4)
    # Rounded, it must not let in the next one, with which the share is too low; compared as probabilities are stored.
    return rounded if below < probability.dtype.type(rounded) <= least else float(least)


def _from(threshold: float) -> str:
    return "never" if threshold >= NEVER else f"from a probability of {threshold:.3f}"


def _chance(right: NDArray[Any], precision: float) -> float:
    """Return how probable so many wrong ones are, or more, if each is right with a probability of ``precision``."""
    wrong = len(right) - int(right.sum())
    return float(binom.sf(wrong - 1, len(right), 1 - precision))


def conformal_threshold(probabilities: NDArray[Any], target: NDArray[np.intp], coverage: float) -> float:
    """Return the probability from which on agencies belong to a set that holds the right one so often.

    Split conformal prediction with the threshold score, whose sets are the smallest on average (Sadinle, Lei and
    Wasserman 2019, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels"): the quantile of the right
    agencies' probabilities with the correction for a finite sample. 0, every agency, if the sample is too small or
    too often holds agencies that the model doesn't know.
    """
    known = target >= 0
    own = np.where(known, probabilities[np.arange(len(target)), np.maximum(target, 0)], 0.0)
    # As a fraction, for 1 - 0.9 is less than a tenth in floats: of 99 complaints one more would be inside.
    outside = math.floor((len(target) + 1) * (1 - Fraction(str(coverage))))
    return float(np.sort(own)[outside - 1]) if outside else 0.0
