"""From scores of least squares to probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.model.probabilities import softmax

_START = (0.5, 0.15, 2.5)  # logarithm of power, shift, logarithm of sharpness: near what real complaints ask for
_BOUNDS = ((-3.0, 3.0), (-1.0, 1.0), (0.0, 5.0))


@dataclass(frozen=True, slots=True)
class Link:
    """Probabilities in proportion to ``softplus(sharpness · (score - shift)) ** power``, over the classes.

    A least squares fit onto 0 and 1 estimates the probabilities themselves, not their logarithms (the linear
    probability model): a softmax of its scores is too flat for doubtful texts and too steep for clear ones, whatever
    its temperature. Softplus keeps what is below ``shift`` above 0. The order of the classes is that of the scores.

    Attributes
    ----------
    power
        The higher, the surer.
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
        from scipy.special import expit, log_softmax  # noqa: PLC0415

        rows = np.arange(len(target))
        share = weight / weight.sum() if weight.any() else np.full(len(rows), 1 / len(rows))

        def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            power, sharpness = np.exp(at[0]), np.exp(at[2])
            x = sharpness * (scores - at[1])
            logs = _log_softplus(x)
            likelihood = log_softmax(power * logs, axis=1)
            slope = np.exp(likelihood)
            slope[rows, target] -= 1
            slope *= power * share[:, None]
            inner = slope * expit(x) * np.exp(-logs)
            gradient = np.array([(slope * logs).sum(), -sharpness * inner.sum(), (inner * x).sum()])
            return -float(share @ likelihood[rows, target]), gradient

        power, shift, sharpness = minimize(loss, _START, jac=True, method="L-BFGS-B", bounds=_BOUNDS).x
        return cls(float(np.exp(power)), float(shift), float(np.exp(sharpness)))

    def probabilities(self, scores: NDArray[Any]) -> NDArray[np.float32]:
        """Return the probabilities that go with scores, both of shape (n_rows, n_classes)."""
        logs = _log_softplus(self.sharpness * (scores - self.shift))
        probabilities: NDArray[np.float32] = softmax(self.power * logs).astype(np.float32)
        return probabilities

    def tempered(self, factor: float) -> Self:
        """Return the link whose power is ``factor`` times this one's: below 1 it is less sure."""
        return replace(self, power=self.power * factor)


def _log_softplus(x: NDArray[Any]) -> NDArray[Any]:
    """Return ``log(log(1 + exp(x)))``, which is ``x`` far below 0."""
    return np.where(x < -30, x, np.log(np.logaddexp(0, np.maximum(x, -30))))
