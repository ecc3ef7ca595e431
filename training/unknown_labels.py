"""The rows of a file whose agency is unknown, with the label only where it cannot be a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.batch import BadRow, Record
from pipeline.batch.labels import NOT_QUOTED, shown_label
from pipeline.batch.quotable import Quotable
from pipeline.region import Region

NO_SUCH_AGENCY = "the region has no agency"
SWAPPED = f"{NO_SUCH_AGENCY} {NOT_QUOTED}"


@dataclass(slots=True)
class UnknownLabels:
    """The rows of one file whose label names no agency of the region."""

    region: Region
    _rows: list[tuple[str, int, str]] = field(default_factory=list)
    _labels: Quotable = field(init=False)

    def __post_init__(self) -> None:
        self._labels = Quotable(self.region)

    def add(self, record: Record, label: str) -> None:
        """Add a row with its label."""
        self._rows.append((record.file, record.row, label))
        self._labels.add(label, record.complaint.text)

    def bad_rows(self) -> Iterator[BadRow]:
        """Yield the rows, each with its label if that may be quoted."""
        for file, row, label in self._rows:
            quoted = self._labels.may_quote(label)
            yield BadRow(file, row, f"{NO_SUCH_AGENCY} {shown_label(label)!r}" if quoted else SWAPPED)
