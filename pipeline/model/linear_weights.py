"""The weights of a linear model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.feature_table import Columns, FeatureTable
from pipeline.model.position_weights import PositionWeights

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class LinearWeights:
    """The weights that a text's scores are computed from, as arrays that may be mapped from disk.

    Attributes
    ----------
    table
        The columns of the features.
    coef : ndarray of shape (n_features, n_classes), float16 or float32
        The weight of each feature for each class, by column.
    idf : ndarray of shape (n_features,)
    scale, address_weight, opening
        See :class:`ComplaintFeatures`.
    """

    table: FeatureTable
    coef: NDArray[Any]
    idf: Rows
    scale: float
    address_weight: float
    opening: PositionWeights

    def rows(self, columns: Columns) -> Rows:
        """Return the weighted rows of some columns, shape (len(columns), n_classes)."""
        weighted: Rows = np.multiply(self.coef.take(columns, axis=0), self.idf.take(columns)[:, None], dtype=np.float32)
        return weighted
