"""The age of a model's training data, and which other complaints it may have seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.data import Labelled


@dataclass(frozen=True, slots=True)
class Seen:
    """The age of a model's training data.

    Attributes
    ----------
    until
        The newest day of those with a date; ``None`` without any.
    undated
        Whether some may be of any date: they have none, or nothing is known about them.
    """

    until: dt.date | None = None
    undated: bool = True

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Seen:
        """Read it from the data of a manifest; without ``undated_rows``, as in old ones, the dates are unknown."""
        newest = data.get("newest")
        undated = data.get("undated_rows", data.get("real_rows", 1))
        return cls(dt.date.fromisoformat(str(newest)[:10]) if newest else None, undated > 0)

    def is_untold(self, row: Labelled) -> bool:
        """Tell whether dates cannot show if the model has seen the row: its own is missing, or all training dates."""
        return self.undated if self.until is None else row.created_at is None

    def is_old(self, row: Labelled) -> bool:
        """Tell whether the row is no newer than the training, so that the model may have seen it."""
        return self.until is not None and row.created_at is not None and row.created_at.date() <= self.until
