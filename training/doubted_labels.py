"""Which training labels are probably wrong, according to folds that have not seen them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.model import BalancedRidgeClassifier
from training.calibrate import HeldOut
from training.params import LabelParams


def doubted_labels(agency: BalancedRidgeClassifier, held_out: HeldOut, params: LabelParams) -> NDArray[np.bool_]:
    """Return which held-out labels are doubted: improbable ones where another agency is nearly sure.

    A model that has not seen a row and is confident of another label is the best known sign of a wrong label (Northcutt
    and others 2021, "Confident Learning"). Only real rows are doubted: a starter row has the label it was composed for.

    Parameters
    ----------
    agency, held_out
        The classifier, just fitted, and its held-out scores.

    Returns
    -------
    ndarray of shape (n_complaints,)
        In the order of ``held_out``.
    """
    probabilities = agency.probabilities(held_out.scores)
    own = probabilities[np.arange(len(held_out.target)), held_out.target]
    sure = probabilities.max(axis=1) > params.sure
    doubted: NDArray[np.bool_] = held_out.real & (own < params.improbable) & sure
    return doubted
