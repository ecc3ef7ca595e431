"""Sastrawi's stemmer with its rules of prefixes compiled into a table.

Sastrawi asks 41 objects in turn, up to three times in each of four passes, each of which looks its pattern up, and
compiles a pattern for what remains of each word. The table has the same rules in the same order and gives the same
stems, which ``tests/pipeline/text/test_sastrawi.py`` compares. The rules' numbers are Sastrawi's; where they come from
tell Asian (2007), "Effective Techniques for Indonesian Text Retrieval", and Adriani and others (2007), "Stemming
Indonesian".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, Final

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer

# One reading of a prefix: whether a word begins with it, and what replaces it up to a position.
_Reading = tuple[Callable[[str], Any], str, int]
_Rule = tuple[_Reading, ...]

_VOWEL, _CONSONANT, _NOT_R = "[aiueo]", "[bcdfghjklmnpqrstvwxyz]", "[bcdfghjklmnpqstvwxyz]"
_NOT_LIQUID: Final = "[bcdfghjkpqstvxz]"
_ROUNDS: Final = 3  # prefixes that a word may have
_SHORT: Final = 3  # letters; from shorter words only the first kind of prefix and suffix is removed
_LETTERS: Final = 3  # the first letters, by which the rules that may match are cached

_PLAIN: Final = ("di", "ke", "se")  # prefixes that don't change the next letter

# Suffixes and how to remove them: particles, pronouns, derivation.
_SUFFIXES: Final = (
    (("lah", "kah", "tah", "pun"), re.compile(r"-*(lah|kah|tah|pun)$")),
    (("ku", "mu", "nya"), re.compile(r"-*(ku|mu|nya)$")),
    (("is", "isme", "isasi", "i", "kan", "an"), re.compile(r"(is|isme|isasi|i|kan|an)$")),
)
_ENDINGS: Final = tuple(ending for endings, _ in _SUFFIXES for ending in endings)
# Words with these beginnings and ends lose their prefixes before their suffixes.
_PREFIX_FIRST: Final = re.compile("be.*(lah|an)$|(me|di|pe|ter).*i$")


def _rule(*readings: tuple[str, str, int]) -> _Rule:
    return tuple((re.compile(pattern).match, added, cut) for pattern, added, cut in readings)


_PREFIXES: Final[tuple[tuple[str, _Rule], ...]] = (
    ("ber", _rule((f"ber{_VOWEL}", "", 3), (f"ber{_VOWEL}", "r", 3))),  # 1
    ("ber", _rule((f"ber{_CONSONANT}[a-z](?!er)", "", 3))),  # 2
    ("ber", _rule((f"ber{_NOT_R}[a-z]er{_VOWEL}", "", 3))),  # 3
    ("bel", _rule(("belajar$", "", 3))),  # 4
    ("be", _rule((f"be{_NOT_R}er{_CONSONANT}", "", 2))),  # 5
    ("ter", _rule((f"ter{_VOWEL}", "", 3), (f"ter{_VOWEL}", "r", 3))),  # 6
    ("ter", _rule((f"ter{_NOT_R}er{_VOWEL}", "", 3))),  # 7
    ("ter", _rule((f"ter{_NOT_R}(?!er)", "", 3))),  # 8
    ("te", _rule((f"te{_NOT_R}er{_CONSONANT}", "", 2))),  # 9
    ("me", _rule((f"me[lrwy]{_VOWEL}", "", 2))),  # 10
    ("mem", _rule(("mem[bfv]", "", 3))),  # 11
    ("mem", _rule(("mempe", "", 3))),  # 12
    ("mem", _rule((f"mem{_VOWEL}", "", 2), (f"mem{_VOWEL}", "p", 3))),  # 13
    ("men", _rule(("men[cdjstz]", "", 3))),  # 14
    ("men", _rule((f"men{_VOWEL}", "", 2), (f"men{_VOWEL}", "t", 3))),  # 15
    ("men", _rule(("meng[ghqk]", "", 4))),  # 16
    (
        "men",
        _rule((f"meng{_VOWEL}", "", 4), (f"meng{_VOWEL}", "k", 4), ("menge", "", 5), (f"meng{_VOWEL}", "", 2)),
    ),  # 17
    ("men", _rule((f"meny{_VOWEL}", "", 2), (f"meny{_VOWEL}", "s", 4))),  # 18
    ("mem", _rule(("memp[a-df-z]", "", 3))),  # 19
    ("pe", _rule((f"pe[wy]{_VOWEL}", "", 2))),  # 20
    ("per", _rule((f"per{_VOWEL}", "", 3), (f"per{_VOWEL}", "", 2))),  # 21
    ("per", _rule((f"per{_CONSONANT}[a-z](?!er)", "", 3))),  # 23
    ("per", _rule((f"per{_NOT_R}[a-z]er{_VOWEL}", "", 3))),  # 24
    ("pem", _rule(("pem[bfv]", "", 3))),  # 25
    ("pem", _rule((f"pem{_VOWEL}", "", 2), (f"pem{_VOWEL}", "p", 3))),  # 26
    ("pen", _rule(("pen[cdjstz]", "", 3))),  # 27
    ("pen", _rule((f"pen{_VOWEL}", "", 2), (f"pen{_VOWEL}", "t", 3))),  # 28
    ("pen", _rule((f"peng{_CONSONANT}", "", 4))),  # 29
    ("pen", _rule((f"peng{_VOWEL}", "", 4), (f"peng{_VOWEL}", "k", 4), ("penge", "", 5))),  # 30
    ("pen", _rule((f"peny{_VOWEL}", "", 2), (f"peny{_VOWEL}", "s", 4))),  # 31
    ("pel", _rule(("pelajar$", "", 3))),  # 32
    ("pel", _rule((f"pel{_VOWEL}", "", 2))),  # 32
    ("pe", _rule((f"pe{_CONSONANT}(?!er)", "", 2))),  # 34
    ("ter", _rule((f"ter{_NOT_LIQUID}er{_CONSONANT}", "", 3))),  # 35
    ("pe", _rule((f"pe{_NOT_LIQUID}er{_CONSONANT}", "", 2))),  # 36
    # 37 to 40, infixes: the first letter stays, what follows it goes.
    *(
        (f"{first}{infix}", _rule((f"{first}{infix}{_VOWEL}", first, 3)))
        for infix in ("er", "el", "em", "in")
        for first in _CONSONANT[1:-1]
    ),
    ("ku", _rule(("ku", "", 2))),  # 41
    ("kau", _rule(("kau", "", 3))),  # 42
)
# The numbers of the rules by what a word begins with, which is two or three letters.
_BY_START: Final[dict[str, list[int]]] = {}
for _number, (_start, _) in enumerate(_PREFIXES):
    _BY_START.setdefault(_start, []).append(_number)


class TableStemmer(Stemmer):  # type: ignore[misc]
    """Stems like ``Sastrawi.Stemmer.Stemmer``, from which it takes the treatment of plurals and of non-letters.

    Parameters
    ----------
    roots
        The words of its dictionary.

    Attributes
    ----------
    roots : dict of str to str
        These words, as its dictionary keeps them.
    """

    def __init__(self, roots: Iterable[str]) -> None:
        super().__init__(ArrayDictionary(roots))
        self.roots: dict[str, str] = self.dictionary.words
        self._rules_of: dict[str, list[_Rule]] = {}

    def stem(self, text: str) -> str:
        """Return the stems of a text; for plain words Sastrawi's preprocessing is skipped."""
        plain = text.isascii() and text.isalpha() and text.islower()
        return self.stem_singular_word(text) if plain else str(super().stem(text))

    def stem_singular_word(self, word: str) -> str:
        """Return the stem of one word: a root, or the word itself where none is found."""
        roots, short = self.roots, len(word) <= _SHORT
        if word in roots or not (word.endswith(_ENDINGS) or word.startswith(_PLAIN) or self._rules_for(word)):
            return word
        if _PREFIX_FIRST.match(word):
            rest = self._without_prefixes(word, short)
            if rest not in roots:
                rest = self._without_suffixes(rest, short)[-1]
            if rest in roots:
                return rest
        steps = self._without_suffixes(word, short)
        rest = steps[-1] if steps[-1] in roots else self._without_prefixes(steps[-1], short)
        if rest in roots:
            return rest
        # A suffix may have been part of the root: put the suffixes back one by one.
        for before, after in reversed(list(pairwise(steps))):
            for tried in (f"{after}k", before) if before == f"{after}kan" else (before,):
                rest = self._without_prefixes(tried, short)
                if rest in roots:
                    return rest
        return word

    def _without_suffixes(self, word: str, short: bool) -> list[str]:
        """Return the word, and what is left of it after removing each suffix, until that is a root."""
        steps = [word]
        for endings, suffix in _SUFFIXES[:1] if short else _SUFFIXES:
            if steps[-1].endswith(endings):
                steps.append(suffix.sub("", steps[-1], count=1))
            if steps[-1] in self.roots:
                break
        return steps

    def _without_prefixes(self, word: str, short: bool) -> str:
        for _ in range(_ROUNDS):
            rest = self._without_prefix(word, short)
            if rest == word or rest in self.roots:
                return rest
            word = rest
        return word

    def _without_prefix(self, word: str, short: bool) -> str:
        if word.startswith(_PLAIN):
            return word[2:]
        if short or word in self.roots:
            return word
        for rule in self._rules_for(word):
            rest = self._read(word, rule)
            if rest is not None:
                return rest
        return word

    def _read(self, word: str, rule: _Rule) -> str | None:
        """Return what a rule leaves of a word: the first reading that is a root, else the last, or ``None``."""
        rest = None
        for matches, added, cut in rule:
            rest = f"{added}{word[cut:]}" if matches(word) else None
            if rest in self.roots:
                break
        return rest

    def _rules_for(self, word: str) -> list[_Rule]:
        """Return the rules of prefixes that can match a word, in order."""
        beginning = word[:_LETTERS]
        if beginning not in self._rules_of:  # a few thousand, since Sastrawi reads small Latin letters only
            starting = {*_BY_START.get(beginning[:2], ()), *_BY_START.get(beginning, ())}
            self._rules_of[beginning] = [_PREFIXES[number][1] for number in sorted(starting)]
        return self._rules_of[beginning]
