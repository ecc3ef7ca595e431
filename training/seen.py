"""How old the complaints are that a model was trained on, and which others it may have seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.data import Labelled


@dataclass(frozen=True, slots=True)
class Seen:
    """How old the complaints are that a model was trained on.

    Attributes
    ----------
    until
        The newest day of those with a date; ``None`` without any.
    undated
        Whether some may be of any day: they have no date, or nothing is known of them.
    """

    until: dt.date | None = None
    undated: bool = True

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Seen:
        """Read it from a manifest's facts on the data; those before ``undated_rows`` was kept know of no dates."""
        newest = data.get("newest")
        undated = data.get("undated_rows", data.get("real_rows", 1))
        return cls(dt.date.fromisoformat(str(newest)[:10]) if newest else None, undated > 0)

    def is_untold(self, row: Labelled) -> bool:
        """Tell whether no date says if the model has seen the row: its own is missing, or all of the training's."""
        return self.undated if self.until is None else row.created_at is None

    def is_old(self, row: Labelled) -> bool:
        """Tell whether the row is no newer than the training, so that the model may have seen it."""
        return self.until is not None and row.created_at is not None and row.created_at.date() <= self.until
