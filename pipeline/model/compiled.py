"""Linear scores of texts as one look-up per word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.model.analysis import Analysis, form_features
from pipeline.model.features import ComplaintFeatures
from pipeline.text.tokens import Form, Word, read_words

MAX_WORDS: Final = 60_000  # remembered; 60,000 words × 60 agencies × 4 bytes = 14 MB, then it starts anew
_FIRST_ROOM: Final = 4096
_TINY: Final = 1e-9
_SEVERAL: Final = 8  # texts from which one sparse product is faster than a small dense one per text

Rows = NDArray[np.float32]


class CompiledScores:
    """The scores ``features.transform(documents) @ coef.T``, without making the features.

    A text's score is a sum over its words and pairs of words (see :class:`ComplaintFeatures`), so each word's part is
    worked out once, the first time it is met, and remembered as one row of numbers, one for each class.

    Parameters
    ----------
    features
        Fitted.
    coef
        Shape (n_classes, n_features_).
    """

    def __init__(self, features: ComplaintFeatures, coef: Rows) -> None:
        self._column = features.vocabulary_
        self._idf = features.idf_
        self._scale = features.scale_
        self._address_weight = features.address_weight
        self._weights: Rows = np.ascontiguousarray(coef.T) * features.idf_[:, None]
        self._following = pairs_by_word(features.vocabulary_)
        self._row_of: dict[Word | Form, int] = {}
        self._made = 0
        self._rows: Rows = np.zeros((_FIRST_ROOM, coef.shape[0]), dtype=np.float32)
        self._lock = Lock()

    def scores(self, documents: Sequence[Analysis]) -> Rows:
        """Return the scores without intercept, shape (len(documents), n_classes)."""
        parts = [self._of_part(part) for part in _parts(documents)]
        return np.concatenate(parts) if parts else self._rows[:0]

    def token_scores(self, document: Analysis) -> Rows:
        """Return what each token adds to the score of each class, shape (len(document.words), n_classes).

        They add up to the score, less what the address adds. What a pair adds is halved between its words.
        """
        with self._lock:
            rows = self._word_rows(document)
            shares: Rows = self._rows[rows]
        if not rows:
            return shares
        shares *= _damping(rows)
        found = [(at, column) for at, column in enumerate(self._pair_columns(document)) if column is not None]
        if found:
            at, columns = np.array(found).T
            halves = self._weights[columns] * (_damping(columns.tolist()) / 2)
            shares[at] += halves
            shares[at + 1] += halves
        return shares * np.float32(self._scale / math.sqrt(len(rows)))

    def address_scores(self, address: str) -> Rows:
        """Return what an address adds to the score of each class, shape (n_classes,)."""
        words = [single for word in read_words(address) for single in word.normal.split()]
        names = [f"@{word}" for word in words] + [f"@{word} {following}" for word, following in pairwise(words)]
        times = Counter(column for name in names if (column := self._column.get(name)) is not None)
        columns = list(times)
        damping = np.array([_damped(n) for n in times.values()], dtype=np.float32)
        length = max(float(np.linalg.norm(damping * self._idf[columns])), _TINY)
        part: Rows = damping @ self._weights[columns] * np.float32(self._address_weight / length)
        return part

    def _of_part(self, documents: Sequence[Analysis]) -> Rows:
        with self._lock:
            if self._made > MAX_WORDS:
                self._row_of.clear()
                self._made = 0
            sums = self._of_several(documents) if len(documents) >= _SEVERAL else self._one_by_one(documents)
        for number, document in enumerate(documents):
            if document.address_text:
                sums[number] += self.address_scores(document.address_text)
        return sums

    def _one_by_one(self, documents: Sequence[Analysis]) -> Rows:
        sums = np.zeros((len(documents), self._rows.shape[1]), dtype=np.float32)
        for number, document in enumerate(documents):
            words = self._word_rows(document)
            if not words:
                continue
            pairs = [column for column in self._pair_columns(document) if column is not None]
            total = _damped_sum(self._rows, words)
            if pairs:
                total = total + _damped_sum(self._weights, pairs)
            sums[number] = total * (self._scale / math.sqrt(len(words)))
        return sums

    def _of_several(self, documents: Sequence[Analysis]) -> Rows:
        words, pairs = [], []
        for document in documents:
            words.append(self._word_rows(document))
            pairs.append([column for column in self._pair_columns(document) if column is not None])
        scale = np.array([self._scale / math.sqrt(max(len(rows), 1)) for rows in words], dtype=np.float32)
        sums: Rows = _damped_counts(words, len(self._rows)) @ self._rows
        sums += _damped_counts(pairs, len(self._weights)) @ self._weights
        sums *= scale[:, None]
        return sums

    def _word_rows(self, document: Analysis) -> list[int]:
        """Return the row of each word; a new word's row is made."""
        words, known = document.word_keys, self._row_of
        try:
            return [known[word] for word in words]
        except KeyError:
            return [row if (row := known.get(word)) is not None else self._row_for(word) for word in words]

    def _row_for(self, word: Word | Form) -> int:
        """Return the row of a word not met before: that of its form, made if it is new too."""
        form = word.form if isinstance(word, Word) else word
        row = self._row_of.get(form)
        if row is None:
            row, self._made = self._made, self._made + 1
            if row == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            columns = [column for feature in form_features(form) if (column := self._column.get(feature)) is not None]
            self._rows[row] = self._weights[columns].sum(axis=0)
            self._row_of[form] = row
        self._row_of[word] = row
        return row

    def _pair_columns(self, document: Analysis) -> list[int | None]:
        """Return the column of each pair of neighbouring words, ``None`` for a pair that has none."""
        following, nothing = self._following, _NOTHING
        return [following.get(word.last, nothing).get(after.first) for word, after in pairwise(document.words)]


_NOTHING: Final[dict[str, int]] = {}


def _parts(documents: Sequence[Analysis]) -> Iterator[Sequence[Analysis]]:
    """Cut a batch so that no part can bring more than ``MAX_WORDS`` new words, and few of the rows are moved about."""
    start, words = 0, 0
    for number, document in enumerate(documents):
        words += len(document.words)
        if words > MAX_WORDS and number > start:
            yield documents[start:number]
            start, words = number, len(document.words)
    if documents:
        yield documents[start:]


def pairs_by_word(vocabulary: dict[str, int]) -> dict[str, dict[str, int]]:
    """Return the columns of the pairs of words, by their first and then by their second word."""
    following: dict[str, dict[str, int]] = {}
    for name, column in vocabulary.items():
        first, space, second = name.partition(" ")
        if space and first and not first.startswith(("~", "@")):
            following.setdefault(first, {})[second] = column
    return following


def _damped_sum(rows: Rows, chosen: list[int]) -> Rows:
    if len(set(chosen)) == len(chosen):
        once: Rows = rows[chosen].sum(axis=0)
        return once
    times = Counter(chosen)
    damping = np.array([_damped(n) for n in times.values()], dtype=np.float32)
    total: Rows = damping @ rows[list(times)]
    return total


def _damped_counts(chosen: list[list[int]], width: int) -> csr_matrix:
    """Return how often each text has each row, damped, shape (len(chosen), width)."""
    ends = np.cumsum([0, *map(len, chosen)])
    indices = np.fromiter((row for rows in chosen for row in rows), dtype=np.int32, count=int(ends[-1]))
    counts = csr_matrix((np.ones(len(indices), dtype=np.float32), indices, ends), shape=(len(chosen), width))
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    return counts


def _damping(chosen: list[int]) -> Rows:
    """Return how much each one of what occurs several times counts, shape (len(chosen), 1)."""
    times = Counter(chosen)
    return np.array([_damped(times[one]) / times[one] for one in chosen], dtype=np.float32)[:, None]


def _damped(times: int) -> float:
    return 1 + math.log(times)
