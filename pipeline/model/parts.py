"""Several problems in one message: where to cut it so that the two sides go to different agencies.

A message is cut only before words that introduce another matter (*selain itu*, *satu lagi*, *sekalian lapor*) and
before the items of a list (*1. … 2. …*). Cutting at any sentence was tried: later sentences describe how the problem
affects people and mention schools, puskesmas and police, and one in eight messages called two problems was one. Of all
cuts the one with the most confident sides wins; neither side may also point to the other's agency.
A list of three items or more may hold as many problems as items.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.text.normalise import normalise_word

MIN_BEFORE = 3  # words; a shorter side does not state a problem
MIN_BEHIND = 2  # words after the connecting one
MAX_CUTS = 6  # tried per message
SURE = 0.5  # least probability of each side's own agency
STRANGE = 0.1  # greatest probability of the other side's agency

_CONNECTORS = (
    "selain itu", "selain", "satu lagi", "oh ya", "sekalian", "terus juga", "yang kedua",
    "kedua", "tambahan", "tambah lagi", "di samping itu", "disamping itu", "kemudian juga", "lalu juga", "dan juga",
    "juga mau lapor", "mau lapor juga", "masalah lain", "belum lagi",
)  # fmt: skip
_AFTER_PAUSE = ("ada lagi", "berikutnya", "selanjutnya", "plus")  # within a sentence they mean something else
_PAUSED_WORDS = frozenset(tuple(map(normalise_word, connector.split())) for connector in _AFTER_PAUSE)
_CONNECTOR_WORDS = (*(tuple(map(normalise_word, connector.split())) for connector in _CONNECTORS), *_PAUSED_WORDS)
_BY_FIRST_WORD = {first: [words for words in _CONNECTOR_WORDS if words[0] == first] for first, *_ in _CONNECTOR_WORDS}
_PAUSE = re.compile(r"[.,;:!?\n]")
_TO = frozenset({"ke", "kepada"})  # terus juga ke kecamatan: another office, not another matter
_ALREADY = frozenset({"sudah", "telah", "pernah"})
_REPORTED = frozenset({"lapor", "laporkan", "melapor", "melaporkan", "dilaporkan", "mengadu", "adukan"})
_REPORT_WORDS = 6  # words at most of a side that only says that something was reported
# For each kind of list: its items, how the first two begin, and what precedes a second item. Most texts contain none of
# the last, so their lists need not be searched.
_LISTS = (
    (re.compile(r"(?:(?<=\s)|^)(\d{1,2})[.)](?=\s*[^\W\d])"), ("1", "2"), ("2.", "2)")),
    (re.compile(r"(?:(?<=\s)|^)([a-e])[.)](?=\s)"), ("a", "b"), ("b.", "b)")),
    (re.compile(r"^[ \t]*[-•*–]()[ \t]*(?=\w)", re.MULTILINE), ("", ""), ("\n",)),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of several problems: tokens ``first`` to ``last``, both included, and its class by position."""

    first: int
    last: int
    agency: int
    probability: float


class Cut(NamedTuple):
    """A possible cut of a message, before the token ``position``; its second side is judged up to ``until``."""

    position: int
    until: int


def cuts_of(document: Analysis) -> list[Cut]:
    """Return the possible cuts of a message, at most ``MAX_CUTS``."""
    return list(islice(chain(_cuts_of_list(document), _cuts_at_connectors(document)), MAX_CUTS))


def sides_of(document: Analysis, cuts: Sequence[Cut]) -> list[Analysis]:
    """Return the sides before and after each cut, alternating."""
    return [document.part(*side) for cut in cuts for side in ((0, cut.position), (cut.position, cut.until))]


def problems_of(
    document: Analysis, cuts: Sequence[Cut], probabilities: NDArray[np.float32], left_out: frozenset[int]
) -> tuple[Side, ...]:
    """Return the problems of a message, in its order, if it clearly has several: those of a list's items, or two.

    Parameters
    ----------
    cuts, probabilities, left_out
        As in :func:`two_problems`.
    """
    listed = _problems_of_list(document, cuts, probabilities, left_out)
    return tuple(listed) if len(listed) > 2 else two_problems(document, cuts, probabilities, left_out) or ()


def two_problems(
    document: Analysis, cuts: Sequence[Cut], probabilities: NDArray[np.float32], left_out: frozenset[int]
) -> tuple[Side, Side] | None:
    """Return the two problems of a message, if it clearly has two.

    Parameters
    ----------
    cuts
        From :func:`cuts_of`.
    probabilities
        Of the sides of the cuts, in the order of :func:`sides_of`, shape (2 * len(cuts), n_agencies).
    left_out
        Positions of agencies that don't stand for a problem, such as "nothing to route".
    """
    best: tuple[float, tuple[Side, Side]] | None = None
    for cut, before, behind in zip(cuts, probabilities[::2], probabilities[1::2], strict=True):
        first, second = int(before.argmax()), int(behind.argmax())
        sure = float(min(before[first], behind[second]))
        strange = float(max(before[second], behind[first]))
        if first == second or {first, second} & left_out or strange > STRANGE:
            continue
        if sure < SURE or (best and best[0] >= sure):
            continue
        last = len(document.words) - 1
        sides = (
            Side(0, cut.position - 1, first, float(before[first])),
            Side(cut.position, last, second, float(behind[second])),
        )
        best = (sure, sides)
    return best[1] if best else None


def _problems_of_list(
    document: Analysis, cuts: Sequence[Cut], probabilities: NDArray[np.float32], left_out: frozenset[int]
) -> list[Side]:
    """Return the problems of a list's items by neighbouring agencies; none if it isn't one of three items or more.

    An item that isn't sure stays with the item before it, as one does that speaks for that one's agency.
    """
    ends = [*(cut.position for cut in cuts[1:]), len(document.words)]
    items = next((n for n, (cut, end) in enumerate(zip(cuts, ends, strict=True), 1) if cut.until != end), len(cuts))
    if items < 2:
        return []
    alone = [probabilities[0], *probabilities[1 : 2 * items : 2]]
    starts = [0, *(cut.position for cut in cuts[:items])]
    found: list[tuple[int, int, NDArray[np.float32]]] = []  # first token, agency, its item's probabilities
    for start, own in zip(starts, alone, strict=True):
        agency = int(own.argmax())
        sure = own[agency] >= SURE and agency not in left_out
        if not found and not sure:
            return []
        if not found or (sure and max(own[found[-1][1]], found[-1][2][agency]) <= STRANGE):
            found.append((start, agency, own))
    lasts = [*(start - 1 for start, _, _ in found[1:]), len(document.words) - 1]
    return [
        Side(start, last, agency, float(own[agency])) for (start, agency, own), last in zip(found, lasts, strict=True)
    ]


def _cuts_at_connectors(document: Analysis) -> Iterator[Cut]:
    words = [word.normal for word in document.words]
    for position in range(MIN_BEFORE, len(words) - MIN_BEHIND):
        if words[position] not in _BY_FIRST_WORD:
            continue
        size = _connector_at(document, words, position)
        behind = position + size
        if not size or len(words) - behind < MIN_BEHIND or words[behind] in _TO or _only_reports(words, position):
            continue
        yield Cut(position, len(words))


def _connector_at(document: Analysis, words: Sequence[str], position: int) -> int:
    """Return of how many words the longest connector at ``position`` is; 0 if there is none."""
    found = [
        len(connector)
        for connector in _BY_FIRST_WORD[words[position]]
        if tuple(words[position : position + len(connector)]) == connector
        and (connector not in _PAUSED_WORDS or _after_pause(document, position))
    ]
    return max(found, default=0)


def _after_pause(document: Analysis, position: int) -> bool:
    before, token = document.tokens[position - 1 : position + 1]
    return bool(_PAUSE.search(document.text[before.end : token.start]))


def _only_reports(words: Sequence[str], cut: int) -> bool:
    """Tell whether what stands before a cut says only to whom it was reported: *sudah saya laporkan ke PLN*."""
    said = set(words[: min(4, cut)])
    return cut <= _REPORT_WORDS and not said.isdisjoint(_ALREADY) and not said.isdisjoint(_REPORTED)


def _cuts_of_list(document: Analysis) -> Iterator[Cut]:
    """Yield the cuts before the second and later items of a list, each judged without those behind it."""
    for pattern, beginnings, second in _LISTS:
        if not any(mark in document.text for mark in second):
            continue
        found = list(islice(pattern.finditer(document.text), MAX_CUTS + 2))
        if tuple(match[1] for match in found[:2]) != beginnings:
            continue
        tokens = document.tokens
        items = [bisect_left(tokens, match.start(), key=attrgetter("start")) for match in found]
        ends = [*items[1:], len(tokens)]
        # An item without a word begins where the next one does.
        yield from (Cut(item, end) for item, end in zip(items[1:], ends[1:], strict=True) if item < end)
        return
