"""Repeated complaints: one that was exported into two files, or a text that many people send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data import Labelled


def text_key(row: Labelled) -> str:
    """Return the text without the differences between copies: case and white space."""
    return " ".join(row.complaint.text.casefold().split())


def without_repeats(rows: Iterable[Labelled]) -> list[Labelled]:
    """Return the rows, with those of the same text, address and agency merged into the first one."""
    once: dict[tuple[str, str | None, str | None], Labelled] = {}
    for row in rows:
        key = text_key(row), row.complaint.address, row.agency
        known = once.setdefault(key, row)
        once[key] = replace(
            known,
            urgency=known.urgency or row.urgency,
            problem=known.problem or row.problem,
            created_at=known.created_at or row.created_at,
            district=known.district or row.district,
        )
    return list(once.values())


def fold_groups(rows: Sequence[Labelled]) -> NDArray[Any] | None:
    """Return the rows' groups for folds, with equal texts in one group; ``None`` if all rows are independent."""
    first: dict[str, int] = {}
    groups = [row.group or f"row {first.setdefault(text_key(row), number)}" for number, row in enumerate(rows)]
    return np.array(groups) if len(first) < len(rows) else None
