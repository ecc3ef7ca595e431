"""Reads the real complaints that benchmarks measure on. They lie outside the project and never enter it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Complaint, Level
from pipeline.region import Region
from training.data import OTHERS, Labelled, LabelledData, Split, join_rare, read_labelled

ROOT = Path(__file__).parents[1]
BENCH = ROOT.parent / "shared" / "bench"
MIN_ROWS = 10  # rarer labels are joined to one class, as the benchmark's README says

# Groups of offices that the annotator did not distinguish, by kind of agency.
_GROUPS = {"bagian": "setda", "rsud": "rsud", "luar": "luar", "bukan": "bukan", "desa": "kelurahan"}
_LEVELS = {"1": Level.RENDAH, "2": Level.SEDANG, "3": Level.TINGGI, "4": Level.DARURAT}


@dataclass(frozen=True, slots=True)
class GoldComplaint:
    """A carefully annotated complaint, as if from Kabupaten Bekasi.

    Attributes
    ----------
    stratum
        ``random`` or ``enriched`` (contains a word for danger).
    agencies
        The right agency and, if there is one, an equally right second one; groups are named as by :func:`group_of`.
    """

    complaint: Complaint
    stratum: str
    urgency: Level
    agencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class CityComplaints:
    """Rows for training and for tuning, in order of time, with rare labels joined as ``OTHERS``.

    Attributes
    ----------
    rare
        The labels that were joined.
    """

    train: list[Labelled]
    dev: list[Labelled]
    rare: frozenset[str]

    def in_their_labels(self, rows: Sequence[Labelled]) -> list[Labelled]:
        """Return rows of the same region with these labels, without rows of agencies that don't occur here."""
        used = {row.agency for row in (*self.train, *self.dev)}
        joined = (replace(row, agency=OTHERS) if row.agency in self.rare else row for row in rows)
        return [row for row in joined if row.agency in used]


def city_complaints(bench: Path, region: Region | None) -> CityComplaints:
    """Read the complaints of Kota Surabaya.

    Parameters
    ----------
    bench
        The folder of the real complaints.
    region
        ``kota_surabaya`` for its agencies' codes, ``None`` for the original labels.
    """
    path = found(bench / "city-complaints.parquet")
    parts: list[LabelledData] = [
        read_labelled([path], region, split=Split("split", value)) for value in ("train", "dev")
    ]
    train, dev = (join_rare(part.rows, part.label_counts, MIN_ROWS) for part in parts)
    rare = frozenset(label for label, count in parts[0].label_counts.items() if count < MIN_ROWS)
    return CityComplaints(train, dev, rare)


def positions(classes: NDArray[np.str_], rows: Sequence[Labelled]) -> NDArray[np.intp]:
    """Return the position of each row's agency among sorted classes; -1 if missing."""
    labels = np.array([str(row.agency) for row in rows])
    return np.where(np.isin(labels, classes), np.searchsorted(classes, labels), -1)


def gold_complaints(bench: Path, gold: Path | None = None) -> list[GoldComplaint]:
    """Return the complaints of a gold file, ``gold-dev.csv`` by default, with text but without address.

    The annotator saw only the text, so the model gets no more.
    """
    texts = _texts_by_id(found(bench / "city-complaints.parquet"))
    with found(gold or bench / "gold-dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        GoldComplaint(
            complaint=Complaint(texts[row["id"]]),
            stratum=row["stratum"],
            urgency=_LEVELS[row["urgency"]],
            agencies=frozenset(filter(None, (row["agency"], row["agency2"]))),
        )
        for row in rows
    ]


def group_of(region: Region) -> Callable[[str], str]:
    """Return a function from an agency's code to its group in the gold file: ``setda-hukum`` to ``setda``."""
    return lambda code: _GROUPS.get(region.kind_of(code), code)


def _texts_by_id(path: Path) -> dict[str, str]:
    data = read_labelled([path], None)
    return {row.complaint.id or "": row.complaint.text for row in data.rows}


def found(path: Path) -> Path:
    """Return the path; exit with a message if nothing is there."""
    if not path.exists():
        sys.exit(f"{path} is missing. Say where the real complaints are: --bench FOLDER.")
    return path
