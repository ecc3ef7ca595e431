"""Labels that are taken as they are, without a region: the names of agencies, or complaints by mistake."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pipeline.batch.labels import may_quote

_ENOUGH_ROWS: Final = 10
_MOST: Final = 0.5


def are_complaints(labels: Collection[str], texts: Collection[str]) -> bool:
    """Tell whether the labels of a file's complaints are rather texts: a model's folder would name them as agencies.

    Hardly two complaints are the same, but many have the same agency. So the columns are swapped if there are more
    labels than texts; and the labels are not names if most of them are sentences that hardly occur twice.

    Parameters
    ----------
    labels, texts
        Those of each complaint, in the same order.

    Examples
    --------
    >>> texts = [f"Lampu jalan nomor {n} mati! Tolong" for n in range(20)]
    >>> are_complaints(["Dishub", "DLH"] * 10, texts), are_complaints(texts, ["Dishub", "DLH"] * 10)
    (False, True)
    """
    if len(labels) < _ENOUGH_ROWS:
        return False
    different = set(labels)
    if len(different) > len(set(texts)):
        return True
    sentences = sum(not may_quote(label) for label in different)
    return len(different) > _MOST * len(labels) and sentences > _MOST * len(different)
