"""Sastrawi's stemmer, asking only those of its rules that a word's first letters can meet.

It tries 41 rules on a word, up to three times in each of four passes, and most ask for ``be``, ``me``, ``pe`` or ``te``
at its beginning. To leave out those that cannot match changes no stem and takes six tenths of the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Context.Context import Context
from Sastrawi.Stemmer.Stemmer import Stemmer

_INFIXED: Final = tuple(f"{first}{infix}" for first in "bcdfghjklmnpqrstvwxyz" for infix in ("er", "el", "em", "in"))
# How a word must begin for each rule, in Sastrawi's order (its VisitorProvider).
_BEGINNINGS: Final[tuple[tuple[str, ...], ...]] = (
    ("",),  # di-, ke-, se-; always asked, since after the first rule Sastrawi looks whether the word is a root already
    *[("be",)] * 5,
    *[("te",)] * 4,
    *[("me",)] * 11,
    *[("pe",)] * 12,
    ("te",),
    ("pe",),
    *[_INFIXED] * 4,
    ("ku",),
    ("kau",),
)
_LETTERS: Final = 3  # of the longest beginning


class SelectiveStemmer(Stemmer):  # type: ignore[misc]
    """Stems as ``Sastrawi.Stemmer.Stemmer`` does.

    Parameters
    ----------
    roots
        The words of its dictionary.
    """

    def __init__(self, roots: Iterable[str]) -> None:
        super().__init__(ArrayDictionary(roots))
        self._rules = tuple(zip(self.visitor_provider.get_prefix_visitors(), _BEGINNINGS, strict=True))
        self._by_beginning: dict[str, list[Any]] = {}

    def stem_singular_word(self, word: str) -> str:
        """Return the stem of one word."""
        context = _Context(word, self)
        context.execute()
        stem: str = context.result
        return stem

    def rules_for(self, word: str) -> list[Any]:
        """Return the rules of prefixes that can match a word, in order."""
        beginning = word[:_LETTERS]
        if beginning not in self._by_beginning:  # a few thousand, since Sastrawi reads small Latin letters only
            self._by_beginning[beginning] = [rule for rule, starts in self._rules if word.startswith(starts)]
        return self._by_beginning[beginning]


class _Context(Context):  # type: ignore[misc]
    def __init__(self, word: str, stemmer: SelectiveStemmer) -> None:
        self._stemmer = stemmer
        super().__init__(word, stemmer.dictionary, stemmer.visitor_provider)

    def accept_prefix_visitors(self, visitors: object) -> None:  # noqa: ARG002 (all of them)
        # A rule that changes the word ends the round, so all of a round see the same word.
        super().accept_prefix_visitors(self._stemmer.rules_for(self.current_word))
