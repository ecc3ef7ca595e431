"""The rows that the report shows: the heaviest of a kind, with their texts masked and shortened."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from pipeline.batch.values import readable
from pipeline.text.mask import mask

MAX_EXAMPLES: Final = 200
SHOWN_CHARS: Final = 240
NO_SOURCE: Final = ("", 0)


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A row shown in the report; its text is masked and shortened.

    Attributes
    ----------
    weight
        The examples' sort key: the probability of a move, or the hours of a late answer.
    position
        The row's number in the output, counted from 1; negative, so that the first of equal examples comes first.
    file, row
        Where it stood in the input; ``NO_SOURCE`` if the result doesn't tell.
    """

    weight: float
    position: int
    file: str
    row: int
    old: str
    new: str
    probability: float
    month: str
    text: str


def keep(examples: list[Example], weight: float, made: Callable[[], Example]) -> bool:
    """Add an example to a heap of the heaviest, and tell whether it is one of them; only then it is made."""
    if len(examples) == MAX_EXAMPLES and weight <= examples[0].weight:
        return False
    if len(examples) < MAX_EXAMPLES:
        heapq.heappush(examples, made())
    else:
        heapq.heapreplace(examples, made())
    return True


def heaviest(examples: Iterable[Example]) -> list[Example]:
    """Return examples, the heaviest first."""
    return sorted(examples, reverse=True)


def shown_text(text: Any) -> str:
    """Return a complaint's text as the report may show it."""
    masked = " ".join(mask(readable(text)).split())
    return masked if len(masked) <= SHOWN_CHARS else f"{masked[: SHOWN_CHARS - 1]}…"
