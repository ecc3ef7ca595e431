"""How old the complaints are that a model was trained on, and which others it may have seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
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

    def untold(self, rows: Iterable[Labelled]) -> int:
        """Count the rows of which no date tells whether the model has seen them: theirs, or all of its training's."""
        if self.until is None:
            return sum(self.undated for _ in rows)
        return sum(row.created_at is None for row in rows)

    def older(self, rows: Iterable[Labelled]) -> int:
        """Count the rows from before the newest day: the model may have seen them. Those of unknown age don't count."""
        return sum(map(self._is_older, rows))

    def without_older(self, rows: Iterable[Labelled]) -> list[Labelled]:
        """Return the rows that :meth:`older` doesn't count."""
        return [row for row in rows if not self._is_older(row)]

    def _is_older(self, row: Labelled) -> bool:
        return self.until is not None and row.created_at is not None and row.created_at.date() < self.until
