"""Cross-validation folds: every row is held out once, and no group of rows is on both sides."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import GroupKFold, StratifiedKFold

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows to fit on, rows held out


def make_folds(y: NDArray[Any], folds: int, random_state: int, groups: ArrayLike | None = None) -> list[Fold]:
    """Return the folds: by groups if given, else stratified by class.

    There are at most as many folds as groups, or as rows of the largest class; if that is one, there are none.

    Parameters
    ----------
    y
        Classes, shape (n_rows,).
    groups
        Rows of one group are held out together, shape (n_rows,).
    """
    parts = np.unique(y, return_counts=True)[1].max() if groups is None else len(np.unique(np.asarray(groups)))
    folds = min(folds, int(parts))
    if folds < 2:
        return []
    if groups is not None:
        return list(GroupKFold(folds, shuffle=True, random_state=random_state).split(y, y, groups))
    stratified = StratifiedKFold(folds, shuffle=True, random_state=random_state)
    with warnings.catch_warnings():
        # A class with fewer rows than folds is missing from some: it scores below all others there.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        return list(stratified.split(y, y))
