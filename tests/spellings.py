"""Mobile numbers in the spellings of citizens, invented by hypothesis."""

from __future__ import annotations

import re

from hypothesis import assume
from hypothesis import strategies as st

DIGIT_WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
APART = (" ", "-", ".", ",", ", ", "\n", ";", " | ", "\r\n", " - ", ".\n", "/", "*", "~", ":")
LOOK_ALIKE = {"0": "Oo", "1": "Ili"}


@st.composite
def mobile_numbers(draw: st.DrawFn) -> str:
    """Return a number in digits; nine digits after its 08 are common, seven to ten occur."""
    return draw(st.from_regex(r"08[1-9][0-9]{7,10}", fullmatch=True).filter(str.isascii))


@st.composite
def spellings(draw: st.DrawFn, number: str) -> str:
    """Return a spelling of a mobile number."""
    return draw(st.one_of(_in_groups(number), _in_words(number), _with_letters(number), _broken(number)))


@st.composite
def _in_groups(draw: st.DrawFn, number: str) -> str:
    apart = draw(st.sampled_from(APART))
    prefix = draw(st.sampled_from(["0", "+62", "+62 ", "0062", "62"]))
    rest = number[4:]
    sizes = draw(st.sampled_from([(4, 4), (3, 4), (4, 3), (3, 3), (2, 2, 2), (4,)]))
    groups = [prefix + number[1:4]]
    for size in sizes:
        if len(rest) < size + 2:
            break
        groups.append(rest[:size])
        rest = rest[size:]
    assume(not any(re.fullmatch("08[1-9][0-9]", group) for group in [*groups[1:], rest]))  # the next number, rather
    return apart.join([*groups, rest])


@st.composite
def _in_words(draw: st.DrawFn, number: str) -> str:
    apart = draw(st.sampled_from([" ", ", ", "-", ". "]))
    case = draw(st.sampled_from([str.lower, str.upper, str.capitalize]))
    return apart.join(case(DIGIT_WORDS[int(digit)]) for digit in number)


@st.composite
def _with_letters(draw: st.DrawFn, number: str) -> str:
    """Write letters between digits, and for the first."""
    inner = [draw(st.sampled_from(LOOK_ALIKE.get(d, "") + d)) if 1 < i < len(number) - 1 else d
             for i, d in enumerate(number)]  # fmt: skip
    return draw(st.sampled_from("0Oo")) + "".join(inner[1:])


@st.composite
def _broken(draw: st.DrawFn, number: str) -> str:
    """Write a number over the end of a line, in two parts that are no numbers."""
    at = draw(st.integers(max(4, len(number) - 7), min(8, len(number) - 3)))
    assume(not re.match("08[1-9]", number[at:]))  # the next number, rather
    return number[:at] + draw(st.sampled_from(["\n", "\r\n", "-\n"])) + number[at:]
