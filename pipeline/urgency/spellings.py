"""Variant spellings of a word: colloquial, split into two, SMS style without vowels, and typing errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.text.normalise import normalise_word
from pipeline.text.stems import is_root

APART = "nya"  # meaningless when written as a separate word: "api nya", "rumah nya"
_SHORTEST = 4  # letters of the shortest word that rules are tried on
_STEPS = 3  # rules that one word may need: "kelindesin" has three
_LAST_E = re.compile(r"e(?=[bdghklmnprst]$)")
# The beginnings and endings of the rules: two words in three have none of them.
_RULED = re.compile(r"k[ea]|[mn]|.*(?:in|e[bdghklmnprst])$")
_VOWELS = frozenset("aeiou")
_WITHOUT_VOWELS = str.maketrans("", "", "aeiou")
_BEGINNING = 4  # letters by which most words are ruled out
_ENOUGH_LETTERS = 6  # in a shorter word one wrong letter, or no vowel, makes too many other words


def colloquial(word: str) -> Iterator[str]:
    """Yield the words that a word may be a colloquial form of, those with the fewest changes first.

    Jakarta's *ke-* and Sundanese *ka-* for *ter-* and *di-*, *-in* for *-kan* and *-i*, verbs without *me-*, *e* for
    the *a* of a closed last syllable.

    Examples
    --------
    >>> list(colloquial("kelindes"))[:4]
    ['terlindes', 'kelindas', 'dilindes', 'terlindas']
    """
    if not _RULED.match(word):
        return
    known = {word: None}
    newest = [word]
    for step in range(_STEPS):
        newest = [form for old in newest for form in _one_step(old) if form not in known]
        known |= dict.fromkeys(newest)
        yield from newest
        if step == 0 and newest and newest[0][:3] == "ter":  # no further rule applies
            yield f"di{word[2:]}"


def _one_step(word: str) -> Iterator[str]:
    if len(word) < _SHORTEST:
        return
    if word.startswith(("ke", "ka")) and not is_root(word):
        yield f"ter{word[2:]}"
    if word.endswith("in") and len(word) >= _ENOUGH_LETTERS:
        yield word[:-2]
        yield f"{word[:-2]}kan"
        yield f"{word[:-2]}i"
    if word[0] in "mn":
        yield f"me{word}"
    if word.startswith("nge"):
        yield from (f"{prefix}{word[3:]}" for prefix in ("", "me", "mem"))
    if word.startswith("ny"):
        yield f"menc{word[2:]}"
    if _LAST_E.search(word):
        yield f"{word[:-2]}a{word[-1]}"


def apart(word: str) -> tuple[str, ...] | None:
    """Return the split spelling of a passive or measure: "di bacok", "ke tabrak", "se leher"; ``None`` for others.

    Examples
    --------
    >>> apart("tertabrak"), apart("seleher"), apart("api")
    (('ke', 'tabrak'), ('se', 'leher'), None)
    """
    for prefix, written in (("di", "di"), ("ter", "ke"), ("se", "se")):
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST:
            return written, *normalise_word(rest).split()
    return None


class Slips:
    """Finds the word that a damaged one was meant to be: one letter too few, too many or wrong, two swapped, no vowels.

    Parameters
    ----------
    vocabulary
        The words that may be meant; those of fewer than six letters are left out.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = {word for word in vocabulary if len(word) >= _ENOUGH_LETTERS}
        self._damaged: dict[str, str] = {}
        self._skeletons: dict[str, str | None] = {}
        for word in sorted(self._words):
            for damaged in _without_a_letter(word, len(word)):
                self._damaged.setdefault(damaged, word)
            skeleton = word.translate(_WITHOUT_VOWELS)
            # A skeleton that two words share means neither.
            self._skeletons[skeleton] = None if skeleton in self._skeletons else word
        self._beginnings = {word[:_BEGINNING] for word in self._words} | {word[:_BEGINNING] for word in self._damaged}

    def meant(self, word: str) -> str | None:
        """Return the word of the vocabulary that was meant, if there is one."""
        if not word.isalpha():
            return None
        if len(word) >= _SHORTEST and _VOWELS.isdisjoint(word):
            return self._skeletons.get(word)
        if len(word) < _ENOUGH_LETTERS:
            return None
        # If no word begins like this one, the wrong letter is at the beginning, and later letters need not be tried.
        end = len(word) if word[:_BEGINNING] in self._beginnings else _BEGINNING
        shorter = _without_a_letter(word, end)
        tried = (word, *shorter, *_swapped(word, end))
        if self._damaged.keys().isdisjoint(tried) and self._words.isdisjoint(shorter):
            return self._thinned(word)  # nearly all words end here
        candidates = (self._damaged.get(form) for form in tried)
        inserted = (form for form in shorter if form in self._words)
        near = (found for found in candidates if found and abs(len(found) - len(word)) <= 1)
        return next(inserted, None) or next(near, None)

    def _thinned(self, word: str) -> str | None:
        """Return the word of which only some vowels are missing: "kclakaan"."""
        skeleton = word.translate(_WITHOUT_VOWELS)
        meant = self._skeletons.get(skeleton) if len(skeleton) >= _SHORTEST else None
        return meant if meant and _lacks_only_vowels(word, meant) else None


def _lacks_only_vowels(word: str, meant: str) -> bool:
    """Tell whether all letters of a word occur in another in the same order; their consonants are the same."""
    letters = iter(meant)
    return word[0] == meant[0] and all(letter in letters for letter in word)


def _without_a_letter(word: str, end: int) -> list[str]:
    """Return the word with one letter removed, for each letter before ``end`` except the first.

    Two words share one of these if they differ by one slip.
    """
    return [word[:at] + word[at + 1 :] for at in range(1, end)]


def _swapped(word: str, end: int) -> list[str]:
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, min(end, len(word) - 1))]
