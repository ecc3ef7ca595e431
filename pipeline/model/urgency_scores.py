"""Levels, kinds and dangers of texts as look-ups per word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from pipeline.model.analysis import Analysis
from pipeline.model.compiled import MAX_WORDS, pairs_by_word
from pipeline.text.tokens import Form, Word

if TYPE_CHECKING:
    from pipeline.model.ordinal import OrdinalClassifier
    from pipeline.model.urgency import Signs, UrgencyFeatures

_NOTHING: Final[dict[str, int]] = {}


class UrgencyScores:
    """The probabilities of levels and kinds, without making the features.

    The features are there or not, scaled by one length for the whole text (see :class:`UrgencyFeatures`); so the
    columns of each word are looked up once and remembered, and a text's scores are the sum of the rows of its columns.

    Parameters
    ----------
    features, level, kind
        Fitted.
    """

    def __init__(self, features: UrgencyFeatures, level: OrdinalClassifier, kind: Any) -> None:
        self._features = features
        self._level = level
        self._kind = kind
        self._kind_is_learnt = hasattr(kind, "coef_")
        coef = np.vstack([level.coef_, kind.coef_]) if self._kind_is_learnt else level.coef_
        words = len(features.columns_)
        # A last column for the squares of the words' weights, a last row of zeros for a text that has nothing.
        self._rows = np.zeros((features.n_features_ + 1, len(coef) + 1), dtype=np.float32)
        self._rows[:-1, :-1] = coef.T
        self._rows[:words, :-1] *= features.weights_[:, None]
        self._rows[:words, -1] = features.weights_**2
        self._rows[words:-1, :-1] *= features.cue_weight
        self._nothing = features.n_features_
        self._shared = (features.weights_ * level.coef_.mean(axis=0)[:words]).tolist()
        self._columns_of = _WordColumns(features.columns_)
        self._following = pairs_by_word(features.columns_)

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
        words = self._sums([self._word_columns(document) for document in documents])
        more = self._sums([self._features.danger_columns(*texts) for texts in zip(documents, dangers, strict=True)])
        length = np.sqrt(words[:, -1:])
        length[length == 0] = 1
        scores = np.asarray(words[:, :-1] / length + more[:, :-1], dtype=np.float32)
        thresholds = len(self._level.coef_)
        levels = self._level.probabilities(scores[:, :thresholds] + self._level.intercept_)
        return levels, self._kinds(scores[:, thresholds:])

    def shares(self, document: Analysis) -> NDArray[np.float64]:
        """Share out the words' part in the levels' mean score among the tokens, shape (len(document.words),)."""
        sources: dict[int, list[int]] = {}
        for position, columns in enumerate(map(self._columns_of.__getitem__, document.word_keys)):
            for column in columns:
                sources.setdefault(column, []).append(position)
        for position, pair in enumerate(self._pairs(document)):
            if pair is not None:
                sources.setdefault(pair, []).extend((position, position + 1))
        shares = [0.0] * len(document.words)
        length = float(np.sqrt(self._rows[list(sources), -1].sum())) or 1.0
        for column, positions in sources.items():
            part = self._shared[column] / length / len(positions)
            for position in positions:
                shares[position] += part
        return np.array(shares)

    def _kinds(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        if not self._kind_is_learnt:
            alike = self._kind.predict_proba(np.zeros((len(scores), 1)))
            return np.asarray(alike, dtype=np.float32)
        scores = scores + self._kind.intercept_
        if scores.shape[1] == 1:
            above = expit(scores)
            return np.hstack([1 - above, above]).astype(np.float32)
        return np.asarray(softmax(scores, axis=1), dtype=np.float32)

    def _sums(self, chosen: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return the sum of the rows of each text's columns."""
        starts = np.cumsum([0, *[len(columns) + 1 for columns in chosen[:-1]]])
        rows = self._rows[[column for columns in chosen for column in (self._nothing, *columns)]]
        sums: NDArray[np.float32] = np.add.reduceat(rows, starts, axis=0)
        return sums

    def _word_columns(self, document: Analysis) -> list[int]:
        found: set[int] = set()
        for columns in map(self._columns_of.__getitem__, document.word_keys):
            found.update(columns)
        found.update(pair for pair in self._pairs(document) if pair is not None)
        return sorted(found)

    def _pairs(self, document: Analysis) -> Iterator[int | None]:
        following, nothing = self._following, _NOTHING
        return (following.get(word.last, nothing).get(after.first) for word, after in pairwise(document.words))


class _WordColumns(dict[Word | Form, tuple[int, ...]]):
    """The columns of each word's own features, remembered within bounds; a pair inside a word stands twice."""

    def __init__(self, columns: dict[str, int]) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, word: Word | Form) -> tuple[int, ...]:
        _, normal, stem = word.form if isinstance(word, Word) else word
        words = normal.split()
        names = [*words, *(f"{one} {other}" for one, other in pairwise(words) for _ in range(2))]
        names += [f"={root}" for root in stem.split()]
        columns = tuple(column for name in names if (column := self._columns.get(name)) is not None)
        if len(self) >= MAX_WORDS:
            self.clear()
        self[word] = columns
        return columns
