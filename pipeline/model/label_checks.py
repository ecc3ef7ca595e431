"""Checks of the labels before fitting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def check_known(y: ArrayLike) -> None:
    """Refuse rows without a class, such as undecided rows of a file.

    Raises
    ------
    ValueError
        If one is ``None``, not a number, or pandas' ``NA``.
    """
    labels = np.asarray(y)
    if labels.dtype != object or not labels.ndim:  # others cannot lack labels, or are checked elsewhere
        return
    missing = [number for number, label in enumerate(labels.ravel().tolist()) if _is_missing(label)]
    if missing:
        raise ValueError(
            f"{len(missing)} of {labels.size} rows have no class, the first at position {missing[0]}: "
            "leave out rows without a class."
        )


def check_several(classes: NDArray[Any]) -> None:
    """Refuse fewer than two classes.

    Raises
    ------
    ValueError
        If there is only one.
    """
    if len(classes) < 2:
        raise ValueError(f"The rows have only one class, {classes.tolist()[0]!r}; at least two are needed.")


def _is_missing(label: Any) -> bool:
    try:
        return label is None or bool(label != label)  # noqa: PLR0124 (NaN)
    except TypeError:  # pandas' NA has no truth value
        return True
