"""What a text needs at least for a danger to be found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final, NamedTuple

from pipeline.text.bounded_memo import BoundedMemo
from pipeline.text.tokens import Word
from pipeline.urgency.lexicon import MAX_SPELT, Lexicon

_REMEMBERED_WORDS: Final = 10_240  # of one generation
_UNREAD: Final = Word("<lain>", "<lain>")  # for words that aren't read
Classes = tuple[str, ...]
Masks = tuple[int, ...]
_Begun = tuple[tuple[int, tuple[Masks, ...]], ...]


class Need(NamedTuple):
    """What a pattern needs.

    Attributes
    ----------
    window
        Words that its elements may span.
    elements
        For each element the classes of which one word is needed; the first element should be the rarest.
    """

    window: int
    elements: Sequence[Classes]


class _Part(NamedTuple):
    """What one word can be.

    Attributes
    ----------
    first
        Its first canonical word if that may continue a phrase, else nothing.
    classes
        The classes that it belongs to by itself.
    followed
        The classes of the phrases that it may begin, by the canonical word after it.
    """

    first: str
    classes: int
    followed: dict[str, int]


class Needs:
    """Tells from the words of a text alone, with one look-up each, whether any pattern can match.

    Sets of classes are kept as the bits of an integer: those of neighbouring words are joined by one operation each.
    The first two words of a phrase count as the whole phrase.

    Parameters
    ----------
    lexicon
        Which classes words and phrases belong to.
    needs
        Of each pattern.
    """

    def __init__(self, lexicon: Lexicon, needs: Iterable[Need]) -> None:
        self._lexicon = lexicon
        self._bits: dict[str, int] = {}
        self._by_first: dict[int, dict[tuple[int, Masks], None]] = defaultdict(dict)
        for window, elements in needs:
            first, *others = (self._mask(names) for names in elements)
            self._by_first[first][window, tuple(others)] = None
        self._firsts = 0
        for first in self._by_first:
            self._firsts |= first
        # Nearly all words are in no class and no phrase: they share one part.
        self._unknown = _Part("", 0, {})
        self._shared = {"": self._unknown}
        self._parts: BoundedMemo[Word, _Part | None] = BoundedMemo(self._part, _REMEMBERED_WORDS)
        self._begun: BoundedMemo[int, _Begun] = BoundedMemo(self._begun_by, _REMEMBERED_WORDS)

    def can_be_met(self, words: Sequence[Word]) -> bool:
        """Tell whether every element of some pattern has a word, all of them near enough to each other."""
        if len(words) > MAX_SPELT and (unread := self._lexicon.unread(words)):
            words = [_UNREAD if word.normal in unread else word for word in words]
        parts = [part for word in words if (part := self._parts[word])]
        classes = [part.classes for part in parts]
        for position, (part, (first, _, _)) in enumerate(pairwise(parts)):
            if part.followed:
                classes[position] |= part.followed.get(first, 0)
        firsts = self._firsts
        return any(self._met(classes, position) for position, own in enumerate(classes) if own & firsts)

    def _met(self, classes: list[int], position: int) -> bool:
        """Tell whether a pattern that the word at a position can begin finds its other elements near it."""
        for window, patterns in self._begun[classes[position] & self._firsts]:
            near = reduce(or_, classes[max(0, position - window + 1) : position + window])
            for others in patterns:
                for other in others:
                    if not near & other:
                        break
                else:
                    return True
        return False

    def _mask(self, names: Iterable[str]) -> int:
        """Return the classes as bits; once all patterns are known, classes that no pattern names have no bit."""
        return sum(1 << self._bits.setdefault(name, len(self._bits)) for name in names)

    def _known(self, names: Iterable[str]) -> int:
        return self._mask({name for name in names if name in self._bits})

    def _part(self, word: Word) -> _Part | None:
        canonical = self._lexicon.canonical_words(word.normal)
        if not canonical:
            return None
        if len(canonical) == 1 and not self._lexicon.knows(canonical[0]):
            return self._unknown
        classes = 0
        for single in canonical:
            classes |= self._known(self._lexicon.classes_of(single))
        for single, following in pairwise(canonical):
            classes |= self._known(self._lexicon.classes_with(single).get(following, ()))
        followed = {
            second: mask
            for second, names in self._lexicon.classes_with(canonical[-1]).items()
            if (mask := self._known(names))
        }
        first = canonical[0] if self._lexicon.knows(canonical[0]) else ""
        if classes or followed:
            return _Part(first, classes, followed)
        return self._shared.setdefault(first, _Part(first, 0, {}))

    def _begun_by(self, classes: int) -> _Begun:
        """Return, by window, the other elements of the patterns whose first element is one of these classes."""
        begun: dict[int, list[Masks]] = defaultdict(list)
        for first, patterns in self._by_first.items():
            if classes & first:
                for window, others in patterns:
                    begun[window].append(others)
        return tuple((window, tuple(found)) for window, found in begun.items())
