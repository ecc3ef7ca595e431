"""From scores of least squares to probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.model.probabilities import softmax

_START = (0.5, 0.15, 2.5)  # logarithm of power, shift, logarithm of sharpness: near what real complaints ask for
_BOUNDS = ((-3.0, 3.0), (-1.0, 1.0), (0.0, 5.0))
_TOLERANCE = 1e-7  # of the likelihood, relative
_FAR = -30  # below this, float32 cannot distinguish the logarithm of a softplus from its argument
_LEAST = np.float32(1e-14)  # less than any softplus above that, so that its logarithm stays finite


@dataclass(frozen=True, slots=True)
class Link:
    """Probabilities in proportion to ``softplus(sharpness · (score - shift)) ** power``, over the classes.

    A least squares fit onto 0 and 1 estimates the probabilities themselves, not their logarithms (the linear
    probability model): a softmax of its scores is too flat for doubtful texts and too steep for clear ones, whatever
    its temperature. Softplus keeps what is below ``shift`` above 0. The order of the classes is that of the scores.

    Attributes
    ----------
    power
        The higher, the more confident.
    shift
        Score below which a class becomes improbable exponentially.
    sharpness
        How fast it does.
    """

    power: float
    shift: float
    sharpness: float

    @classmethod
    def fit(cls, scores: NDArray[Any], target: NDArray[np.intp], weight: NDArray[np.float64]) -> Self:
        """Return the link under which the targets of held-out rows are most likely.

        Parameters
        ----------
        scores
            Shape (n_rows, n_classes).
        target
            Position of each row's class, shape (n_rows,).
        weight
            How much each row counts, shape (n_rows,); all alike if they are all 0.
        """
        from scipy.optimize import minimize  # noqa: PLC0415 (takes longer than all that answering needs)

        # float32 takes a third of the time, and dispatchers see two digits; sums are in float64.
        scores = scores.astype(np.float32, copy=False)
        share = (weight / weight.sum() if weight.any() else np.full(len(target), 1 / len(target))).astype(np.float32)

        def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            power, shift, sharpness = map(np.float32, (np.exp(at[0]), at[1], np.exp(at[2])))
            x = sharpness * (scores - shift)
            logs, rise = log_softplus_rising(x)
            unlikely, slope = surprise(power * logs, target, share)
            slope *= power
            inner = slope * rise
            gradient = [np.vdot(slope, logs), -sharpness * inner.sum(dtype=float), np.vdot(inner, x)]
            return unlikely, np.array(gradient, dtype=float)

        options = {"ftol": _TOLERANCE}
        power, shift, sharpness = minimize(loss, _START, jac=True, method="L-BFGS-B", bounds=_BOUNDS, options=options).x
        return cls(float(np.exp(power)), float(shift), float(np.exp(sharpness)))

    def probabilities(self, scores: NDArray[Any]) -> NDArray[np.float32]:
        """Return the probabilities that go with scores, both of shape (n_rows, n_classes)."""
        logs = _log_softplus(self.sharpness * (scores - self.shift))
        probabilities: NDArray[np.float32] = softmax(self.power * logs).astype(np.float32, copy=False)
        return probabilities

    def tempered(self, factor: float) -> Self:
        """Return the link whose power is ``factor`` times this one's: below 1 it is less confident."""
        return replace(self, power=self.power * factor)


def _log_softplus(x: NDArray[Any]) -> NDArray[Any]:
    """Return ``log(log(1 + exp(x)))``, which is ``x`` far below 0."""
    if np.minimum.reduce(x, axis=None, initial=0) >= _FAR:  # nearly always true: two operations instead of five
        logs: NDArray[Any] = np.log(np.logaddexp(0, x))
        return logs
    return np.where(x < _FAR, x, np.log(np.logaddexp(0, np.maximum(x, _FAR))))


def log_softplus_rising(x: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return ``log(log(1 + exp(x)))`` and its slope at ``x``, for so many numbers that logaddexp would be slow."""
    tail = np.exp(-np.abs(x))
    softplus = np.maximum(np.log1p(tail) + np.maximum(x, 0), _LEAST)
    far = x < _FAR
    rise = np.where(far, 1, np.where(x >= 0, 1, tail) / ((1 + tail) * softplus))
    return np.where(far, x, np.log(softplus)), rise


def surprise(
    logits: NDArray[np.float32], target: NDArray[np.intp], weight: NDArray[np.float32]
) -> tuple[float, NDArray[np.float32]]:
    """Return how improbable the targets are under a softmax: the sum of ``-weight · log p``, and its slope in logits.

    Parameters
    ----------
    logits
        Shape (n_rows, n_classes).
    target
        Position of each row's class, shape (n_rows,).
    weight
        How much each row counts, shape (n_rows,).
    """
    rows = np.arange(len(target))
    logits = logits - logits.max(axis=1, keepdims=True)
    slope = np.exp(logits)
    total = slope.sum(axis=1, keepdims=True)
    unlikely = (weight * (np.log(total[:, 0]) - logits[rows, target])).sum(dtype=float)
    slope /= total
    slope[rows, target] -= 1
    slope *= weight[:, None]
    return float(unlikely), slope
