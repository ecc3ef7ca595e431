"""Columns of features by name, without a Python object for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import marisa_trie
import numpy as np
from numpy.typing import NDArray

NONE = -1  # for features without a column
PAIR_BITS = 32  # shift of the column of a pair's first word
_MANY = 1000  # number of pairs from which sorting them before the look-up is faster

Columns = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class FeatureTable:
    """A vocabulary as a trie and arrays, which processes can map from disk and share.

    As a dict, 170,000 names would take some 20 MB per process, and each look-up would write to the page of the name.
    Pairs of words, the most frequent look-ups, are found by their words' columns instead of by name, many at once.

    Attributes
    ----------
    names
        All names; each has a number.
    columns : ndarray of shape (n_features,)
        The column of each number.
    pairs : ndarray of shape (n_pairs + 1,), int64
        The columns of both words of each pair as one number, sorted; the last is greater than any other.
    pair_columns : ndarray of shape (n_pairs + 1,)
        The columns of the pairs; the last is ``NONE``.

    Examples
    --------
    >>> table = FeatureTable.of({"lampu": 0, "mati": 1, "lampu mati": 2})
    >>> words = table.word_columns(["lampu", "mati", "padam"])
    >>> position, column = table.find_pairs(words[:-1].astype(np.int64) << PAIR_BITS | words[1:])
    >>> position.tolist(), column.tolist()
    ([0], [2])
    """

    names: marisa_trie.Trie
    columns: Columns
    pairs: NDArray[np.int64]
    pair_columns: Columns

    @classmethod
    def of(cls, vocabulary: Mapping[str, int]) -> Self:
        """Return the table of a vocabulary, which must also contain the words of every pair."""
        names = marisa_trie.Trie(vocabulary)
        columns = np.empty(len(vocabulary), dtype=np.int32)
        pairs: list[tuple[int, int]] = []
        for name, column in vocabulary.items():
            columns[names[name]] = column
            first, space, second = name.partition(" ")
            if space and first and not first.startswith(("~", "@")):
                pairs.append((vocabulary[first] << PAIR_BITS | vocabulary[second], column))
        pairs.sort()
        return cls(
            names,
            columns,
            np.array([*(key for key, _ in pairs), np.iinfo(np.int64).max], dtype=np.int64),
            np.array([*(column for _, column in pairs), NONE], dtype=np.int32),
        )

    def column(self, name: str) -> int | None:
        """Return the column of a feature, ``None`` if it has none."""
        number = self.names.get(name)
        return None if number is None else int(self.columns[number])

    def columns_of(self, names: Iterable[str]) -> Columns:
        """Return the columns of the features that have one."""
        numbers = self.numbers_of(names)
        return self.columns[numbers] if numbers else self.columns[:0]

    def numbers_of(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of the features that have one."""
        get = self.names.get
        return [number for name in names if (number := get(name)) is not None]

    def numbers_within(self, mark: str, text: str, longest: int) -> list[int]:
        """Return the numbers of the features made of a mark and up to ``longest`` letters of a text, shortest first.

        The trie is queried once per letter, which takes two thirds of the time of looking up every group.
        """
        known = self.names.iter_prefixes_with_ids
        found = [each for at in range(len(text)) for each in known(f"{mark}{text[at : at + longest]}")]
        found.sort(key=lambda each: len(each[0]))
        return [number for _, number in found]

    def word_columns(self, words: Sequence[str]) -> Columns:
        """Return the column of each word, ``NONE`` for one that has none."""
        found = [NONE if (column := self.column(word)) is None else column for word in words]
        return np.array(found, dtype=np.int32)

    def find_pairs(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.intp], Columns]:
        """Return which of some pairs of words have a column, by position, and these columns.

        Parameters
        ----------
        keys
            For each pair the column of its first word, shifted by ``PAIR_BITS``, combined with its second's. A word
            without a column, ``NONE``, makes the key negative, so it matches no pair.
        """
        if len(keys) > _MANY:  # sorted, so that each look-up searches near the one before
            order = keys.argsort()
            at = np.empty_like(order)
            at[order] = self.pairs.searchsorted(keys[order])
        else:
            at = self.pairs.searchsorted(keys)
        found = (self.pairs.take(at) == keys).nonzero()[0]
        return found, self.pair_columns.take(at.take(found))
