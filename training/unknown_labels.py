"""The unknown labels of a file, each shown only where it cannot be a complaint."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.batch import BadRow, Record
from pipeline.batch.labels import NOT_QUOTED, shown_label
from pipeline.batch.quotable import Quotable
from pipeline.region import Region

NO_SUCH_AGENCY = "the region has no agency"
SWAPPED = f"{NO_SUCH_AGENCY} {NOT_QUOTED}"
FREE_TEXT = "(free text)"  # stands for unknown labels that may be complaints


def shown_labels(labels: Sequence[str], texts: Sequence[str], known: Container[str]) -> list[str]:
    """Return labels as figures may name them.

    Parameters
    ----------
    labels, texts
        Those of each complaint, in the same order.
    known
        Labels that are no complaints: the classes of a model, the agencies of a region.

    Examples
    --------
    >>> shown_labels(["dishub", "Lampu mati! Tolong"], ["Lampu mati", "Dinas Perhubungan"], {"dishub"})
    ['dishub', '(free text)']
    """
    judge = Quotable(None)
    for label, text in zip(labels, texts, strict=True):
        if label in known:
            judge.add_known()
        else:
            judge.add(label, text)
    unknown = {label for label in labels if label not in known}
    shown = {label: shown_label(label) if judge.may_quote(label) else FREE_TEXT for label in unknown}
    return [shown.get(label, label) for label in labels]


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
