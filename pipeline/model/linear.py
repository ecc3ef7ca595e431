"""The classifier of agencies: weighted least squares, whose result is one matrix."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from pipeline.model.factored_matrix import FactoredMatrix, scaled_columns
from pipeline.model.folds import Fold, make_folds
from pipeline.model.held_out import fit_held_out
from pipeline.model.label_checks import check_known, check_several
from pipeline.model.least_squares import Solution, solve_ridge, start_of_all
from pipeline.model.link import Link
from pipeline.model.probabilities import softmax
from pipeline.model.relevance import relevance_factors


class BalancedRidgeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Ridge regression onto the classes, in which rows of rare classes weigh more.

    As accurate as linear support vector machines, kinder to rare classes, and much faster to fit: all classes are
    columns of one system of equations (docs/quality.md has the measurements). The result is one matrix, so every score
    is explained by its features exactly. How to combine the scores of several classes (stacking), and the :class:`Link`
    from scores to probabilities, are learnt from held-out rows (:func:`fit_held_out`).

    Parameters
    ----------
    alpha
        Strength of regularisation, for rows of length near 1.
    balance
        Rows of a class whose weights sum to ``n`` count ``n ** -balance`` times, scaled to the same sum of all weights:
        with 0 every row counts by its own weight, with 1 all classes count equally.
    relevance
        How much more features count that distinguish the classes, see :func:`relevance_factors`; 0 for none, which is
        required for features that may be negative.
    folds
        Folds of cross-validation for stacking and link; 0 skips both, and probabilities are the softmax of the scores.
    stacking_penalty
        How close the stacking matrix stays to the identity, in rows; None for no stacking.
    n_jobs
        Threads to fit the folds with; -1 for all cores.
    random_state
        Seed of the folds.
    warm_start
        Start each fold from the previous fit to the same rows and classes with other weights, and the fit to all rows
        from the residuals of the folds. The result is as exact, and comes sooner the less the weights differ.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    coef_ : ndarray of shape (n_classes, n_features), float32
    intercept_ : ndarray of shape (n_classes,), float32
    link_ : Link or None
        None without folds.
    held_out_ : dict of str to float
        Share of held-out rows whose class is the best (``top1``) or among the best three (``top3``); empty without
        folds.
    held_out_rows_ : ndarray of shape (n_held_out,)
        The rows that were held out once; empty without folds.
    held_out_scores_ : ndarray of shape (n_held_out, n_classes), float32
        Their scores by the fold that did not see them, stacked with a matrix that did not see them either; used to fit
        probabilities and thresholds, and not saved.
    duals_ : list of ndarray
        The starting points of a warm start, for each fold; empty without warm start, and not saved.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.eye(3).repeat(4, axis=0)
    >>> model = BalancedRidgeClassifier(folds=2).fit(X, np.repeat(["a", "b", "c"], 4))
    >>> str(model.predict(X[:1])[0])
    'a'
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "alpha": [Interval(Real, 0, None, closed="left")],
        "balance": [Interval(Real, 0, None, closed="left")],
        "relevance": [Interval(Real, 0, None, closed="left")],
        "folds": [Interval(Integral, 0, None, closed="left")],
        "stacking_penalty": [Interval(Real, 0, None, closed="left"), None],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
    }

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        balance: float = 0.5,
        relevance: float = 0.0,
        folds: int = 5,
        stacking_penalty: float | None = None,
        n_jobs: int | None = -1,
        random_state: int = 0,
        warm_start: bool = False,
    ) -> None:
        self.alpha = alpha
        self.balance = balance
        self.relevance = relevance
        self.folds = folds
        self.stacking_penalty = stacking_penalty
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.warm_start = warm_start

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        held_out_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the matrix, and its stacking and link on held-out rows.

        Parameters
        ----------
        X
            Features, dense, sparse or factored, shape (n_samples, n_features).
        y
            Classes, at least two different ones, shape (n_samples,).
        sample_weight
            How much each row counts, shape (n_samples,).
        groups
            Rows of one group never stand on both sides of a fold, shape (n_samples,): phrasings of one origin.
        held_out_weight
            Weight of each row where it is held out, shape (n_samples,); by default ``sample_weight``.

        Raises
        ------
        ValueError
            If there are fewer than two classes, rows without one, weights below 0, or settings out of their bounds.
        """
        self._fit(X, y, sample_weight, groups, held_out_weight, whole=True)
        return self

    def fit_folds(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> Self:
        """Fit only the folds, for their held-out scores or for a warm start.

        Takes the same parameters as :meth:`fit`, which must be called before predicting.
        """
        self._fit(X, y, sample_weight, groups, None, whole=False)
        return self

    def _fit(
        self,
        X: Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None,
        groups: ArrayLike | None,
        held_out_weight: ArrayLike | None,
        *,
        whole: bool,
    ) -> None:
        self._validate_params()
        check_known(y)
        labels: NDArray[Any]
        if isinstance(X, FactoredMatrix):
            self.n_features_in_, labels = X.shape[1], np.asarray(y)
        else:
            X, labels = validate_data(self, X, y, accept_sparse="csr", dtype=[np.float32, np.float64])
        check_classification_targets(labels)
        self.classes_, target = np.unique(labels, return_inverse=True)
        check_several(self.classes_)
        weight = _check_sample_weight(sample_weight, X, dtype=float, ensure_non_negative=True)
        folds = self._folds(target, groups)
        starts = self._starts(folds, len(target))
        rests: list[NDArray[np.intp] | None] = [rest for rest, _ in folds]
        parts = [None, *rests] if whole else rests
        # The products release the GIL, so the folds run in threads with one copy of X. BLAS threads, which wait in busy
        # loops, would take the cores away from them.
        with threadpool_limits(1, "blas"):
            fits = Parallel(n_jobs=self.n_jobs, prefer="threads")(
                delayed(self._solve)(X, target, weight, rows, start)
                for rows, start in zip(parts, starts if whole else starts[1:], strict=True)
            )
        if whole:
            self.coef_, self.intercept_, _ = fits.pop(0)
        else:  # those of a previous fit are of other classes or rows
            self.__dict__.pop("coef_", None)
            self.__dict__.pop("intercept_", None)
        self.duals_ = [fit.dual for fit in fits] if self.warm_start else []
        self.link_: Link | None = None
        self.held_out_: dict[str, float] = {}
        self.held_out_rows_ = np.concatenate([held for _, held in folds]) if folds else np.zeros(0, dtype=np.intp)
        self.held_out_scores_ = np.zeros((0, len(self.classes_)), dtype=np.float32)
        if folds:
            if held_out_weight is not None:
                weight = _check_sample_weight(held_out_weight, X, dtype=float, ensure_non_negative=True)
            scores = [_scores(X[held], fit.coef, fit.intercept) for fit, (_, held) in zip(fits, folds, strict=True)]
            rows = self.held_out_rows_
            told = fit_held_out(scores, target[rows], weight[rows], self.stacking_penalty, self.n_jobs)
            self.held_out_scores_, self.link_, self.held_out_ = told.scores, told.link, told.figures
            if whole and told.matrix is not None:
                self.coef_, self.intercept_ = told.matrix.T @ self.coef_, self.intercept_ @ told.matrix

    def decision_function(self, X: Any) -> NDArray[np.float32]:
        """Return the scores, shape (n_samples, n_classes); for two classes (n_samples,), that of the second."""
        check_is_fitted(self, "coef_")
        X = self._validated(X)
        scores = _scores(X, self.coef_, self.intercept_)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_proba(self, X: Any) -> NDArray[np.float32]:
        """Return the probabilities, shape (n_samples, n_classes)."""
        check_is_fitted(self, "coef_")
        X = self._validated(X)
        return self.probabilities(_scores(X, self.coef_, self.intercept_))

    def probabilities(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities that go with scores, both of shape (n_samples, n_classes)."""
        if self.link_ is not None:
            return self.link_.probabilities(scores)
        return softmax(scores)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class of each row, shape (n_samples,)."""
        best = self.predict_proba(X).argmax(axis=1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        # One row per training complaint: needed after fitting, useless in a saved model.
        return {
            name: value[:0] if name in ("held_out_rows_", "held_out_scores_", "duals_") else value
            for name, value in state.items()
        }

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = bool(self.relevance)  # see relevance_factors
        return tags

    def _validated(self, X: Any) -> Any:
        if isinstance(X, FactoredMatrix):
            return X
        return validate_data(self, X, accept_sparse="csr", dtype=[np.float32, np.float64], reset=False)

    def _folds(self, y: NDArray[Any], groups: ArrayLike | None) -> list[Fold]:
        """Return the folds; none for very few rows."""
        if not self.folds or len(y) < 2 * self.folds:
            return []
        folds = make_folds(y, self.folds, self.random_state, groups)
        return [(rest, held) for rest, held in folds if len(np.unique(y[rest])) > 1]

    def _starts(self, folds: list[Fold], n_rows: int) -> list[NDArray[np.float32] | None]:
        """Return the starts of the fit to all rows and of each fold: none if the previous fit was to other rows."""
        shapes = [(len(rest), len(self.classes_)) for rest, _ in folds]
        duals = getattr(self, "duals_", []) if self.warm_start else []
        if not duals or [dual.shape for dual in duals] != shapes:
            return [None] * (1 + len(folds))
        return [start_of_all(duals, [rest for rest, _ in folds], n_rows), *duals]

    def _solve(
        self,
        X: Any,
        target: NDArray[np.intp],
        weight: NDArray[np.float64],
        rows: NDArray[np.intp] | None,
        start: NDArray[np.float32] | None,
    ) -> Solution:
        if rows is not None:
            X, target, weight = X[rows], target[rows], weight[rows]
        rows_of_class = np.bincount(target, weights=weight, minlength=len(self.classes_))
        balanced = weight * np.maximum(rows_of_class, 1e-9)[target] ** -self.balance
        balanced *= weight.sum() / max(balanced.sum(), 1e-9)
        if not self.relevance:
            return solve_ridge(X, target, len(self.classes_), balanced, self.alpha, start)
        factors = relevance_factors(X, target, len(self.classes_), weight, self.relevance)
        fit = solve_ridge(scaled_columns(X, factors), target, len(self.classes_), balanced, self.alpha, start)
        return fit._replace(coef=fit.coef * factors)  # applied to the coefficients: still one matrix


def _scores(X: Any, coef: NDArray[np.float32], intercept: NDArray[np.float32]) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = np.asarray(X @ coef.T) + intercept
    return scores
