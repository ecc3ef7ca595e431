"""The rows of complaints' features, from a function that tells the column of each feature."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from pipeline.complaint import Complaint
from pipeline.model.analysis import Analysis, analyse, form_features
from pipeline.model.factored import FactoredMatrix

Document = Complaint | str | Analysis
Column = Callable[[str], int | None]  # the column of a feature, None for one that has none


def analysed(documents: Sequence[Document]) -> list[Analysis]:
    """Return the analyses of complaints, texts or analyses."""
    return [document if isinstance(document, Analysis) else analyse(document) for document in documents]


def feature_matrix(
    documents: Sequence[Document], column: Column, idf: NDArray[np.float32], scale: float, address_weight: float
) -> csr_matrix:
    """Return the features of complaints by what a training learnt, float32, shape (len(documents), len(idf))."""
    analyses = analysed(documents)
    text = text_rows(analyses, column, lambda: len(idf))
    address = address_rows(analyses, column, lambda: len(idf))
    return weighted_rows(text, address, idf, scale, address_weight).tocsr()


def weighted_rows(
    text: FactoredMatrix, address: csr_matrix, idf: NDArray[np.float32], scale: float, address_weight: float
) -> FactoredMatrix:
    """Return the features of complaints, from those of their texts and addresses; see :class:`ComplaintFeatures`."""
    weights = diags(idf)
    address = address @ weights
    length = np.sqrt(np.asarray(address.multiply(address).sum(axis=1)).ravel())
    address = diags(address_weight / np.where(length > 0, length, 1)) @ address
    return FactoredMatrix(
        text.left,
        csr_matrix(text.right @ weights * scale, dtype=np.float32),
        csr_matrix(text.rest @ weights * scale + address, dtype=np.float32),
    )


def text_rows(documents: Sequence[Analysis], column: Column, width: Callable[[], int]) -> FactoredMatrix:
    """Return the features of the texts, without idf, divided by the root of their length.

    Each form's features are made once, however many complaints it stands in.
    """
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
    return FactoredMatrix(forms.matrix(len(of_form)), features.matrix(width()), pairs.matrix(width()))


def address_rows(documents: Sequence[Analysis], column: Column, width: Callable[[], int]) -> csr_matrix:
    """Return the features of the addresses, without idf."""
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
