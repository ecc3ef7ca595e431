"""What a text must at least have for a danger to be found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.text.tokens import Word
from pipeline.urgency.lexicon import Lexicon

_REMEMBERED_WORDS: Final = 60_000
Classes = tuple[str, ...]


class Needs:
    """Tells from a text's words alone, one look-up each, whether any pattern can match.

    Sets of classes are kept as the bits of an integer: those of a text are joined by one operation per word.

    Parameters
    ----------
    lexicon
        Which classes a word can belong to.
    patterns
        Of each pattern its elements, each the classes of which one is needed.
    """

    def __init__(self, lexicon: Lexicon, patterns: Iterable[Sequence[Classes]]) -> None:
        bits: dict[str, int] = {}
        masks = {
            tuple(sum(1 << bits.setdefault(name, len(bits)) for name in names) for names in elements)
            for elements in patterns
        }
        self._by_first: dict[int, list[tuple[int, ...]]] = {}
        for first, *others in sorted(masks):
            self._by_first.setdefault(first, []).append(tuple(others))
        self._first = 0
        for first in self._by_first:
            self._first |= first
        self._of_word = _Masks(lexicon, bits)

    def can_be_met(self, words: Iterable[Word]) -> bool:
        """Tell whether every element of some pattern has a word."""
        there = 0
        for mask in map(self._of_word.__getitem__, words):
            there |= mask
        if not there & self._first:
            return False
        return any(
            there & first and any(all(there & other for other in others) for others in patterns)
            for first, patterns in self._by_first.items()
        )


class _Masks(dict[Word, int]):
    """The classes that each word can belong to, remembered within bounds."""

    def __init__(self, lexicon: Lexicon, bits: dict[str, int]) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._bits = bits

    def __missing__(self, word: Word) -> int:
        mask = 0
        for single in word.normal.split():
            for name in self._lexicon.may_belong_to(self._lexicon.canonical(single)):
                if name in self._bits:
                    mask |= 1 << self._bits[name]
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        self[word] = mask
        return mask
