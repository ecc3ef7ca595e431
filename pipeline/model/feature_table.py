"""Columns of features by their names, without a Python object for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import marisa_trie
import numpy as np
from numpy.typing import NDArray

NONE = -1  # the column of what has none
PAIR_BITS = 32  # by which the column of a pair's first word is shifted
_MANY = 1000  # pairs from which on it is faster to sort them before they are looked up

Columns = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class FeatureTable:
    """A vocabulary as a trie and arrays, which can be mapped from disk and are shared by all processes that do.

    As a dict, 170,000 names take some 20 MB of each process, and no process can look one up without writing to its
    page. Pairs of words, most of what is looked up, are found by the columns of their two words instead of by name,
    many at once.

    Attributes
    ----------
    names
        All names; each has a number.
    columns : ndarray of shape (n_features,)
        The column of each number.
    pairs : ndarray of shape (n_pairs + 1,), int64
        The columns of both words of each pair in one number, in order; the last is greater than any.
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
        """Return the table of a vocabulary in which the words of every pair stand, too."""
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
        """Return the columns of those of the features that have one."""
        numbers = self.numbers_of(names)
        return self.columns[numbers] if numbers else self.columns[:0]

    def numbers_of(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of those of the features that have one."""
        get = self.names.get
        return [number for name in names if (number := get(name)) is not None]

    def numbers_within(self, mark: str, text: str, longest: int) -> list[int]:
        """Return the numbers of the features that are a mark and up to ``longest`` letters of a text, the short first.

        The trie is asked once at each letter, in two thirds of the time that it takes to look up every group.
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
            Of each pair the column of its first word, shifted by ``PAIR_BITS``, or that of its second. A word without a
            column, ``NONE``, makes a key negative, as no pair's is.
        """
        if len(keys) > _MANY:  # in order, so that neighbours look where the one before has looked
            order = keys.argsort()
            at = np.empty_like(order)
            at[order] = self.pairs.searchsorted(keys[order])
        else:
            at = self.pairs.searchsorted(keys)
        found = (self.pairs.take(at) == keys).nonzero()[0]
        return found, self.pair_columns.take(at.take(found))
