"""Bounded caches of the rows of recent words and pairs, and of which pairs have a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.model.feature_table import NONE, Columns, FeatureTable
from pipeline.model.linear_weights import LinearWeights, Rows
from pipeline.text.tokens import Form, Word

MAX_WORDS: Final = 8_192  # of one generation; there are two: 2 × 8,192 × 60 agencies × 4 bytes = 4 MB
MAX_PAIRS: Final = 12_288  # whose rows are kept: 3 MB, and 4 bytes for each feature
_HASH_BITS: Final = 17  # of a pair's key: 1.5 MB
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: Fibonacci hashing
_KEYS_OF_A_WORD: Final = 3  # its form, the word, and the word again if it was read anew
_FIRST_ROOM: Final = 4096


class RowsOfWords:
    """Recent words, numbered: the row of each, and the columns of its first and last word as halves of pair keys."""

    def __init__(self, classes: int) -> None:
        self.number_of: dict[Word | Form, int] = {}
        self.rows: Rows = np.zeros((_FIRST_ROOM, classes), dtype=np.float32)
        self.ends: NDArray[np.int64] = np.zeros((_FIRST_ROOM, 2), dtype=np.int64)
        self._made = 0

    def __len__(self) -> int:
        return self._made

    @property
    def is_full(self) -> bool:
        """Tell whether a new cache is due.

        A form is numbered once but kept under every word that has it, and words are created again after other caches
        have dropped them: without its own limit this cache would grow for ever, even if no new form is met.
        """
        return len(self) > MAX_WORDS or len(self.number_of) > _KEYS_OF_A_WORD * MAX_WORDS

    def add(self, forms: Sequence[Form], rows: Rows, ends: NDArray[np.int64]) -> None:
        """Add new forms."""
        start, self._made = self._made, self._made + len(forms)
        while self._made > len(self.rows):
            self.rows, self.ends = _with_room(self.rows), _with_room(self.ends)
        self.rows[start : self._made], self.ends[start : self._made] = rows, ends
        self.number_of.update(zip(forms, range(start, self._made), strict=True))


class ColumnsOfPairs:
    """Which recent pairs of words have a column, and which column.

    In the vocabulary a pair is found by bisection; recent pairs are found directly by a hash of their key. Each hash
    has room for one pair, and a new pair replaces the old one.

    Parameters
    ----------
    table
        The vocabulary.
    bits
        Of the hash, at least 1.
    """

    def __init__(self, table: FeatureTable, bits: int = _HASH_BITS) -> None:
        self._table = table
        self._shift = np.uint64(64 - bits)
        self._keys = np.full(1 << bits, np.iinfo(np.int64).max, dtype=np.int64)  # not a key of any pair
        self._columns = np.full(1 << bits, NONE, dtype=np.int32)

    def find_pairs(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.intp], Columns]:
        """Return the same as :meth:`FeatureTable.find_pairs`."""
        slots = (keys.view(np.uint64) * _GOLDEN >> self._shift).view(np.int64)
        columns = self._columns.take(slots)
        missed = (self._keys.take(slots) != keys).nonzero()[0]
        if len(missed):
            positions, known = self._table.find_pairs(keys[missed])
            columns[missed] = NONE
            columns[missed[positions]] = known
            self._keys[slots[missed]], self._columns[slots[missed]] = keys[missed], columns[missed]
        found = (columns != NONE).nonzero()[0]
        return found, columns.take(found)


class RowsOfPairs:
    """The weighted rows of recent features in full precision, so that they need not be computed from saved ones again.

    An array has the position of each feature's row, so that many are looked up at once. When the cache is full, it is
    cleared.
    """

    def __init__(self, weights: LinearWeights) -> None:
        features, classes = weights.coef.shape
        self._weights = weights
        self._place = np.full(features, NONE, dtype=np.int32)
        self._rows: Rows = np.empty((min(MAX_PAIRS, features), classes), dtype=np.float32)
        self._used = 0

    def find(self, columns: Columns) -> tuple[Rows, Columns]:
        """Return a table of rows, and the positions in it of the rows of some columns."""
        places = self._place[columns]
        if (places < 0).any():
            new = np.unique(columns[places < 0])
            if self._used + len(new) > len(self._rows):
                self._place[:], self._used = NONE, 0
                return different_rows(self._weights, columns)
            self._remember(new)
            places = self._place[columns]
        return self._rows, places

    def _remember(self, columns: Columns) -> None:
        end = self._used + len(columns)
        self._rows[self._used : end] = self._weights.rows(columns)
        self._place[columns] = np.arange(self._used, end)
        self._used = end


def different_rows(weights: LinearWeights, columns: Columns) -> tuple[Rows, Columns]:
    """Return the distinct rows of some columns, and the position of each column's row."""
    different, which = np.unique(columns, return_inverse=True)
    return weights.rows(different), which.astype(np.int32)


def _with_room(rows: NDArray[Any]) -> NDArray[Any]:
    """Return the rows with the same amount of room after them; unwritten room takes no memory."""
    roomy = np.zeros((2 * len(rows), rows.shape[1]), dtype=rows.dtype)
    roomy[: len(rows)] = rows
    return roomy
