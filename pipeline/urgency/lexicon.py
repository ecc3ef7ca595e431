"""Which classes of danger words a text's words belong to: phrases, endings, and one slip of the finger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from pipeline.text.normalise import slang
from pipeline.text.stems import is_root, stems
from pipeline.urgency.schema import Phrase

_ENDINGS = ("nya", "lah", "ku", "mu", "na", "kah", "pun", "e")
_FORGIVEN_LETTERS = 6  # in a shorter word one wrong letter makes too many other words
Hit = tuple[int, int]  # the words [start, end) of a text


class Lexicon:
    """Looks the words of a text up in classes.

    Parameters
    ----------
    classes
        Words and phrases by class.
    shadows
        Phrases that hide the words inside.
    """

    def __init__(self, classes: Mapping[str, Iterable[Phrase]], shadows: Iterable[Phrase] = ()) -> None:
        # Dicts for sets: their order is the same in every process, so that equal texts get equal answers.
        self._words: dict[str, dict[str, None]] = defaultdict(dict)
        self._phrases: dict[str, dict[Phrase, dict[str, None]]] = defaultdict(dict)
        self._vocabulary: set[str] = set()
        for name, entries in classes.items():
            for entry in entries:
                self._add(entry, name)
        self._shadows = frozenset(shadows)
        for shadow in self._shadows:
            self._phrases[shadow[0]].setdefault(shadow, {})
            self._vocabulary.update(shadow)
        self._longest_first = {
            first: sorted(found.items(), key=lambda item: -len(item[0])) for first, found in self._phrases.items()
        }
        self._by_rarest_word = self._rarest_words()
        self._slips: dict[str, str] = {}
        for word in sorted(self._vocabulary):
            if len(word) >= _FORGIVEN_LETTERS:
                for damaged in _without_a_letter(word):
                    self._slips.setdefault(damaged, word)
        self.canonical = lru_cache(maxsize=16_384)(self._canonical)
        self._canonical_words = lru_cache(maxsize=16_384)(lambda normal: tuple(map(self._canonical, normal.split())))

    def canonical_words(self, normal: str) -> tuple[str, ...]:
        """Return the canonical words of what a token means, remembered within bounds."""
        return self._canonical_words(normal)

    def hits(self, words: list[str]) -> Iterator[tuple[str, Hit, bool]]:
        """Yield (class, words, stands alone) of every find; a word inside a longer phrase doesn't stand alone.

        Parameters
        ----------
        words
            Canonical words of one text, see :meth:`canonical`.
        """
        inside = 0  # words before this position belong to a phrase that was found
        hidden = 0
        known = self._vocabulary  # most words of a complaint aren't in it
        for start, word in enumerate(words):
            if word not in known:
                continue
            for phrase, names in self._longest_first.get(word, ()):
                end = start + len(phrase)
                if start >= hidden and tuple(words[start:end]) == phrase:
                    yield from ((name, (start, end), True) for name in names)
                    inside = max(inside, end)
                    if phrase in self._shadows:
                        hidden = max(hidden, end)
                    break
            if start >= hidden:
                yield from ((name, (start, start + 1), start >= inside) for name in self._words.get(word, ()))

    def may_belong_to(self, word: str) -> set[str]:
        """Return the classes that a text with this canonical word can have hits of.

        Of a phrase, the word that is in the fewest phrases counts; without it the phrase isn't there.
        """
        return {*self._words.get(word, ()), *self._by_rarest_word.get(word, ())}

    def _rarest_words(self) -> dict[str, set[str]]:
        phrases = [(phrase, names) for found in self._phrases.values() for phrase, names in found.items()]
        times = Counter(word for phrase, _ in phrases for word in set(phrase))
        classes: dict[str, set[str]] = defaultdict(set)
        for phrase, names in phrases:
            classes[min(phrase, key=lambda word: (times[word], -len(word)))].update(names)
        return classes

    def _add(self, entry: Phrase, name: str) -> None:
        self._vocabulary.update(entry)
        if len(entry) == 1:
            self._words[entry[0]][name] = None
        else:
            self._phrases[entry[0]].setdefault(entry, {})[name] = None

    def _canonical(self, word: str) -> str:
        """Return the word of the lexicon that a normalised word is a form of; the word itself if it is none."""
        if word in self._vocabulary:
            return word
        base = word.partition("-")[0] if "-" in word else word
        if base in self._vocabulary:
            return base
        for ending in _ENDINGS:
            if base.endswith(ending) and base[: -len(ending)] in self._vocabulary and len(base) - len(ending) >= 3:
                return base[: -len(ending)]
        if len(word) < _FORGIVEN_LETTERS or not word.isalpha():
            return word
        candidates = (self._slips.get(damaged) for damaged in (word, *_without_a_letter(word), *_swapped(word)))
        meant = next((found for found in candidates if found and abs(len(found) - len(word)) <= 1), None)
        return word if meant is None or _is_known(word) else meant


def _without_a_letter(word: str) -> Iterator[str]:
    """Yield the word with each letter but the first left out: two words share one if they differ by one slip."""
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _swapped(word: str) -> Iterator[str]:
    for at, (one, other) in enumerate(pairwise(word)):
        if at and one != other:
            yield f"{word[:at]}{other}{one}{word[at + 2 :]}"


def _is_known(word: str) -> bool:
    return is_root(word) or word in _slang_meanings() or is_root(stems([word])[0])


@lru_cache(maxsize=1)
def _slang_meanings() -> frozenset[str]:
    return frozenset(word for normal in slang().values() for word in normal.split())
