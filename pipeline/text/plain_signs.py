"""Signs and digits as phones copy and citizens write them, at the same length: all positions in a text stay the same.

No-break spaces and full-width digits become plain ones, and within a number *O* becomes 0 and *l* or *i* becomes 1.
"""

from __future__ import annotations

import re

_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\ufeff"
_HYPHENS = "\u2010\u2011\u2012\u2014\u2212\u00b7\u2022"  # the last two are points at mid-height
_WIDE = "＋－（）．"  # keyboards for Chinese and Japanese write them
# The zero of each kind of digits: full-width, Arabic (twice), Sundanese, Javanese, and those of decorated letters.
_ZEROS = (0xFF10, 0x660, 0x6F0, 0x1BB0, 0xA9D0, *range(0x1D7CE, 0x1D800, 10))
_DIGITS = "".join(chr(zero + digit) for zero in _ZEROS for digit in range(10))
_COPIED = re.compile(f"[{_SPACES}{_HYPHENS}{_WIDE}{_DIGITS}]")
_PLAIN = str.maketrans(
    _SPACES + _HYPHENS + _WIDE + _DIGITS,
    " " * len(_SPACES) + "-" * len(_HYPHENS) + "+-()." + "0123456789" * len(_ZEROS),
)

# A letter between digits, at the beginning or end of a later group of them, or at the end of many.
_LETTER = re.compile(
    r"""(?<=\d) [OoIil]{1,9} (?=\d) | (?<=\d[ .-]) [OoIil] (?=\d\d)
      | (?<=\d[ .-]\d{3}) [OoIil] (?!\w) | (?<=\d{5}) (?<!\d{10}) [OoIil]{1,2} (?!\w)""",
    re.VERBOSE,
)
_LETTERS = str.maketrans("OoIil", "00111")
_LETTER_FOR_ZERO = re.compile("^[Oo](?=8)")

DIGIT_WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "kosong")
_WORD = re.compile(rf"\b(?:{'|'.join(DIGIT_WORDS)})\b", re.IGNORECASE)


def with_breaks(text: str) -> str:
    """Replace line breaks that an export wrote as backslash and n by spaces; all positions stay the same."""
    return text.replace("\\n", "  ")


def with_plain_signs(text: str) -> str:
    """Return the text with line breaks and with plain digits, spaces and hyphens, at the same length."""
    text = with_breaks(text)
    return text if text.isascii() or _COPIED.search(text) is None else text.translate(_PLAIN)


def with_digits_for_letters(text: str) -> str:
    """Return the text with digits for the letters that look like them in the middle of a number.

    Examples
    --------
    >>> with_digits_for_letters("Olah 08l2-34S6-789O, 5 l air")
    'Olah 0812-34S6-7890, 5 l air'
    """
    return _LETTER.sub(_digits_of_letters, text)


def with_first_zero(number: str) -> str:
    """Return a number with 0 for an *O* before an 8 at its beginning: *O812*."""
    return _LETTER_FOR_ZERO.sub("0", number)


def without_words(text: str) -> str:
    """Return the text with a digit for each word that names one; this one changes positions.

    Examples
    --------
    >>> without_words("Nol delapan 12")
    '0 8 12'
    """
    return _WORD.sub(_digit_of_word, text)


def _digits_of_letters(match: re.Match[str]) -> str:
    return match[0].translate(_LETTERS)


def _digit_of_word(match: re.Match[str]) -> str:
    return str(DIGIT_WORDS.index(match[0].lower()) % 10)
