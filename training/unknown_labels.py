"""The rows of a file whose agency is unknown, with the label only where it cannot be a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.batch import BadRow, Record
from pipeline.batch.labels import NOT_QUOTED, is_swapped, may_quote, shown_label
from pipeline.region import Region

NO_SUCH_AGENCY = "the region has no agency"
SWAPPED = f"{NO_SUCH_AGENCY} {NOT_QUOTED}"
_MOST_NAMES = 200  # distinct unknown labels of a file; there are more only if the column holds texts
_MOST_SENTENCES = 0.2  # of the distinct unknown labels; above it the short ones, too, may be complaints
_MOST_SWAPPED = 0.5  # of the rows with an unknown label: a complaint that begins with "Desa" seems to name an office


@dataclass(slots=True)
class UnknownLabels:
    """The rows of one file whose label names no agency of the region.

    Whether a label may be quoted is known only when the whole file is read: "jalan rusak" may be a short complaint.
    """

    region: Region
    _rows: list[tuple[str, int, str]] = field(default_factory=list)
    _swapped: int = 0

    def add(self, record: Record, label: str) -> None:
        """Add a row with its label."""
        self._rows.append((record.file, record.row, label))
        self._swapped += is_swapped(self.region, label, record.complaint.text)

    def bad_rows(self) -> Iterator[BadRow]:
        """Yield the rows, each with its label if that may be quoted."""
        is_quoted = self._are_names()
        for file, row, label in self._rows:
            quoted = is_quoted and may_quote(label)
            yield BadRow(file, row, f"{NO_SUCH_AGENCY} {shown_label(label)!r}" if quoted else SWAPPED)

    def _are_names(self) -> bool:
        labels = {label for _, _, label in self._rows}
        sentences = sum(not may_quote(label) for label in labels)
        return (
            len(labels) <= _MOST_NAMES
            and sentences <= _MOST_SENTENCES * len(labels)
            and self._swapped <= _MOST_SWAPPED * len(self._rows)
        )
