"""Mobile numbers whose groups are far apart or whose digits are words, and where these end."""

from __future__ import annotations

import re

from pipeline.text.plain_signs import DIGIT_WORDS, with_first_zero, without_words

_BREAK = r"[ )._/,;:|*~\n\r\t–-]{1,4}"  # between groups that a citizen or a narrow window set apart
_NEXT = r"08[1-9]\d(?!\d)"  # the next number of a list: "0811, 0812 and 0813"
_COMPACT_DATE = r"0[1-9][01]\d(?:19|20)\d\d(?!\d)"
_TIMESTAMP = r"""08 (?P<_at>[.-]) 1[0-2] (?P=_at)
    (?: (?:19|20)\d\d | 2\d (?P=_at) (?:[01]\d|2[0-3]) (?P=_at) [0-5]\d )"""
# Alternatives of a verbose pattern. The digits of what they find are counted by end_of_telephone.
GROUPED = rf"""
      (?P<TELEPON_TERPISAH> (?<![\w+#]) (?<!\d[.,]) (?! {_COMPACT_DATE} )
          (?: (?:\+|00)62 [ ,.-]? | 62 [ -]? | \(?[0Oo] ) 8[1-9]\d
          (?: (?: {_BREAK} (?!{_NEXT}) \d{{2,5}} ){{2,4}} (?!\d)
            | \d{{0,5}} [ -]? [\r\n]{{1,2}} [ ]? (?!08[1-9]) \d{{3,7}} (?! \d | [.,]\d ) ) )
    | (?P<TELEPON_BERPASANG> (?<![\w+#]) (?<!\d[.,-]) (?! {_TIMESTAMP} )
          (?: 08 (?P<_by>[.-]) [1-9]\d (?: (?P=_by) \d{{2,4}} ){{2,4}}
            | 0 (?P<_of>[.*-]) 8 (?P=_of) [1-9] (?: (?P=_of) \d ){{7,10}} ) (?! \d | [.-]\d ) )
    """

_GROUP = re.compile(rf"\d+|\b(?:{'|'.join(DIGIT_WORDS)})\b", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:00)?62(?=0?8)|^0(?=8)")
_MOST, _FEWEST = 13, 10  # digits of a mobile number, from its 0
_SEPARATORS = re.compile(r"\D+")


def end_of_telephone(text: str, start: int, end: int) -> int:
    """Return where a mobile number within ``start`` and ``end`` ends, 0 if there is none.

    Digits beyond its longest form belong to what follows: ``0812,3456,7890,100 rumah`` ends before the 100.

    Examples
    --------
    >>> end_of_telephone("0812,3456,7890,100 rumah", 0, 18)
    14
    """
    for last in group_ends(text, start, end)[::-1]:
        digits = mobile_digits(text[start:last])
        if len(digits) <= _MOST:
            return last if len(digits) >= _FEWEST else 0
    return 0


def group_ends(text: str, start: int, end: int) -> list[int]:
    """Return where each group of digits, or word for one, ends between ``start`` and ``end``."""
    return [group.end() for group in _GROUP.finditer(text, start, end)]


def mobile_digits(written: str) -> str:
    """Return the digits of a mobile number from its 0, and nothing of what isn't one.

    Examples
    --------
    >>> mobile_digits("+62,812,3456,7890"), mobile_digits("nol delapan satu dua 34567890")
    ('081234567890', '081234567890')
    """
    digits = _SEPARATORS.sub("", without_words(with_first_zero(written)))
    rest = _PREFIX.sub("", digits, count=1).lstrip("0")
    return f"0{rest}" if rest.startswith("8") and rest != digits else ""
