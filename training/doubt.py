"""Which labels of a training are probably wrong, by what its own folds say to rows that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.model import BalancedRidgeClassifier
from training.data import Labelled
from training.params import LabelParams


def doubted_labels(agency: BalancedRidgeClassifier, rows: Sequence[Labelled], params: LabelParams) -> NDArray[np.bool_]:
    """Return which labels are doubted, shape (len(rows),): improbable ones where another agency is nearly sure.

    That a model which has not seen a row is sure of another label is the best known sign of a wrong one (Northcutt and
    others 2021, "Confident Learning"). Only real rows are doubted: a starter row has the label it was composed for.

    Parameters
    ----------
    agency
        Just fitted on ``rows``, with folds; without any nothing is doubted.
    """
    doubted = np.zeros(len(rows), dtype=bool)
    held = agency.held_out_rows_
    if not len(held) or params.doubted_weight == 1:
        return doubted
    probabilities = agency.probabilities(agency.held_out_scores_)
    given = np.searchsorted(agency.classes_, [str(rows[number].agency) for number in held])
    own = probabilities[np.arange(len(held)), given]
    real = np.array([rows[number].group is None for number in held])
    doubted[held] = real & (own < params.improbable) & (probabilities.max(axis=1) > params.sure)
    return doubted
