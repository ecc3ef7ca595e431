"""Levels, kinds and dangers of texts, by look-ups per word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.model.dangers import DangerColumns, Signs, dangers_of
from pipeline.model.feature_table import NONE, PAIR_BITS, FeatureTable
from pipeline.text.bounded_memo import BoundedMemo
from pipeline.text.tokens import Form, Word

MAX_WORDS: Final = 10_240  # of one generation


@dataclass(frozen=True, eq=False)
class Reading:
    """The levels, kinds and dangers of a batch of complaints.

    Attributes
    ----------
    levels : ndarray of shape (n_complaints, n_levels)
        Calibrated probabilities.
    kinds : ndarray of shape (n_complaints, n_kinds)
    dangers
        The dangers each names.
    """

    levels: NDArray[np.float32]
    kinds: NDArray[np.float32]
    dangers: list[Signs]


@dataclass(frozen=True, eq=False, slots=True)
class UrgencyWeights:
    """The weights of levels and kinds, as arrays that may be mapped from disk.

    Attributes
    ----------
    table
        The columns of the words.
    dangers
        The columns of the other features.
    rows : ndarray of shape (n_features + 1, n_thresholds + n_kind_scores + 1), float32
        Column by column what a feature says for each threshold and for each kind, and the square of a word's weight;
        the last row is 0.
    levels, kinds
        The classes, from lowest to highest and in the order of the scores.
    level_intercept : ndarray of shape (n_thresholds,)
    kind_intercept : ndarray of shape (n_kind_scores,)
        Of shape (0,) if there was only one kind to learn.
    """

    table: FeatureTable
    dangers: DangerColumns
    rows: NDArray[np.float32]
    levels: tuple[str, ...]
    kinds: tuple[str, ...]
    level_intercept: NDArray[np.float32]
    kind_intercept: NDArray[np.float32]


class UrgencyScores:
    """Computes the probabilities of levels and kinds without making the features.

    The features are there or not, scaled by one length for the whole text (see :class:`UrgencyFeatures`); so the
    columns of each word are looked up once and remembered, and a text's scores are the sum of the rows of its columns.

    Parameters
    ----------
    weights
        Of a fitted model.
    """

    def __init__(self, weights: UrgencyWeights) -> None:
        self._weights = weights
        self._nothing = weights.rows.shape[0] - 1
        self._level_intercept: list[float] = weights.level_intercept.tolist()
        self._kind_intercept: list[float] = weights.kind_intercept.tolist()
        self._thresholds = len(self._level_intercept)
        self._shared = weights.rows[: weights.dangers.words, : self._thresholds].mean(axis=1)
        self._squares = weights.rows[: weights.dangers.words, -1].copy()
        self._words: BoundedMemo[Word | Form, _Known] = BoundedMemo(partial(_known, weights.table), MAX_WORDS)
        self._latest: _Text | None = None  # the explanation is asked for right after the probabilities

    @property
    def classes_(self) -> tuple[str, ...]:
        """The levels, in the order of the probabilities."""
        return self._weights.levels

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds, in the order of the probabilities."""
        return self._weights.kinds

    def read(self, documents: Sequence[Analysis]) -> Reading:
        """Return levels, kinds and dangers of complaints."""
        if not documents:
            levels, kinds = (np.zeros((0, len(names)), dtype=np.float32) for names in (self.classes_, self.kinds))
            return Reading(levels, kinds, [])
        dangers = [dangers_of(document) for document in documents]
        return Reading(*self.probabilities(documents, dangers), dangers)

    def probabilities(
        self, documents: Sequence[Analysis], dangers: Sequence[Signs]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the probabilities of levels, shape (len(documents), n_levels), and those of kinds, alike.

        Parameters
        ----------
        documents
            At least one.
        dangers
            Of each document.
        """
        beside = [self._weights.dangers.of(*texts) for texts in zip(documents, dangers, strict=True)]
        sums = self._sums(self._columns(documents) + beside).tolist()
        levels, kinds = [], []
        for (*words, squares), more in zip(sums[: len(documents)], sums[len(documents) :], strict=True):
            length = math.sqrt(squares) or 1.0
            scores = [own / length + further for own, further in zip(words, more, strict=False)]
            levels.append(_levels(scores, self._level_intercept))
            kinds.append(_kinds(scores[self._thresholds :], self._kind_intercept))
        return np.array(levels, dtype=np.float32), np.array(kinds, dtype=np.float32)

    def explain(self, document: Analysis) -> list[float]:
        """Divide the words' part of the levels' mean score among the tokens."""
        text = self._latest
        if text is None or text.document is not document:
            text = self._texts([document])[0]
        times = Counter(chain.from_iterable(text.words))
        for _, pair in text.pairs:
            times[pair] += 2
        columns = list(times)
        length = math.sqrt(np.add.reduce(self._squares.take(columns))) or 1.0
        parts = (self._shared.take(columns) / length).tolist()
        share = {column: part / n for (column, n), part in zip(times.items(), parts, strict=True)}
        shares = [sum([share[column] for column in of_word]) for of_word in text.words]
        for position, pair in text.pairs:
            shares[position] += share[pair]
            shares[position + 1] += share[pair]
        return shares

    def _sums(self, chosen: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return the sum of the rows of each text's columns."""
        rows = [column for columns in chosen for column in (self._nothing, *columns)]
        starts = list(accumulate([len(columns) + 1 for columns in chosen[:-1]], initial=0))
        sums: NDArray[np.float32] = np.add.reduceat(self._weights.rows.take(rows, axis=0), starts, axis=0)
        return sums

    def _columns(self, documents: Sequence[Analysis]) -> list[list[int]]:
        """Return the columns of each text's words and pairs, in order."""
        texts = self._texts(documents)
        return [sorted({*chain.from_iterable(text.words), *[pair for _, pair in text.pairs]}) for text in texts]

    def _texts(self, documents: Sequence[Analysis]) -> list[_Text]:
        known = self._words
        texts = [self._text(document, [known[key] for key in document.word_keys]) for document in documents]
        self._latest = texts[-1]
        return texts

    def _text(self, document: Analysis, words: Sequence[_Known]) -> _Text:
        keys = np.array([word.last | following.first for word, following in pairwise(words)], dtype=np.int64)
        positions, pairs = self._weights.table.find_pairs(keys)
        beside = list(zip(positions.tolist(), pairs.tolist(), strict=True))
        return _Text(document, [word.columns for word in words], beside)


class _Known(NamedTuple):
    """The cached columns of a word, and those of its first and last word as halves of pair keys."""

    columns: tuple[int, ...]
    first: int
    last: int


class _Text(NamedTuple):
    """The columns of each word of a text, and position and column of each word that is known together with the next."""

    document: Analysis
    words: list[tuple[int, ...]]
    pairs: list[tuple[int, int]]


def _known(table: FeatureTable, word: Word | Form) -> _Known:
    _, normal, stem = word.form if isinstance(word, Word) else word
    words = normal.split()
    columns = [table.column(single) for single in words]
    first, last = columns[0], columns[-1]
    if len(words) > 1:  # a pair inside a word occurs twice, as if each of its words had added it
        columns += [table.column(f"{one} {other}") for one, other in pairwise(words) for _ in range(2)]
    columns += [table.column(f"={root}") for root in stem.split()]
    known = tuple([column for column in columns if column is not None])
    return _Known(known, NONE if first is None else first, (NONE if last is None else last) << PAIR_BITS)


# One text has three thresholds and four kinds: so few numbers are faster computed one by one than as arrays.


def _levels(scores: Sequence[float], intercept: Sequence[float]) -> list[float]:
    """Return the probability of each level from the scores of the thresholds; see :func:`between`."""
    shares: list[float] = []
    reached = 1.0
    for score, bias in zip(scores, intercept, strict=False):
        above = min(reached, _expit(score + bias))
        shares.append(reached - above)
        reached = above
    return [*shares, reached]


def _kinds(scores: Sequence[float], intercept: Sequence[float]) -> list[float]:
    """Return the probability of each kind; for two kinds there is one score."""
    biased = [score + bias for score, bias in zip(scores, intercept, strict=True)]
    if len(biased) < 2:
        above = _expit(biased[0]) if biased else 1.0
        return [1 - above, above] if biased else [above]
    most = max(biased)
    powers = [math.exp(score - most) for score in biased]
    total = sum(powers)
    return [power / total for power in powers]


def _expit(score: float) -> float:
    return 0.5 * (1 + math.tanh(0.5 * score))  # whose exponential can't overflow
