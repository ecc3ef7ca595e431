"""The age of a model's training data: which complaints it may have seen, and which are new to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import DataError
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


def hold_out(
    rows: Sequence[Labelled], *seen: Seen, since: dt.date | None = None, believed: bool = False
) -> list[Labelled]:
    """Return the rows newer than all training data of both models.

    Parameters
    ----------
    seen
        For each model, the champion first.
    since
        The first day to use, whatever the models have seen; by default the day after the newest of ``seen``.
    believed
        Whether to assume that no model has seen a row if the row's age, or that of the training data, is unknown.

    Raises
    ------
    DataError
        If no row is left, or the age of a model's training data is unknown.
    """
    if since is None and not believed:
        _check_dated(seen)
    known = [one.until for one in seen if one.until]
    first = since or (max(known) + dt.timedelta(days=1) if known else dt.date.min)
    undated_too = believed and since is None
    newer = [row for row in rows if (row.created_at.date() >= first if row.created_at else undated_too)]
    if not newer:
        raise DataError(
            f"No complaint is from {first} or later, and the models may have been trained on older ones."
            if known or since
            else "No complaint has a date, so it is unknown whether the models were trained on it.",
            mend=f"Use newer complaints with dates, or pass {'' if believed else '--unseen or '}--since DAY if you "
            "know that the models were not trained on them.",
        )
    return newer


def is_proved(rows: Sequence[Labelled], *seen: Seen) -> bool:
    """Tell whether the dates prove that no model was trained on any of the rows."""
    last = max((one.until for one in seen if one.until), default=dt.date.min)
    return not any(one.undated for one in seen) and all(
        row.created_at is not None and row.created_at.date() > last for row in rows
    )


def _check_dated(seen: Sequence[Seen]) -> None:
    undated = [role for role, one in zip(("champion", "challenger"), seen, strict=False) if one.undated]
    if undated:
        was, it = ("was", "it") if len(undated) == 1 else ("were", "they")
        raise DataError(
            f"The {' and the '.join(undated)} {was} trained on complaints without a date: {it} may have seen these.",
            mend="Train on complaints with dates, or pass --unseen if you know that none of these were trained on.",
        )
