"""Several problems in one message: where it can be cut so that each side goes to another agency.

A message is cut only before words that begin another matter (*selain itu*, *satu lagi*, *sekalian lapor*). Cutting at
any sentence was tried: sentences after the first tell what the problem does to people and name schools, puskesmas and
police on the way, and one in eight messages called two problems was one. Of all cuts the one
counts whose sides are surest of different agencies; neither side may speak for the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis

MIN_TOKENS = 4  # of each side; what is shorter tells no problem
MAX_CUTS = 6  # tried per message
SURE = 0.5  # least probability of each side's own agency
STRANGE = 0.1  # greatest probability of the other side's agency

_CONNECTORS = (
    "selain itu", "selain", "satu lagi", "oh ya", "oh iya", "sekalian", "terus juga", "trus juga", "yang kedua",
    "kedua", "tambahan", "tambah lagi", "di samping itu", "disamping itu", "kemudian juga", "lalu juga", "dan juga",
    "juga mau lapor", "mau lapor juga", "masalah lain",
)  # fmt: skip
_CONNECTOR_WORDS = tuple(tuple(connector.split()) for connector in _CONNECTORS)
_FIRST_WORDS = frozenset(words[0] for words in _CONNECTOR_WORDS)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two problems: tokens ``first`` to ``last``, both included, and its class by position."""

    first: int
    last: int
    agency: int
    probability: float


def cuts_of(document: Analysis) -> list[int]:
    """Return the positions of tokens before which the message may be cut, at most ``MAX_CUTS``."""
    words = [word.normal for word in document.words]
    if _FIRST_WORDS.isdisjoint(words):
        return []
    positions = range(MIN_TOKENS, len(words) - MIN_TOKENS + 1)
    return [p for p in positions if words[p] in _FIRST_WORDS and _begins_another(words, p)][:MAX_CUTS]


def sides_of(document: Analysis, cuts: Sequence[int]) -> list[Analysis]:
    """Return what stands before and behind each cut, in turns."""
    tokens = document.tokens
    return [document.keeping(side) for cut in cuts for side in (tokens[:cut], tokens[cut:])]


def two_problems(
    document: Analysis, cuts: Sequence[int], probabilities: NDArray[np.float32], left_out: frozenset[int]
) -> tuple[Side, Side] | None:
    """Return the two problems of a message, if it clearly tells two.

    Parameters
    ----------
    cuts
        From :func:`cuts_of`.
    probabilities
        Of the sides of the cuts, in the order of :func:`sides_of`, shape (2 * len(cuts), n_agencies).
    left_out
        Positions of agencies that are no problem's, such as "nothing to route".
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
            Side(0, cut - 1, first, float(before[first])),
            Side(cut, last, second, float(behind[second])),
        )
        best = (sure, sides)
    return best[1] if best else None


def _begins_another(words: Sequence[str], position: int) -> bool:
    return any(tuple(words[position : position + len(connector)]) == connector for connector in _CONNECTOR_WORDS)
