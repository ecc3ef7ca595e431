"""Linear scores of texts as one look-up per word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import chain
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import GROUP_LETTERS, LETTERS, Analysis, address_features, padded, whole_features
from pipeline.model.feature_table import PAIR_BITS, Columns
from pipeline.model.linear_weights import LinearWeights, Rows
from pipeline.model.position_weights import positions_in_texts
from pipeline.model.recent_rows import MAX_WORDS, ColumnsOfPairs, RowsOfPairs, RowsOfWords, different_rows
from pipeline.text.tokens import Form, Word

_MADE_AT_ONCE: Final = 64  # new words at once, whose features' rows take some 0.5 MB
_TINY: Final = 1e-9
_SEVERAL: Final = 8  # number of texts from which one sum over all is faster than one per text
_MANY: Final = 128  # number of texts from which SciPy's sparse product is faster
_FOR_ONE_THREAD: Final = 9_000  # numbers of a matrix that OpenBLAS multiplies by a vector in one thread: below 9,216
_weighted_sum: Final = partial(np.einsum, "i,ij->j")  # of rows, each times its count
_SHIFTS: Final = (0, PAIR_BITS)  # of a word as the second of a pair, and as the first
_MORE: Final = 1 << 32  # larger than any word's number or feature's column


class CompiledScores:
    """Computes the scores ``features.transform(documents) @ coef`` without making the features.

    A text's score is a sum over its words and pairs of words (see :class:`ComplaintFeatures`), so each word's part is
    computed once and cached as one row with a number per class. Parts are added in the order of the text, so that the
    scores do not depend, to the last bit, on what was read before.

    Parameters
    ----------
    weights
        The weights of a fitted model.
    """

    def __init__(self, weights: LinearWeights) -> None:
        self._weights = weights
        self._words = RowsOfWords(weights.coef.shape[1])
        self._older = self._words
        self._lock = Lock()
        self._latest: _Terms | None = None  # a score is explained right after it was computed

    @cached_property
    def _pairs(self) -> RowsOfPairs:
        # For single texts, computing the pairs is as fast as a look-up, so they need no cache.
        return RowsOfPairs(self._weights)

    @cached_property
    def _columns_of_pairs(self) -> ColumnsOfPairs:
        return ColumnsOfPairs(self._weights.table)

    def scores(self, documents: Sequence[Analysis]) -> Rows:
        """Return the scores without intercept, shape (len(documents), n_classes)."""
        if len(documents) == 1:
            return self._of_part(documents)
        if len(documents) >= _MANY:  # before taking the lock, which would block threads that answer single texts
            import scipy.sparse  # noqa: F401, PLC0415 (takes a quarter of a second; a server starts without it)
        parts = [self._of_part(part) for part in _parts(documents)]
        return np.concatenate(parts) if parts else self._words.rows[:0]

    def token_scores(self, document: Analysis) -> Rows:
        """Return what each token adds to the score of each class, shape (len(document.words), n_classes).

        They add up to the score without the address. A pair's part is divided equally between its words.
        """
        latest = self._latest
        if latest is None or latest.document is not document:
            with self._lock:
                if self._words.is_full:
                    self._make_room()
                latest = self._terms(document)
        shares = latest.words * latest.counts[:, None]
        if len(latest.first):
            halves = latest.pairs * (latest.counts_of_pairs / 2)[:, None]
            shares[latest.first] += halves
            shares[latest.first + 1] += halves
        shares *= latest.scale
        return shares

    def address_scores(self, document: Analysis) -> Rows:
        """Return what the address adds to the score of each class, shape (n_classes,)."""
        columns, times = np.unique(self._weights.table.columns_of(address_features(document)), return_counts=True)
        damping = (1 + np.log(times)).astype(np.float32)
        length = max(float(np.linalg.norm(damping * self._weights.idf[columns])), _TINY)
        part: Rows = damping @ self._weights.rows(columns) * np.float32(self._weights.address_weight / length)
        return part

    def _of_part(self, documents: Sequence[Analysis]) -> Rows:
        with self._lock:
            if self._words.is_full:
                self._make_room()
            sums = self._of_several(documents) if len(documents) >= _SEVERAL else self._one_by_one(documents)
        for number, document in enumerate(documents):
            if document.address_text:
                sums[number] += self.address_scores(document)
        return sums

    def _make_room(self) -> None:
        """Begin a new cache of words; words met again are taken over from the old one."""
        self._older, self._words = self._words, RowsOfWords(self._weights.coef.shape[1])

    def _one_by_one(self, documents: Sequence[Analysis]) -> Rows:
        sums = np.zeros((len(documents), self._words.rows.shape[1]), dtype=np.float32)
        for number, document in enumerate(documents):
            self._latest = terms = self._terms(document)
            # For more, BLAS would wake a second thread, which takes longer and disturbs other workers.
            weighted = np.ndarray.dot if terms.words.size < _FOR_ONE_THREAD else _weighted_sum
            total = weighted(terms.counts, terms.words) + weighted(terms.counts_of_pairs, terms.pairs)
            sums[number] = total * terms.scale
        return sums

    def _terms(self, document: Analysis) -> _Terms:
        words, weights = self._numbers(document.word_keys), self._weights
        at, counts = np.array(words, dtype=np.intp), weights.opening.of(len(words))
        first, columns = weights.table.find_pairs(self._pair_keys(at))
        return _Terms(
            document,
            self._words.rows.take(at, axis=0),
            _damped(counts, words),
            first,
            weights.rows(columns),
            _damped(counts.take(first), columns.tolist()),
            np.float32(weights.scale / math.sqrt(max(len(words), 1))),
        )

    def _of_several(self, documents: Sequence[Analysis]) -> Rows:
        lengths = np.array([len(document.words) for document in documents])
        text = np.repeat(np.arange(len(documents)), lengths)
        words = list(chain.from_iterable([document.word_keys for document in documents]))
        numbers = np.array(self._numbers(words), dtype=np.int32)
        counts = self._weights.opening.at(positions_in_texts(lengths))
        sums = _sums_by_text(self._words.rows, numbers, text, counts, len(documents))
        # The sides of one message are also several documents, but too few to create the caches of pairs for.
        many = len(documents) >= _MANY
        first, pairs = (self._columns_of_pairs if many else self._weights.table).find_pairs(self._pair_keys(numbers))
        within = text[first] == text[first + 1]
        first, pairs = first[within], pairs[within]
        rows, chosen = self._pairs.find(pairs) if many else different_rows(self._weights, pairs)
        sums += _sums_by_text(rows, chosen, text[first], counts[first], len(documents))
        sums *= (self._weights.scale / np.sqrt(np.maximum(lengths, 1))).astype(np.float32)[:, None]
        return sums

    def _numbers(self, words: Sequence[Word | Form]) -> list[int]:
        """Return the number of each word; make the rows of new words."""
        known = self._words.number_of
        try:
            return list(map(known.__getitem__, words))
        except KeyError:
            self._meet([word for word in words if word not in known])
            return list(map(known.__getitem__, words))

    def _meet(self, words: Sequence[Word | Form]) -> None:
        """Give each word not met recently the number of its form; make the rows of new forms together."""
        known, older = self._words.number_of, self._older.number_of
        forms = {word: word.form if isinstance(word, Word) else word for word in words}
        missing = [form for form in dict.fromkeys(forms.values()) if form not in known]
        if again := [form for form in missing if form in older]:
            at = [older[form] for form in again]
            self._words.add(again, self._older.rows[at], self._older.ends[at])
        new = [form for form in missing if form not in older]
        for start in range(0, len(new), _MADE_AT_ONCE):
            made = new[start : start + _MADE_AT_ONCE]
            rows, ends = self._made(made)
            self._words.add(made, rows, ends.astype(np.int64) << _SHIFTS)
        known.update((word, known[form]) for word, form in forms.items())

    def _made(self, forms: Sequence[Form]) -> tuple[Rows, Columns]:
        """Return the row of each form, and the columns of its first and its last word."""
        table = self._weights.table
        numbers = [
            table.numbers_of(whole_features(form)) + table.numbers_within(LETTERS, padded(form[0]), GROUP_LETTERS[1])
            for form in forms
        ]
        chosen = self._weights.rows(table.columns[np.array(list(chain.from_iterable(numbers)), dtype=np.intp)])
        rows = np.empty((len(forms), chosen.shape[1]), dtype=np.float32)
        start = 0
        for row, found in zip(rows, numbers, strict=True):
            np.add.reduce(chosen[start : start + len(found)], axis=0, out=row)
            start += len(found)
        words = [form[1].split() for form in forms]
        return rows, table.word_columns([end for of_form in words for end in (of_form[0], of_form[-1])]).reshape(-1, 2)

    def _pair_keys(self, words: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return the key of each word and the next as a pair, shape (len(words) - 1,)."""
        ends = self._words.ends.take(words, axis=0)
        keys: NDArray[np.int64] = ends[:-1, 1] | ends[1:, 0]
        return keys


class _Terms(NamedTuple):
    """What one text's scores are the weighted sum of.

    Attributes
    ----------
    words
        The row of each word, shape (len(document.words), n_classes).
    counts
        How much each word counts, shape (len(document.words),).
    first
        Positions of the words that are known together with the next.
    pairs, counts_of_pairs
        The row of each of these pairs, and how much it counts.
    scale
        Common factor.
    """

    document: Analysis
    words: Rows
    counts: Rows
    first: NDArray[np.intp]
    pairs: Rows
    counts_of_pairs: Rows
    scale: np.float32


def _parts(documents: Sequence[Analysis]) -> Iterator[Sequence[Analysis]]:
    """Split a batch so that no part can have more than ``MAX_WORDS`` new words, which also limits copying of rows."""
    start, words = 0, 0
    for number, document in enumerate(documents):
        words += len(document.words)
        if words > MAX_WORDS and number > start:
            yield documents[start:number]
            start, words = number, len(document.words)
    if documents:
        yield documents[start:]


def _sums_by_text(table: Rows, chosen: Columns, text: NDArray[np.intp], counts: Rows, texts: int) -> Rows:
    """Return the damped sum of each text's rows, in their order, shape (texts, n_classes).

    Parameters
    ----------
    table
        The rows to sum.
    chosen
        The numbers of the rows that were chosen.
    text
        The text that chose each, in order.
    counts
        How much each counts, if it is the only one of its kind.
    """
    # The index isn't needed, but makes the sort stable, which is three times faster on texts in order.
    keys = text * _MORE + chosen
    _, _, same, times = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    damping = ((1 + np.log(times)) / times).astype(np.float32)[same] * counts
    if texts >= _MANY:
        from scipy.sparse import csr_matrix  # noqa: PLC0415 (loaded by then, see scores)

        ends = np.searchsorted(text, np.arange(texts + 1))
        product: Rows = csr_matrix((damping, chosen, ends), shape=(texts, len(table))) @ table
        return product
    sums = np.zeros((texts, table.shape[1]), dtype=np.float32)
    if len(text):
        starts = np.flatnonzero(np.diff(text, prepend=-1))
        sums[text[starts]] = np.add.reduceat(table[chosen] * damping[:, None], starts, axis=0)
    return sums


def _damped(counts: Rows, chosen: list[int]) -> Rows:
    """Return the weight of each choice, reduced for rows chosen several times, shape (len(chosen),)."""
    if len(set(chosen)) == len(chosen):
        return counts
    times, damped = Counter(chosen), counts.copy()
    for position, one in enumerate(chosen):
        if (n := times[one]) > 1:
            damped[position] *= np.float32((1 + math.log(n)) / n)
    return damped
