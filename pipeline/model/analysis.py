"""What the model sees of one complaint: its tokens, and the features each token gives rise to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Self

from pipeline.complaint import Complaint
from pipeline.text import Token, tokenise
from pipeline.text.mask import find_numbers
from pipeline.text.normalise import MAX_WORD_LETTERS
from pipeline.text.stems import MAX_STEMMED_FORMS, is_root, stems_by_word
from pipeline.text.tokens import Form, Word, read_words

# Lengths of the letter groups of a word, which survive spelling mistakes and unknown affixes.
# 2 to 5 was best on the dev split of real complaints (scikit-learn's own char_wb with the same lengths is equal).
GROUP_LETTERS = (2, 5)
LETTERS = "~"  # their prefix

# Different forms of one complaint that are analysed, not counting roots; the most in 10,268 real ones was 212. Further
# forms count as one unknown word, which limits the cost of invented text.
MAX_FORMS = 256
UNREAD: Form = ("", "<lain>", "<lain>")

_AFFIXED = attrgetter("affixed")


class Analysis:
    """A text and, apart from it, an address, read into words.

    Most uses of a complaint need its words but not their places, so tokens, which have places, are made on first use.

    Parameters
    ----------
    text, address
        What the citizen wrote; the address may be empty.

    Attributes
    ----------
    words : list of Word
        The words of the text, in order.
    """

    __slots__ = ("_address_tokens", "_address_words", "_keys", "_numbers", "_tokens", "address_text", "text", "words")

    def __init__(self, text: str, address: str = "") -> None:
        self.text = text
        self.address_text = address
        self._numbers = find_numbers(text)
        self.words = read_words(text, self._numbers)
        self._keys: Sequence[Word | Form] | None = None
        self._tokens: tuple[Token, ...] | None = None
        self._address_tokens: tuple[Token, ...] | None = None
        self._address_words: Sequence[Word] | None = None

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the text, one for each of ``words``; their spans refer to ``text``."""
        if self._tokens is None:
            self._tokens = tuple(tokenise(self.text, self._numbers))
        return self._tokens

    @property
    def address(self) -> tuple[Token, ...]:
        """The tokens of the address; their spans refer to ``address_text``."""
        if self._address_tokens is None:
            self._address_tokens = tuple(tokenise(self.address_text)) if self.address_text else ()
        return self._address_tokens

    @property
    def address_words(self) -> Sequence[Word]:
        """The words of the address, in order: one for each of its tokens."""
        if self._address_words is None:
            self._address_words = read_words(self.address_text) if self.address_text else ()
        return self._address_words

    @property
    def word_keys(self) -> Sequence[Word | Form]:
        """The cache key for each word's features: the word, or its form where the word isn't enough."""
        if self._keys is None:
            # Beyond the limits, the form of a word depends on the words before it.
            within = len(self.words) <= MAX_FORMS and self._affixed() <= MAX_STEMMED_FORMS
            self._keys = self.words if within else self.forms()
        return self._keys

    def lettered(self) -> list[str]:
        """Return the single words of the text that begin with a letter."""
        return [single for word in self.words for single in word.lettered]

    def part(self, first: int, behind: int) -> Self:
        """Return the analysis of the words from ``first`` up to ``behind``, each word read as in the whole text.

        Its ``text`` is the whole one, in which the spans of its tokens keep their places.
        """
        part = type(self)("", self.address_text)
        part.text, part.words = self.text, self.words[first:behind]
        part._tokens, part._keys = self.tokens[first:behind], self.word_keys[first:behind]
        part._address_words = self.address_words
        return part

    def forms(self) -> list[Form]:
        """Return the form of each word, on which alone its own features depend."""
        if self._affixed() <= MAX_STEMMED_FORMS:
            return _bounded([word.form for word in self.words])
        stem_of = stems_by_word(single for word in self.words for single in word.normal.split()).get
        forms = [
            (word.typed, normal, stem_of(normal, normal))
            if (normal := word.normal) is word.first
            else (word.typed, normal, " ".join([stem_of(single, single) for single in normal.split()]))
            for word in self.words
        ]
        return _bounded(forms)

    def _affixed(self) -> int:
        return sum(map(_AFFIXED, self.words))


def _bounded(forms: list[Form]) -> list[Form]:
    """Return the forms of a text; after ``MAX_FORMS`` forms that are not roots, further ones become ``UNREAD``."""
    if len(forms) <= MAX_FORMS:
        return forms
    seen: set[str] = set()
    bounded: list[Form] = []
    for form in forms:
        typed = form[0]
        if typed not in seen and not is_root(typed):
            if len(seen) == MAX_FORMS:
                bounded.append(UNREAD)
                continue
            seen.add(typed)
        bounded.append(form)
    return bounded


def analyse(complaint: Complaint | str) -> Analysis:
    """Return the analysis of a complaint, or of a bare text."""
    if isinstance(complaint, str):
        return Analysis(complaint)
    return Analysis(complaint.text, complaint.address or "")


def address_features(document: Analysis) -> list[str]:
    """Return the words of a complaint's address and their pairs, each after ``@``.

    Examples
    --------
    >>> address_features(Analysis("Lampu mati", "Jln Mawar"))
    ['@jalan', '@mawar', '@jalan mawar']
    """
    words = [single for word in document.address_words for single in word.normal.split()]
    return [f"@{word}" for word in words] + [f"@{word} {following}" for word, following in pairwise(words)]


def form_features(form: Form) -> tuple[str, ...]:
    """Return the features of one token: words and pairs of words, stems after ``=``, groups of letters after ``~``.

    Examples
    --------
    >>> form_features(("air", "air", "air"))[:5]
    ('air', '=air', '~ a', '~ai', '~ir')
    """
    return (*whole_features(form), *(f"{LETTERS}{group}" for group in letter_groups(form[0])))


def whole_features(form: Form) -> list[str]:
    """Return the features of one token without its groups of letters."""
    _, normal, stem = form
    if " " not in normal:
        return [normal, *(f"={word}" for word in stem.split())]
    words = normal.split()
    pairs = [f"{word} {following}" for word, following in pairwise(words)]
    return [*words, *pairs, *(f"={word}" for word in stem.split())]


def is_pair(feature: str) -> bool:
    """Tell whether a feature is a pair of neighbouring words of the text.

    Examples
    --------
    >>> [feature for feature in ("air", "air mati", "=air", "~ a", "@jalan raya") if is_pair(feature)]
    ['air mati']
    """
    return " " in feature and feature[0] not in "=~@"


def letter_groups(word: str) -> list[str]:
    """Return the groups of ``GROUP_LETTERS`` letters of a word, with a space for its start and its end.

    Examples
    --------
    >>> letter_groups("air")
    [' a', 'ai', 'ir', 'r ', ' ai', 'air', 'ir ', ' air', 'air ', ' air ']
    """
    letters = padded(word)
    shortest, longest = GROUP_LETTERS
    return [
        letters[start : start + size]
        for size in range(shortest, min(longest, len(letters)) + 1)
        for start in range(len(letters) - size + 1)
    ]


def padded(word: str) -> str:
    """Return the letters of a word that are read in groups, with a space for its start and its end."""
    return f" {word[:MAX_WORD_LETTERS].lower()} "
