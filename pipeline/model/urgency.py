"""The urgency of a situation and the kind of message: words and danger cues, weighted together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from pipeline.complaint import Kind
from pipeline.model.analysis import Analysis
from pipeline.model.courtesy import COURTESY
from pipeline.model.dangers import DangerColumns, Signs, dangers_of
from pipeline.model.feature_rows import Document, analysed
from pipeline.model.feature_table import FeatureTable
from pipeline.model.ordinal import OrdinalClassifier
from pipeline.model.urgency_scores import UrgencyWeights
from pipeline.urgency import LEVELS, danger_finder

_KIND_C = 2.0  # inverse regularisation of the kinds of message


# Without set_output, like ComplaintFeatures.
class UrgencyFeatures(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg,misc]
    """Features for the presence of words, pairs and stems, and for the dangers that the text names.

    Words are weighted by inverse document frequency and scaled to length ``1``; dangers stand beside them with weight
    ``cue_weight``, since one of them says more than any word.

    Parameters
    ----------
    min_df
        Complaints that a word must occur in.
    cue_weight
        Value of a danger that is present.

    Attributes
    ----------
    columns_ : dict of str to int
        Column of each word, pair and stem.
    weights_ : ndarray of shape (n_words,)
        Their inverse document frequencies.
    danger_columns_
        The columns of the other features.
    n_features_ : int
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "min_df": [Interval(Integral, 1, None, closed="left")],
        "cue_weight": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(self, *, min_df: int = 3, cue_weight: float = 0.5) -> None:
        self.min_df = min_df
        self.cue_weight = cue_weight

    def fit(self, X: Sequence[Document], y: object = None) -> Self:  # noqa: ARG002
        """Learn the words and their weights from complaints, texts or analyses."""
        self._validate_params()
        self._learn(analysed(X))
        return self

    def fit_transform(self, X: Sequence[Document], y: object = None, **_: object) -> csr_matrix:  # noqa: ARG002
        """Learn, and return the features, reading the words only once."""
        self._validate_params()
        documents = analysed(X)
        words = self._learn(documents)
        return self._matrix(documents, words, [dangers_of(document) for document in documents])

    def transform(self, X: Sequence[Document]) -> csr_matrix:
        """Return the features of ``X`` as a float32 matrix of shape (len(X), n_features_)."""
        return self.read(X)[0]

    def read(self, X: Sequence[Document]) -> tuple[csr_matrix, list[Signs]]:
        """Return the features, shape (len(X), n_features_), and the dangers found in each."""
        check_is_fitted(self)
        documents, known = analysed(X), self.columns_
        words = [sorted({known[name] for name, _ in word_features(each) if name in known}) for each in documents]
        signs = [dangers_of(document) for document in documents]
        return self._matrix(documents, words, signs), signs

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the name of each column: a word, two words, a stem after ``=``, or what stands beside, after ``!``."""
        check_is_fitted(self)
        return np.array([*self.columns_, *(f"!{name}" for name in self.danger_columns_.names)], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags

    def _learn(self, X: Sequence[Analysis]) -> list[list[int]]:
        """Learn the words and their weights, and return the columns of each text's words, in order."""
        seen: dict[str, int] = defaultdict(count().__next__)
        texts = [list({seen[name] for name, _ in word_features(document)}) for document in X]
        frequency = np.bincount(np.fromiter(chain.from_iterable(texts), dtype=np.int64), minlength=len(seen))
        words = sorted(word for word, number in seen.items() if frequency[number] >= self.min_df)
        self.columns_ = {word: column for column, word in enumerate(words)}
        often = frequency[[seen[word] for word in words]].astype(np.float32)
        self.weights_ = 1 + np.log((1 + len(X)) / (1 + often))
        self.danger_columns_ = DangerColumns(len(words), danger_finder().ids)
        self.n_features_ = self.danger_columns_.n_features
        column = {seen[word]: column for word, column in self.columns_.items()}
        return [sorted(column[number] for number in text if number in column) for text in texts]

    def _matrix(self, X: Sequence[Analysis], words: Sequence[list[int]], signs: Sequence[Signs]) -> csr_matrix:
        """Return the features of texts from the columns of their words and from the dangers found in them."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for document, of_words, dangers in zip(X, words, signs, strict=True):
            weights = self.weights_[of_words]
            length = float(np.sqrt((weights * weights).sum())) or 1.0
            more = self.danger_columns_.of(document, dangers)
            columns += [*of_words, *more]
            values += [*(weights / length).tolist(), *[self.cue_weight] * len(more)]
            ends.append(len(columns))
        return csr_matrix(
            (np.array(values, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32)),
            shape=(len(X), self.n_features_),
        )


def word_features(document: Analysis) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield words, pairs of neighbouring words and, after ``=``, stems, with the tokens they come from."""
    before = None
    for position, (_, normal, stem) in enumerate(document.forms()):
        words = normal.split()
        for word in words:
            yield word, (position,)
            if before:
                yield f"{before[0]} {word}", (before[1], position)
            before = word, position
        for root in stem.split():
            yield f"={root}", (position,)


@dataclass(frozen=True)
class UrgencyModel:
    """The fitted features and the classifiers of levels and kinds of message."""

    features: UrgencyFeatures
    level: OrdinalClassifier
    kind: LogisticRegression | DummyClassifier

    @property
    def held_out_(self) -> dict[str, float]:
        """Accuracy of the levels on held-out training rows."""
        figures: dict[str, float] = self.level.held_out_
        return figures

    @property
    def classes_(self) -> NDArray[Any]:
        """The levels, in the order of the probabilities."""
        classes: NDArray[Any] = self.level.classes_
        return classes

    def weights(self) -> UrgencyWeights:
        """Return what :class:`UrgencyScores` needs."""
        features, learnt = self.features, hasattr(self.kind, "coef_")
        coef = np.vstack([self.level.coef_, self.kind.coef_]) if learnt else self.level.coef_
        words = len(features.columns_)
        # The last column has the squares of the words' weights, the last row zeros, for a text without features.
        rows = np.zeros((features.n_features_ + 1, len(coef) + 1), dtype=np.float32)
        rows[:-1, :-1] = coef.T
        rows[:words, :-1] *= features.weights_[:, None]
        rows[:words, -1] = features.weights_**2
        rows[words:-1, :-1] *= features.cue_weight
        return UrgencyWeights(
            FeatureTable.of(features.columns_),
            features.danger_columns_,
            rows,
            tuple(map(str, self.classes_)),
            tuple(map(str, self.kind.classes_)),
            self.level.intercept_,
            np.asarray(self.kind.intercept_ if learnt else [], dtype=np.float32),
        )


def urgency_model(
    documents: Sequence[Analysis],
    levels: Sequence[str],
    kinds: Sequence[str],
    *,
    weights: NDArray[np.float64],
    groups: NDArray[Any] | None,
    folds: int,
    random_state: int,
    C: float | tuple[float, ...] = 2.0,
) -> UrgencyModel:
    """Fit features, levels and kinds.

    Parameters
    ----------
    documents, levels, kinds, weights, groups
        One of each per complaint; rows without a kind don't train the kinds.
    folds, random_state, C
        See :class:`pipeline.model.OrdinalClassifier`.

    Raises
    ------
    ValueError
        If there are not two levels.
    """
    features = UrgencyFeatures()
    X = features.fit_transform(documents)
    level = OrdinalClassifier(tuple(map(str, LEVELS)), C=C, folds=folds, random_state=random_state)
    polite = [at for name, at in features.columns_.items() if not COURTESY.isdisjoint(name.removeprefix("=").split())]
    level.fit(X, np.array(levels), sample_weight=weights, groups=groups, unread=polite)
    return UrgencyModel(features, level, _kind_classifier(X, np.array([str(kind) for kind in kinds]), weights))


def _kind_classifier(X: csr_matrix, kinds: NDArray[Any], weights: NDArray[np.float64]) -> Any:
    """Fit the kinds; if the rows have fewer than two, every message is a complaint."""
    known = kinds != ""
    if len(set(kinds[known])) < 2:
        return DummyClassifier(strategy="prior").fit(np.zeros((1, 1)), [str(Kind.PENGADUAN)])
    # Nearly all starter rows are complaints, but not nearly all real messages, so each kind has the same weight.
    machine = LogisticRegression(C=_KIND_C, solver="newton-cg", class_weight="balanced")
    return machine.fit(X[known], kinds[known], sample_weight=weights[known])
