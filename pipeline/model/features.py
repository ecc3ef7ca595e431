"""Weighted features of complaints, as a scikit-learn transformer whose every row is a sum over words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from pipeline.complaint import Complaint
from pipeline.model.analysis import Analysis, analyse, form_features

Document = Complaint | str | Analysis
Column = Callable[[str], int | None]  # the column of a feature, None for one that has none


class ComplaintFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features of complaints that are a sum over words, scaled by the text's length.

    Every word has one fixed row: itself, its stem, and its groups of letters, each with its inverse document
    frequency; so has every pair of neighbouring words. A text's row is the sum of its different words' and pairs' rows,
    each times ``1 + log(how often)``, over the square root of the number of tokens. So a linear score of a text is a
    sum of one number per word, which explains it exactly and can be looked up. (TF-IDF of length 1 would be as
    accurate; see docs/quality.md.) The address is a block of its own, of length ``address_weight``.

    Parameters
    ----------
    min_df
        Complaints that a feature must occur in.
    address_weight
        How much the address counts against the text.
    familiar_df
        Complaints that a word must occur in to be called familiar.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        The column of each feature; letters, stems and the address have their prefix.
    idf_ : ndarray of shape (n_features_,), float32
        Weight of each feature, ``1 + log((1 + n) / (1 + df))`` as in scikit-learn's TfidfTransformer.
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

    def __init__(self, *, min_df: int = 2, address_weight: float = 0.4, familiar_df: int = 5) -> None:
        self.min_df = min_df
        self.address_weight = address_weight
        self.familiar_df = familiar_df

    def fit(self, X: Sequence[Document], y: object = None) -> Self:
        """Learn the vocabulary and the weights from complaints, texts or analyses."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Sequence[Document], y: object = None, **_: object) -> csr_matrix:  # noqa: ARG002
        """Learn, and return the features of ``X`` as a float32 matrix of shape (len(X), n_features_)."""
        documents = _analysed(X)
        seen: dict[str, int] = {}
        text = _text(documents, lambda feature: seen.setdefault(feature, len(seen)), lambda: len(seen))
        address = _address(documents, lambda feature: seen.setdefault(feature, len(seen)), lambda: len(seen))
        text.resize(address.shape)
        df = np.bincount(np.concatenate([text.indices, address.indices]), minlength=len(seen))
        names = np.array(list(seen), dtype=object)
        kept = np.flatnonzero(df >= self.min_df)
        self.vocabulary_ = {name: column for column, name in enumerate(names[kept])}
        self.n_features_ = len(kept)
        self.idf_ = (1 + np.log((1 + len(documents)) / (1 + df[kept]))).astype(np.float32)
        self.familiar_ = frozenset(name for name in names[df >= self.familiar_df] if name.isalpha())
        text, address = text[:, kept], address[:, kept]
        weighted = text @ diags(self.idf_)
        square = float(weighted.multiply(weighted).sum()) / max(len(documents), 1)
        self.scale_ = 1 / math.sqrt(square) if square else 1.0
        return self._weighted(text, address)

    def transform(self, X: Sequence[Document]) -> csr_matrix:
        """Return the features of ``X`` as a float32 matrix of shape (len(X), n_features_)."""
        check_is_fitted(self)
        documents = _analysed(X)
        width = len(self.vocabulary_)
        column = self.vocabulary_.get
        return self._weighted(_text(documents, column, lambda: width), _address(documents, column, lambda: width))

    def _weighted(self, text: csr_matrix, address: csr_matrix) -> csr_matrix:
        weights = diags(self.idf_)
        address = address @ weights
        length = np.sqrt(np.asarray(address.multiply(address).sum(axis=1)).ravel())
        address = diags(self.address_weight / np.where(length > 0, length, 1)) @ address
        matrix = csr_matrix(text @ weights * self.scale_ + address, dtype=np.float32)
        matrix.sort_indices()
        return matrix


def _text(documents: Sequence[Analysis], column: Column, width: Callable[[], int]) -> csr_matrix:
    """Return the features of the texts, without idf, divided by the root of their length."""
    of_form: dict[tuple[str, str, str], int] = {}
    forms, pairs = _Rows(), _Rows()
    for document in documents:
        scale = _length_scale(document)
        for form, times in Counter(document.forms()).items():
            forms.add(of_form.setdefault(form, len(of_form)), scale * _damped(times))
        for pair, times in Counter(document.pairs()).items():
            pairs.add(column(pair), scale * _damped(times))
        forms.end()
        pairs.end()
    features = _Rows()
    for form in of_form:
        for feature in form_features(form):
            features.add(column(feature), 1.0)
        features.end()
    # Each form's row is made once, however many complaints it stands in: 4 times as fast as row by row.
    text: csr_matrix = forms.matrix(len(of_form)) @ features.matrix(width()) + pairs.matrix(width())
    return text


def _address(documents: Sequence[Analysis], column: Column, width: Callable[[], int]) -> csr_matrix:
    rows = _Rows()
    for document in documents:
        for feature, times in Counter(document.address_features()).items():
            rows.add(column(feature), _damped(times))
        rows.end()
    return rows.matrix(width())


class _Rows:
    """Puts together a sparse matrix, row after row."""

    def __init__(self) -> None:
        self._columns: list[int] = []
        self._values: list[float] = []
        self._ends: list[int] = [0]

    def add(self, column: int | None, value: float) -> None:
        if column is not None:
            self._columns.append(column)
            self._values.append(value)

    def end(self) -> None:
        self._ends.append(len(self._columns))

    def matrix(self, width: int) -> csr_matrix:
        values = np.array(self._values, dtype=np.float32)
        matrix = csr_matrix((values, self._columns, self._ends), shape=(len(self._ends) - 1, width))
        matrix.sum_duplicates()
        return matrix


def _length_scale(document: Analysis) -> float:
    return 1 / math.sqrt(max(len(document.words), 1))


def _damped(times: int) -> float:
    """Return how much ``times`` occurrences count: the second one less than the first."""
    return 1 + math.log(times)


def _analysed(documents: Sequence[Document]) -> list[Analysis]:
    return [document if isinstance(document, Analysis) else analyse(document) for document in documents]
