"""What each word contributes to a score: exact, because the score is linear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.model.compiled import CompiledScores


@dataclass(frozen=True, eq=False)
class Explanation:
    """A score of one class against another, taken apart; the parts add up to it.

    Attributes
    ----------
    tokens : ndarray of shape (n_tokens,)
        What each token of the text contributes; a pair's contribution is divided between its words.
    address
        What the whole address contributes.
    intercept
        The part without any words: how common the classes are.
    """

    tokens: NDArray[np.float64]
    address: float
    intercept: float

    @property
    def score(self) -> float:
        """The whole score."""
        return float(self.tokens.sum()) + self.address + self.intercept


def explain(
    compiled: CompiledScores,
    intercept: NDArray[np.float32],
    document: Analysis,
    position: int,
    against: int | None = None,
) -> Explanation:
    """Take apart the score of the class at ``position``.

    Parameters
    ----------
    compiled, intercept
        The scores and their intercepts.
    against
        The position of the class to compare with: what speaks for the one *instead* of the other. By default the mean
        of all classes, because a word that speaks for every class alike explains nothing.
    """
    address = compiled.address_scores(document) if document.address_text else np.zeros_like(intercept)
    return Explanation(
        compared(compiled.token_scores(document), position, against),
        float(compared(address, position, against)),
        float(compared(intercept, position, against)),
    )


def compared(scores: NDArray[np.float32], position: int, against: int | None = None) -> NDArray[np.float64]:
    """Return what scores say for one class against another, or against the mean of all; see :func:`explain`.

    Parameters
    ----------
    scores
        Shape (..., n_classes).
    """
    # The ufunc itself: ndarray.mean is a slower Python wrapper around it.
    other = np.add.reduce(scores, axis=-1) / scores.shape[-1] if against is None else scores[..., against]
    difference: NDArray[np.float64] = scores[..., position].astype(float) - other
    return difference
