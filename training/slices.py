"""Whether a model serves everybody equally: its figures by district, length, slang, capitals, address, month; drift.

A gap to all other complaints whose interval excludes 0 deserves a look; among many slices, one in twenty does so by
chance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.text.normalise import slang
from training.data import Labelled
from training.metrics import RESAMPLES, Estimate, share, share_gap

MIN_ROWS = 20  # smaller slices are merged as OTHER_SLICES: their intervals would be too wide
OTHER_SLICES = "others"
_LENGTHS = ((10, "to 10 words"), (30, "11-30 words"), (80, "31-80 words"), (None, "over 80 words"))
_SLANG = ((0.0, "none"), (0.1, "to 10 %"), (0.25, "10-25 %"), (None, "over 25 %"))
_WORD = re.compile(r"[^\W\d_]+")
_SHIFTS = 5  # number of classes shown, those whose share changed most


@dataclass(frozen=True, slots=True)
class Part:
    """Complaints with something in common; ``inside`` marks the rows, shape (n_rows,)."""

    aspect: str
    name: str
    inside: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of complaints with something in common.

    Attributes
    ----------
    aspect
        ``district``, ``length``, ``slang``, ``writing``, ``address`` or ``month``.
    top1
        Share of its complaints whose agency is the first.
    gap
        ``top1`` less that of all other complaints.
    """

    aspect: str
    name: str
    rows: int
    top1: Estimate
    gap: Estimate


@dataclass(frozen=True, slots=True)
class Shift:
    """The share of one agency in the older and in the newer half of the complaints, and their difference."""

    agency: str
    before: float
    after: float
    change: Estimate


@dataclass(frozen=True, slots=True)
class MixChange:
    """How the mix of agencies changed from the older half of the complaints to the newer.

    Attributes
    ----------
    distance
        Total variation distance of the two mixes: the share of complaints that would have to change their agency.
    by_chance
        The distance that 95 of 100 random divisions into halves stay below; a larger one is drift.
    shifts
        The agencies whose share changed most.
    """

    distance: float
    by_chance: float
    shifts: list[Shift]


def slice_figures(rows: Sequence[Labelled], hits: NDArray[np.bool_]) -> list[Slice]:
    """Return the figures of every slice; aspects that the rows have no data for are left out.

    Parameters
    ----------
    rows
        Labelled complaints.
    hits
        Whether the first agency was right, shape (len(rows),).
    """
    return [_slice(part, hits) for part in slices_of(rows)]


def slices_of(rows: Sequence[Labelled]) -> Iterator[Part]:
    """Yield every slice of every aspect that divides the rows; small ones are merged as ``OTHER_SLICES``."""
    for aspect, name_of in _ASPECTS.items():
        names = np.array(_joined([name_of(row) for row in rows]), dtype=object)
        present = sorted({name for name in names if name}, key=lambda name: _ORDER.get(name, (0, name)))
        if len(present) > 1:
            yield from (Part(aspect, name, names == name) for name in present)


def class_drift(rows: Sequence[Labelled], seed: int = 0) -> MixChange | None:
    """Return how the mix of agencies changed; ``None`` with fewer than two dated rows."""
    dated = sorted((row for row in rows if row.created_at and row.agency), key=lambda row: str(row.created_at))
    if len(dated) < 2:
        return None
    labels, numbers = np.unique([str(row.agency) for row in dated], return_inverse=True)
    half, size = len(numbers) // 2, len(labels)
    older, newer = numbers[:half], numbers[half:]
    rng = np.random.default_rng(seed)
    shuffled = (rng.permutation(numbers) for _ in range(RESAMPLES))
    by_chance = np.percentile([_distance(drawn[:half], drawn[half:], size) for drawn in shuffled], 95)
    most = np.argsort(-np.abs(_mix(newer, size) - _mix(older, size)), kind="stable")[:_SHIFTS]
    shifts = [
        Shift(str(labels[i]), float((older == i).mean()), float((newer == i).mean()), share_gap(newer == i, older == i))
        for i in most
    ]
    return MixChange(_distance(older, newer, size), float(by_chance), shifts)


def slang_share(text: str) -> float:
    """Return the share of a text's words that the slang table knows, 0 to 1."""
    words = _WORD.findall(text.lower())
    return sum(word in slang() for word in words) / len(words) if words else 0.0


def _length(row: Labelled) -> str:
    return _bin(len(row.complaint.text.split()), _LENGTHS)


def _slang(row: Labelled) -> str:
    return _bin(slang_share(row.complaint.text), _SLANG)


def _writing(row: Labelled) -> str:
    letters = [c for c in row.complaint.text if c.isalpha()]
    return "ALL CAPS" if sum(c.isupper() for c in letters) > len(letters) / 2 else "few capitals"


def _month(row: Labelled) -> str | None:
    return f"{row.created_at:%Y-%m}" if row.created_at else None


_ASPECTS: dict[str, Callable[[Labelled], str | None]] = {
    "district": lambda row: row.district,
    "length": _length,
    "slang": _slang,
    "writing": _writing,
    "address": lambda row: "given" if row.complaint.address else "none",
    "month": _month,
}
# Bins in their own order, everything else by name, the merged slices last.
_ORDER = {name: (number, name) for bins in (_LENGTHS, _SLANG) for number, (_, name) in enumerate(bins)}
_ORDER[OTHER_SLICES] = (max(len(_LENGTHS), len(_SLANG)), OTHER_SLICES)


def _bin(value: float, bins: Sequence[tuple[float | None, str]]) -> str:
    return next(name for limit, name in bins if limit is None or value <= limit)


def _joined(names: Sequence[str | None]) -> list[str | None]:
    counts = Counter(names)
    return [OTHER_SLICES if name and counts[name] < MIN_ROWS else name for name in names]


def _slice(part: Part, hits: NDArray[np.bool_]) -> Slice:
    own, others = hits[part.inside], hits[~part.inside]
    return Slice(part.aspect, part.name, len(own), share(own), share_gap(own, others))


def _mix(numbers: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    return np.bincount(numbers, minlength=size) / max(len(numbers), 1)


def _distance(one: NDArray[np.intp], other: NDArray[np.intp], size: int) -> float:
    return float(np.abs(_mix(one, size) - _mix(other, size)).sum() / 2)
