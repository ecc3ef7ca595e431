"""Weighted features of complaints, as a scikit-learn transformer whose every row is a sum over words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from pipeline.model.analysis import is_pair
from pipeline.model.factored_matrix import FactoredMatrix
from pipeline.model.feature_rows import Document, address_rows, analysed, feature_matrix, text_rows, weighted_rows
from pipeline.model.position_weights import PositionWeights


# Without set_output, like scikit-learn's own vectorizers: data frames don't fit this many columns.
class ComplaintFeatures(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg,misc]
    """Features of complaints that are a sum over words, scaled by the text's length.

    Every word has one fixed row: itself, its stem, and its groups of letters, each with its inverse document
    frequency; so has every pair of neighbouring words. A text's row is the sum of the rows of its different words and
    pairs, each times ``1 + log(count)`` and the weight of its position (:class:`PositionWeights`), divided by the
    square root of the number of tokens. So a linear score of a text is a sum of one number per word, which explains it
    exactly and can be looked up. (TF-IDF of length 1 would be as accurate; see docs/quality.md.) The address is a block
    of its own, of length ``address_weight``.

    Parameters
    ----------
    min_df
        Complaints that a feature must occur in.
    address_weight
        Weight of the address, relative to the text.
    familiar_df
        Complaints that a word must occur in to be called familiar.
    pair_weight
        Factor on the weight of pairs of neighbouring words, which say more than the two words separately.
    opening_weight, opening_words
        How much more a text's first words count, and how many they are; a pair has the place of its first word.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        The column of each feature; letters, stems and the address have their prefix.
    idf_ : ndarray of shape (n_features_,), float32
        Weight of each feature, ``1 + log((1 + n) / (1 + df))`` as in scikit-learn's TfidfTransformer; that of pairs
        times ``pair_weight``.
    scale_ : float
        Makes the root mean square length of the training texts' rows 1.
    familiar_ : frozenset of str
        The words known well enough to judge whether a text is in the model's language at all.
    n_features_ : int

    Examples
    --------
    >>> features = ComplaintFeatures(min_df=1).fit(["lampu jalan mati", "jalan berlubang"])
    >>> features.transform(["lampu padam"]).shape[0]
    1
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "min_df": [Interval(Integral, 1, None, closed="left")],
        "address_weight": [Interval(Real, 0, None, closed="left")],
        "familiar_df": [Interval(Integral, 1, None, closed="left")],
        "pair_weight": [Interval(Real, 0, None, closed="left")],
        "opening_weight": [Interval(Real, 0, None, closed="left")],
        "opening_words": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        *,
        min_df: int = 2,
        address_weight: float = 0.4,
        familiar_df: int = 5,
        pair_weight: float = 1.4,
        opening_weight: float = 1.0,
        opening_words: float = 10.0,
    ) -> None:
        self.min_df = min_df
        self.address_weight = address_weight
        self.familiar_df = familiar_df
        self.pair_weight = pair_weight
        self.opening_weight = opening_weight
        self.opening_words = opening_words

    @property
    def opening(self) -> PositionWeights:
        """The weight of a word by its place."""
        return PositionWeights(self.opening_weight, self.opening_words)

    def fit(self, X: Sequence[Document], y: object = None) -> Self:
        """Learn the vocabulary and the weights from complaints, texts or analyses."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Sequence[Document], y: object = None, **_: object) -> csr_matrix:  # noqa: ARG002
        """Learn, and return the features of ``X`` as a float32 matrix of shape (len(X), n_features_)."""
        return self.fit_factored(X).tocsr()

    def fit_factored(self, X: Sequence[Document]) -> FactoredMatrix:
        """Learn, and return the features as a product, on which fitting a classifier is faster."""
        self._validate_params()
        documents = analysed(X)
        seen: dict[str, int] = defaultdict(count().__next__)
        address = address_rows(documents, seen.__getitem__, seen.__len__)
        text = text_rows(documents, seen.__getitem__, seen.__len__, self.opening)
        address.resize(text.shape)
        together = csr_matrix(text.left @ text.right + text.rest)  # unsorted: only counted
        df = np.bincount(np.concatenate([together.indices, address.indices]), minlength=len(seen))
        names = np.array(list(seen), dtype=object)
        kept = np.flatnonzero(df >= self.min_df)
        self.vocabulary_ = {name: column for column, name in enumerate(names[kept])}
        self.n_features_ = len(kept)
        idf = 1 + np.log((1 + len(documents)) / (1 + df[kept]))
        self.idf_ = np.where([is_pair(name) for name in names[kept]], self.pair_weight * idf, idf).astype(np.float32)
        self.familiar_ = frozenset(name for name in names[df >= self.familiar_df] if name.isalpha())
        weights = np.zeros(len(seen))
        weights[kept] = self.idf_
        square = float(np.square(together.data * weights[together.indices]).sum()) / max(len(documents), 1)
        self.scale_ = 1 / math.sqrt(square) if square else 1.0
        return weighted_rows(text.columns(kept), address[:, kept], self.idf_, self.scale_, self.address_weight)

    def transform(self, X: Sequence[Document]) -> csr_matrix:
        """Return the features of ``X`` as a float32 matrix of shape (len(X), n_features_)."""
        check_is_fitted(self)
        return feature_matrix(X, self.vocabulary_.get, self.idf_, self.scale_, self.address_weight, self.opening)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the name of each column: one or two words or, prefixed, letters, a stem or a word of the address."""
        check_is_fitted(self)
        names = np.empty(len(self.vocabulary_), dtype=object)
        names[list(self.vocabulary_.values())] = list(self.vocabulary_)
        return names

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        # Sorted: the order of a set differs in every process, and the same training would give another file.
        return {name: sorted(value) if name == "familiar_" else value for name, value in state.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(
            {name: frozenset(value) if name == "familiar_" else value for name, value in state.items()}
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags
