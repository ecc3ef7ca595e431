"""The result of comparing two models, and its file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.atomic_files import write_whole
from pipeline.errors import TamperedModelError
from training.gate import Verdict
from training.metrics import Estimate


@dataclass(frozen=True, slots=True)
class Paired:
    """One figure of both models on the same rows.

    Attributes
    ----------
    change
        Challenger less champion, with the 95 % interval of a paired bootstrap.
    won, lost
        Rows that only the challenger, and only the champion, got right.
    p
        Probability of a split this unequal by chance: McNemar's exact test (1947).
    """

    rows: int
    champion: float
    challenger: float
    change: Estimate
    won: int
    lost: int
    p: float

    @property
    def told_p(self) -> str:
        """``p`` with three decimals, but never as zero."""
        return f"{self.p:.3f}" if self.p >= 0.001 else "<0.001"


@dataclass(frozen=True, slots=True)
class Group:
    """The same for a part of the complaints: one agency, or one slice (:mod:`training.slices`)."""

    name: str
    top1: Paired


@dataclass(frozen=True, slots=True)
class Alone:
    """What both models suggest to one agency alone, which dispatchers check least.

    Attributes
    ----------
    share
        Of the complaints, with the champion and with the challenger.
    precision
        Share of these that is right, likewise.
    change
        Challenger's precision less champion's, with a 95 % interval: Newcombe's (1998) for shares of different rows.
    """

    share: tuple[float, float]
    precision: tuple[float, float]
    change: Estimate


@dataclass(frozen=True, slots=True)
class MeanWeek:
    """A dispatcher's mean week with either model.

    Attributes
    ----------
    complaints
        Dated complaints per week of the hold-out; all complaints if none has a date.
    first, among_three, search
        Complaints whose agency was the first suggestion, the second or third, or had to be searched for; each with the
        champion and with the challenger.
    different
        Complaints whose first suggestion differs between the two.
    """

    complaints: float
    first: tuple[float, float]
    among_three: tuple[float, float]
    search: tuple[float, float]
    different: float


@dataclass(frozen=True, slots=True)
class Cost:
    """The costs of a model: median microseconds per complaint, megabytes of memory as features × agencies."""

    microseconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the gate decides on.

    Attributes
    ----------
    since, until
        The first and last day of the hold-out; ``None`` if its rows have no dates.
    calibration
        Expected calibration error of champion and challenger.
    alone
        Suggestions to one agency alone; ``None`` if a model makes none.
    urgent
        Recall of urgent complaints (``darurat``, ``tinggi``); ``None`` if none is labelled.
    urgency_cost
        Mean cost of misjudging urgency, at the region's costs; ``None`` without any label of urgency.
    lost_agencies, new_agencies
        Agencies of today that only the champion knows, and that only the challenger knows.
    data, sha256
        The file's name and the fingerprint of the rows read, as in a manifest.
    proved
        Whether dates prove that neither model was trained on any of the rows; otherwise the user said so.
    """

    champion: str
    challenger: str
    rows: int
    since: dt.date | None
    until: dt.date | None
    top1: Paired
    top3: Paired
    calibration: tuple[float, float]
    urgent: Paired | None
    agencies: tuple[Group, ...]
    slices: tuple[Group, ...]
    lost_agencies: tuple[str, ...]
    new_agencies: tuple[str, ...]
    week: MeanWeek
    cost: tuple[Cost, Cost]
    verdict: Verdict
    proved: bool = False
    urgency_cost: Paired | None = None
    alone: Alone | None = None
    data: str = ""
    sha256: str = ""


def save_comparison(path: Path, comparison: Comparison) -> None:
    """Write a comparison as JSON; a crash leaves no incomplete file."""
    write_whole(path, _JSON.dump_json(comparison, indent=2))


def read_comparison(path: Path) -> Comparison | None:
    """Return a saved comparison, ``None`` if there is none.

    Raises
    ------
    TamperedModelError
        If the file isn't a comparison.
    """
    try:
        return _JSON.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise TamperedModelError(f"{path} is not a comparison.", mend="Run disposisi compare again.") from None


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values, ready for JSON."""
    plain: dict[str, Any] = _JSON.dump_python(comparison, mode="json")
    return plain


_JSON = TypeAdapter(Comparison)
