"""The feature rows of complaints, from a function that maps features to columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from pipeline.complaint import Complaint, as_list
from pipeline.model.analysis import Analysis, address_features, analyse, form_features
from pipeline.model.factored_matrix import FactoredMatrix
from pipeline.model.position_weights import PositionWeights, positions_in_texts
from pipeline.text.tokens import Form, Word

Document = Complaint | str | Analysis
Column = Callable[[str], int | None]  # from a feature to its column, None if it has none


def analysed(documents: Sequence[Document]) -> list[Analysis]:
    """Return the analyses of complaints, texts or analyses.

    Raises
    ------
    TypeError
        If they are one text or a table, see :func:`as_list`; or if one of them is missing.
    """
    return [_analysis(number, document) for number, document in enumerate(as_list(documents))]


def _analysis(number: int, document: Document) -> Analysis:
    if isinstance(document, Analysis):
        return document
    if not isinstance(document, str | Complaint):
        raise TypeError(f"Complaint number {number} is a {type(document).__name__}, not text: leave out missing ones.")
    return analyse(document)


def feature_matrix(
    documents: Sequence[Document],
    column: Column,
    idf: NDArray[np.float32],
    scale: float,
    address_weight: float,
    opening: PositionWeights,
) -> csr_matrix:
    """Return the features of complaints with trained weights, float32, shape (len(documents), len(idf))."""
    analyses = analysed(documents)
    text = text_rows(analyses, column, lambda: len(idf), opening)
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


def text_rows(
    documents: Sequence[Analysis], column: Column, width: Callable[[], int], opening: PositionWeights
) -> FactoredMatrix:
    """Return the features of the texts, without idf, divided by the root of their length; shape (n_texts, width()).

    The features of each form and the name of each pair are made once, however many complaints contain them.

    Parameters
    ----------
    width
        Returns the number of columns; asked after ``column``, which gives new features new columns while learning.
    """
    keys = list(chain.from_iterable([document.word_keys for document in documents]))
    number_of = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    words = np.array(list(map(number_of.__getitem__, keys)), dtype=np.int64)
    lengths = np.array([len(document.words) for document in documents], dtype=np.int64)
    text, scale = np.repeat(np.arange(len(documents)), lengths), 1 / np.sqrt(np.maximum(lengths, 1))
    counts = opening.at(positions_in_texts(lengths))
    forms = [key.form if isinstance(key, Word) else key for key in number_of]
    of_form = {form: number for number, form in enumerate(dict.fromkeys(forms))}
    chosen = np.array([of_form[form] for form in forms], dtype=np.int64)[words]
    beside = np.flatnonzero(text[1:] == text[:-1])
    pairs = _pair_columns(forms, words[beside], words[beside + 1], column)
    beside, pairs = beside[pairs >= 0], pairs[pairs >= 0]
    features = _counts([form_features(form) for form in of_form], column, width)
    return FactoredMatrix(
        _damped_counts(text, chosen, counts, scale, len(of_form)),
        features,
        _damped_counts(text[beside], pairs, counts[beside], scale, width()),
    )


def address_rows(documents: Sequence[Analysis], column: Column, width: Callable[[], int]) -> csr_matrix:
    """Return the features of the addresses, without idf."""
    rows = _counts([address_features(document) for document in documents], column, width)
    rows.data = 1 + np.log(rows.data)
    return rows


def _pair_columns(
    forms: Sequence[Form], words: NDArray[np.int64], following: NDArray[np.int64], column: Column
) -> NDArray[np.int64]:
    """Return the column of each pair of a word and the next, given by their forms' numbers; -1 if it has none."""
    number_of: dict[str, int] = {}
    singles = [form[1].split() for form in forms]
    first, last = (
        np.array([number_of.setdefault(of_form[end], len(number_of)) for of_form in singles], dtype=np.int64)
        for end in (0, -1)
    )
    names = list(number_of)
    different, which = np.unique(last[words] * len(names) + first[following], return_inverse=True)
    found = [column(f"{names[one // len(names)]} {names[one % len(names)]}") for one in different.tolist()]
    columns = np.array([-1 if known is None else known for known in found], dtype=np.int64)
    return columns[which]


def _damped_counts(
    text: NDArray[np.intp],
    chosen: NDArray[np.int64],
    counts: NDArray[np.float32],
    scale: NDArray[np.float64],
    width: int,
) -> csr_matrix:
    """Return a row for each text: in each column how often the text chose it, with repeats counting less.

    Parameters
    ----------
    text, chosen, counts
        For each choice the text, the column, and its weight.
    scale
        Factor of each row.
    """
    both, which, times = np.unique(text * max(width, 1) + chosen, return_inverse=True, return_counts=True)
    rows, columns = np.divmod(both, max(width, 1))
    mean = np.bincount(which, weights=counts, minlength=len(both)) / times
    values = (scale[rows] * (1 + np.log(times)) * mean).astype(np.float32)
    return csr_matrix((values, (rows, columns)), shape=(len(scale), width))


def _counts(rows: Sequence[Sequence[str]], column: Column, width: Callable[[], int]) -> csr_matrix:
    """Return a row for each sequence of features: in each column how often its feature occurs."""
    columns = [[known for name in row if (known := column(name)) is not None] for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    indices = np.fromiter(chain.from_iterable(columns), dtype=np.int32, count=ends[-1])
    matrix = csr_matrix((np.ones(len(indices), dtype=np.float32), indices, ends), shape=(len(rows), width()))
    matrix.sum_duplicates()
    return matrix
