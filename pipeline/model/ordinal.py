"""A classifier of ordered classes: one logistic regression per threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import diags_array
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from pipeline.model.folds import Fold, make_folds
from pipeline.model.label_checks import check_known, check_several
from pipeline.model.probabilities import between


class OrdinalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Predicts "above the first class", "above the second" and so on; the differences are the probabilities.

    The method is Frank and Hall (2001), "A Simple Approach to Ordinal Classification"; probabilities that would rise
    with the threshold are limited to their running minimum. Each threshold's score is calibrated on
    held-out rows by a logistic curve (Platt 1999).

    Parameters
    ----------
    order
        The classes from lowest to highest; ``None`` takes them sorted.
    C
        Inverse regularisation: one for all thresholds, or one for each threshold between two classes of ``order``.
    folds
        Folds of cross-validation for the calibration; 0 leaves scores as they are.
    n_jobs
        Threads to fit the folds with; -1 for all cores.
    random_state
        Seed of the folds.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        From lowest to highest.
    coef_ : ndarray of shape (n_classes - 1, n_features), float32
    intercept_ : ndarray of shape (n_classes - 1,), float32
        After calibration: ``expit(X @ coef_.T + intercept_)`` is the probability to be above each threshold.
    held_out_ : dict of str to float
        Share of held-out rows whose most probable class is right, and mean distance in levels.

    Examples
    --------
    >>> X = np.arange(12.0).reshape(-1, 1)
    >>> levels = np.repeat(["low", "mid", "high"], 4)
    >>> model = OrdinalClassifier(("low", "mid", "high"), C=10, folds=0).fit(X, levels)
    >>> [str(level) for level in model.predict([[0], [11]])]
    ['low', 'high']
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "order": ["array-like", None],
        "C": [Interval(Real, 0, None, closed="neither"), "array-like"],
        "folds": [Interval(Integral, 0, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        order: tuple[Any, ...] | None = None,
        *,
        C: float | tuple[float, ...] = 2.0,
        folds: int = 3,
        n_jobs: int | None = -1,
        random_state: int = 0,
    ) -> None:
        self.order = order
        self.C = C
        self.folds = folds
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        unread: Sequence[int] | None = None,
    ) -> Self:
        """Fit every threshold and its calibration.

        Parameters
        ----------
        X
            Features, dense or sparse, shape (n_samples, n_features).
        y
            Classes, at least two different ones, shape (n_samples,).
        sample_weight
            How much each row counts, shape (n_samples,).
        groups
            Rows of one group never stand on both sides of a fold, shape (n_samples,).
        unread
            Columns of ``X`` that only the highest threshold reads.

        Raises
        ------
        ValueError
            If there are fewer than two classes, or one that ``order`` doesn't name or names twice, rows without one,
            weights below 0, or settings out of their bounds, such as another number of ``C`` than of thresholds.
        """
        self._validate_params()
        check_known(y)
        labels: NDArray[Any]
        X, labels = validate_data(self, X, y, accept_sparse="csr", dtype=[np.float32, np.float64])
        check_classification_targets(labels)
        present = np.unique(labels)
        check_several(present)
        self.classes_ = self._ordered(present)
        rank = {label: position for position, label in enumerate(self.classes_.tolist())}
        ranks = np.array([rank[label] for label in labels.tolist()])
        weight = _check_sample_weight(sample_weight, X, dtype=float, ensure_non_negative=True)
        strengths = self._strengths()
        highest = len(self.classes_) - 2
        lower = X if unread is None else _without(X, unread)
        fits = [
            self._fit_threshold(X if t == highest else lower, ranks, weight, groups, t, strengths[t])
            for t in range(highest + 1)
        ]
        self.coef_ = np.vstack([coef for coef, _, _ in fits]).astype(np.float32)
        self.intercept_ = np.array([intercept for _, intercept, _ in fits], dtype=np.float32)
        self.held_out_: dict[str, float] = {}
        held_out = [held for *_, held in fits if held is not None]
        if len(held_out) == len(fits):
            told = between(np.column_stack(held_out)).argmax(axis=1)
            self.held_out_ = {"top1": float((told == ranks).mean()), "levels_off": float(abs(told - ranks).mean())}
        return self

    def threshold_scores(self, X: Any) -> NDArray[np.float32]:
        """Return the calibrated log-odds to be above each threshold, shape (n_samples, n_classes - 1)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=[np.float32, np.float64], reset=False)
        scores: NDArray[np.float32] = np.asarray(X @ self.coef_.T) + self.intercept_
        return scores

    def predict_proba(self, X: Any) -> NDArray[np.float32]:
        """Return the probabilities, shape (n_samples, n_classes)."""
        return self.probabilities(self.threshold_scores(X))

    @staticmethod
    def probabilities(scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities that :meth:`threshold_scores` stand for, shape (n_samples, n_classes)."""
        return between(expit(scores))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class of each row, shape (n_samples,)."""
        best = self.predict_proba(X).argmax(axis=1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.poor_score = True  # classes without an order, such as in check_estimator
        return tags

    def _ordered(self, present: NDArray[Any]) -> NDArray[Any]:
        """Return the classes that occur, from lowest to highest."""
        if self.order is None:
            return present
        if twice := sorted(c for c, n in Counter(self.order).items() if n > 1):
            raise ValueError(f"order={self.order} names {twice} twice.")
        known = set(present.tolist())
        if unknown := sorted(known.difference(self.order)):
            raise ValueError(f"Classes {unknown} are not in order={self.order}.")
        return np.array([c for c in self.order if c in known])

    def _strengths(self) -> list[float]:
        """Return the ``C`` of each threshold between two neighbours of ``classes_``."""
        order = list(self.classes_ if self.order is None else self.order)
        C = np.asarray(self.C, dtype=float)
        if C.shape not in {(), (len(order) - 1,)} or C.min() <= 0:
            raise ValueError(f"C={self.C} must be {len(order) - 1} numbers above 0, one for each threshold.")
        C = np.broadcast_to(C, len(order) - 1)
        # If a class has no rows, only the threshold below the next higher class is left.
        return [float(C[order.index(upper) - 1]) for upper in self.classes_[1:]]

    def _fit_threshold(
        self,
        X: Any,
        ranks: NDArray[np.intp],
        weight: NDArray[np.float64],
        groups: ArrayLike | None,
        threshold: int,
        C: float,
    ) -> tuple[NDArray[np.float64], float, NDArray[np.float64] | None]:
        """Return coefficients, intercept and, with folds, the held-out probabilities of one threshold."""
        above = ranks > threshold
        folds = self._folds(above, groups)
        everything = np.arange(len(above))
        # Products with X release the GIL: the folds run in threads with one copy of it.
        whole, *held_out = Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(_fit_rows)(X, above, weight, rows, C) for rows in (everything, *(rest for rest, _ in folds))
        )
        coef, intercept = whole.coef_[0], float(whole.intercept_[0])
        if not folds:
            return coef, intercept, None
        scores = np.zeros(len(above))
        for machine, (_, held) in zip(held_out, folds, strict=True):
            scores[held] = machine.decision_function(X[held])
        curve = LogisticRegression(C=1e6).fit(scores[:, None], above, sample_weight=weight)
        # A falling curve has learnt noise from very few rows; the scores are then left as they are.
        slope, offset = (float(curve.coef_[0, 0]), float(curve.intercept_[0])) if curve.coef_[0, 0] > 0 else (1.0, 0.0)
        return coef * slope, intercept * slope + offset, expit(scores * slope + offset)

    def _folds(self, above: NDArray[np.bool_], groups: ArrayLike | None) -> list[Fold]:
        """Return the folds; none if there are too few rows to hold some out."""
        if not self.folds or min(above.sum(), (~above).sum()) < 2 * self.folds:
            return []
        folds = make_folds(above, self.folds, self.random_state, groups)
        return folds if all(len(np.unique(above[rest])) > 1 for rest, _ in folds) else []


def _without(X: Any, columns: Sequence[int]) -> Any:
    """Return the features with columns of zeros, for which a regularised fit finds no weight."""
    kept = np.ones(X.shape[1], dtype=X.dtype)
    kept[list(columns)] = 0
    return X @ diags_array(kept).tocsr()


def _fit_rows(
    X: Any, above: NDArray[np.bool_], weight: NDArray[np.float64], rows: NDArray[np.intp], C: float
) -> LogisticRegression:
    machine = LogisticRegression(C=C, solver="newton-cg")
    if len(rows) == len(above):
        return machine.fit(X, above, sample_weight=weight)
    return machine.fit(X[rows], above[rows], sample_weight=weight[rows])
