"""A text's tokens: words, numbers and masked personal data, each with its place in the original text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from pipeline.complaint import Span
from pipeline.text.bounded_memo import BoundedMemo, Value
from pipeline.text.mask import PersonalData, find_numbers
from pipeline.text.normalise import ACCENTS, MAX_WORD_LETTERS, UNSEEN, normalise_word, plain_letters
from pipeline.text.plain_signs import with_breaks
from pipeline.text.stems import is_affixed, stem

# Letters and digits with inner apostrophes, hyphens and, between digits, separators: "ma'af", "rumah-rumah", "1.500".
_LETTERS, _LETTERS_OR_DIGITS = (
    f"{some}(?:[{ACCENTS}]+(?:{some})?|[{UNSEEN}]+{some})*" for some in (r"[^\W\d_]+", r"[^\W_]+")
)
_WORD = re.compile(
    rf"{_LETTERS}(?:['’\-]{_LETTERS_OR_DIGITS})*\d{{0,4}}(?:(?:nya|an)(?![{ACCENTS}]))?|\d+(?:[.,:/]\d+)*(?:{_LETTERS})?"
)
_CHUNK = re.compile(r"\S+")
# Of 1.2 million chunks of starter complaints, 93 % are one of the 20,000 commonest; half of the others occur once.
_REMEMBERED_CHUNKS = 10_240  # of one generation, of which there are two
_LONGEST_REMEMBERED = 64  # letters; together with the number of chunks this limits the memory that odd texts can take

Form = tuple[str, str, str]  # as typed in small letters, the word meant, its stem


class Word:
    """A word form, without its place in a text. Created once per form and shared by all its tokens.

    Attributes
    ----------
    typed
        As it was typed, in small plain letters; the mask of personal data.
    normal
        The word meant, in standard Indonesian; ``<angka>`` for a number, ``[NIK]`` and the like for personal data.
        An abbreviation can stand for several words.
    first, last
        The first and the last word of ``normal``.
    lettered
        The words of ``normal`` that begin with a letter.
    affixed
        How many words of ``normal`` Sastrawi has to stem.
    """

    __slots__ = ("_form", "affixed", "first", "last", "lettered", "normal", "typed")

    def __init__(self, typed: str, normal: str) -> None:
        self.typed = normal if typed == normal else typed[:MAX_WORD_LETTERS]
        self.normal = normal
        self._form: Form | None = None
        if " " in normal:
            words = normal.split()
            self.first, self.last = words[0], words[-1]
            self.lettered = tuple([word for word in words if word[0].isalpha()])
            self.affixed = sum(map(is_affixed, words))
        else:  # nearly always true; keeping the same string saves half of the memory for words
            self.first = self.last = normal
            self.lettered = (normal,) if normal[0].isalpha() else ()
            self.affixed = int(is_affixed(normal))

    @property
    def form(self) -> Form:
        """The form with its stem, which is computed on first use."""
        if self._form is None:
            words = self.normal
            if self.affixed:
                words = stem(words) if self.first is words else " ".join(map(stem, words.split()))
            self._form = (self.typed, self.normal, words)
        return self._form


Spans = tuple[tuple[int, int], ...]  # start and end of each word


class Token(NamedTuple):
    """One token of a text: a word, and where it stands in the original text."""

    start: int
    end: int
    word: Word

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def normal(self) -> str:
        """The word meant; see :class:`Word`."""
        return self.word.normal


def read_words(text: str, numbers: Sequence[PersonalData] | None = None) -> list[Word]:
    """Return the words of the tokens of ``text``, several times faster than :func:`tokenise`.

    Parameters
    ----------
    numbers
        What :func:`find_numbers` finds in it, if that is known.
    """
    numbers = find_numbers(text) if numbers is None else numbers
    text = with_breaks(text)
    if numbers:
        return [token.word for token in _tokens(text, numbers)]
    return list(chain.from_iterable(map(_WORDS_OF.__getitem__, text.split())))


def tokenise(text: str, numbers: Sequence[PersonalData] | None = None) -> list[Token]:
    """Return the tokens of ``text`` in order; their spans do not overlap.

    Parameters
    ----------
    numbers
        What :func:`find_numbers` finds in it, if that is known.

    Examples
    --------
    >>> [t.normal for t in tokenise("Jln rusak parah, hub 081234567890")]
    ['jalan', 'rusak', 'parah', 'hubungi', '[TELEPON]']
    """
    return _tokens(with_breaks(text), find_numbers(text) if numbers is None else numbers)


def _tokens(text: str, numbers: Sequence[PersonalData]) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for found in numbers:
        _add_words(tokens, text, end, found.span.start)
        tokens.append(Token(found.span.start, found.span.end, _masked(found.mask)))
        end = found.span.end
    _add_words(tokens, text, end, len(text))
    return tokens


def _add_words(tokens: list[Token], text: str, start: int, end: int) -> None:
    # A word never spans white space, so each chunk between spaces is read once and cached.
    for match in _CHUNK.finditer(text, start, end):
        chunk, (at, after) = match[0], match.span()
        words = _WORDS_OF[chunk]
        if chunk.isalpha():
            if words:
                tokens.append(Token(at, after, words[0]))
        else:
            for word, (first, last) in zip(words, _SPANS_OF[chunk]):  # noqa: B905 (strict=True takes a fifth of this)
                tokens.append(Token(at + first, at + last, word))


def _words_of(chunk: str) -> tuple[Word, ...]:
    forms = (chunk,) if chunk.isalpha() else _WORD.findall(chunk)  # most chunks are one word
    return tuple([word for form in forms if (word := _FORMS[form])])


def _spans_of(chunk: str) -> Spans:
    """Return the position of each word in a chunk."""
    return tuple([match.span() for match in _WORD.finditer(chunk) if _FORMS[match[0]]])


def _meant(form: str) -> Word | None:
    """Return the word of a form as typed; ``None`` if it is not a word, such as a combining mark alone."""
    if not form.isascii():
        form = plain_letters(form)
    normal = normalise_word(form[:MAX_WORD_LETTERS])
    return Word(form.lower(), normal) if normal else None


@cache
def _masked(kind: str) -> Word:
    return Word(kind, kind)


class _Short(BoundedMemo[str, Value]):
    """A bounded cache of values computed from pieces of text; those of long pieces are not kept."""

    def __missing__(self, piece: str) -> Value:
        return super().__missing__(piece) if len(piece) <= _LONGEST_REMEMBERED else self._make(piece)


_FORMS: _Short[Word | None] = _Short(_meant, _REMEMBERED_CHUNKS)
_WORDS_OF: _Short[tuple[Word, ...]] = _Short(_words_of, _REMEMBERED_CHUNKS)
_SPANS_OF: _Short[Spans] = _Short(_spans_of, _REMEMBERED_CHUNKS)  # chunks that don't consist of letters only
