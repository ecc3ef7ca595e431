"""Finding and masking personal data: phone numbers, NIK, e-mail addresses, plate numbers, URLs.

Complaints are personal data (UU 27/2022). What is masked keeps its kind, as ``[NIK]``, because "my NIK is refused" and
"here is my phone number" say something about the complaint that the digits don't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.complaint import Span

# Prefixes of Indonesian number plates (Perkap 5/2012 and its amendments); without the list "RT 03 RW" would be one.
_PLATE_PREFIX = "A[ABDEGC]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNPRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABG]?|R|S|T|W|Z"

# Every alternative starts at a boundary and has bounded repeats, so that a megabyte of one letter stays linear.
_PATTERN = re.compile(
    rf"""
      (?P<URL>     (?<!\w) (?:https?://|www\.) [^\s<>"']{{2,300}} )
    | (?P<EMAIL>   (?<![\w.+-]) [\w.+-]{{1,64}} @ [\w-]{{1,63}} (?:\.[\w-]{{1,63}}){{1,4}} )
    | (?P<NIK>     (?<!\d) (?: \d{{4}} (?: [ .-]? \d{{4}} ){{3}} | \d{{6}} [ .-] \d{{6}} [ .-] \d{{4}} ) (?!\d) )
    | (?P<TELEPON> (?<![\w+]) (?: (?:\+|00)?62 [ .-]? (?:\(0\))? | \(?0 ) (?: 8\d | 2[1-9] | [3-79]\d ) \)?
                   (?: [ .-]? \d ){{5,11}} (?!\d) )
    | (?P<PLAT>    (?<!\w) (?<!blok[ ]) (?<!Blok[ ]) (?<!BLOK[ ]) (?:{_PLATE_PREFIX})
                   [ -]? [1-9]\d{{2,3}} [ -]? [A-Z]{{1,3}} (?!\w) )
    | (?P<PLAT_TERSEBUT> (?<!\w) (?i:plat|nopol|no\.?[ ]?pol) (?i:[ ]nomor|[ ]no)? \.? [ :]{{1,3}}
                   (?i:[a-z]{{1,2}}) [ -]? \d{{1,4}} [ -]? (?i:[a-z]{{1,3}}) (?!\w) )
    """,
    re.VERBOSE,
)

# What every alternative above needs at least. Three texts out of four have none of it, and this costs a tenth.
_SIGN = re.compile(r"\d[ .-]?\d[ .-]?\d|@|://|www\.|plat|nopol|no\.? ?pol", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data in a text: where, and of which kind (``NIK``, ``TELEPON``, ``EMAIL``, ``PLAT``, ``URL``)."""

    span: Span
    kind: str

    @property
    def mask(self) -> str:
        """What stands in its place, for example ``[NIK]``."""
        return f"[{self.kind}]"


def find_personal_data(text: str) -> Iterator[PersonalData]:
    """Yield the pieces of personal data in ``text``, in order and without overlap.

    Examples
    --------
    >>> list(find_personal_data("hub 0812-3456-7890 ya"))
    [PersonalData(span=Span(start=4, end=18), kind='TELEPON')]
    """
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or ""
        yield PersonalData(Span(match.start(), match.end()), kind.removesuffix("_TERSEBUT"))


def may_hold_personal_data(text: str) -> bool:
    """Tell, quickly, whether there can be personal data in ``text``; ``False`` is certain."""
    return _SIGN.search(text) is not None


def mask(text: str) -> str:
    """Replace every piece of personal data by its kind in brackets.

    Examples
    --------
    >>> mask("NIK saya 3216 0112 3456 0001, surel budi@contoh.id")
    'NIK saya [NIK], surel [EMAIL]'
    """
    parts: list[str] = []
    end = 0
    for found in find_personal_data(text):
        parts += (text[end : found.span.start], found.mask)
        end = found.span.end
    parts.append(text[end:])
    return "".join(parts)
