"""Labelled complaints, from files to the rows that a model is fitted on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch import BadRow, Columns, Record, read_records
from pipeline.batch.columns import columns_of_each, shown_columns
from pipeline.batch.files import input_file
from pipeline.batch.labels import code_of_label, per_place_kind
from pipeline.batch.sources import open_file
from pipeline.batch.values import cell_text
from pipeline.clock import WIB, day_by, local_time
from pipeline.complaint import Complaint, Kind, Level
from pipeline.errors import ComplaintError, DataError
from pipeline.region import Region
from pipeline.region.succession import today
from pipeline.text import mask
from training.free_labels import are_complaints
from training.reorganisation import LabelMover
from training.unknown_labels import NO_SUCH_AGENCY, SWAPPED, UnknownLabels

ENOUGH_REAL = 200  # with this many real complaints, only they describe a model's training data and accuracy
OTHERS = "Lainnya"  # the class of all labels that are too rare to learn, without a region
_DISTRICT_COLUMNS = ("district", "kecamatan")
_LEVELS = {
    "4": Level.DARURAT, "darurat": Level.DARURAT, "emergency": Level.DARURAT, "kritis": Level.DARURAT,
    "3": Level.TINGGI, "tinggi": Level.TINGGI, "high": Level.TINGGI, "mendesak": Level.TINGGI,
    "2": Level.SEDANG, "sedang": Level.SEDANG, "medium": Level.SEDANG, "normal": Level.SEDANG, "biasa": Level.SEDANG,
    "1": Level.RENDAH, "rendah": Level.RENDAH, "low": Level.RENDAH,
}  # fmt: skip
_NO_LEVEL = f"the urgency cannot be read; write it as {', '.join(Level)}, or 4 to 1"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One complaint and what is known about it; ``None`` where something is unknown.

    Attributes
    ----------
    weight
        How much it counts in training.
    created_at
        When it was received. The newest date is a model's age, and hold-outs in time are split by it.
    district
        Where it happened, if the file has such a column; only used to compare figures.
    kind
        What sort of message it is, if known.
    group
        Rows of one group, such as phrasings of one origin, are never on both sides of a fold.
    """

    complaint: Complaint
    agency: str | None
    urgency: Level | None = None
    problem: str | None = None
    group: str | None = None
    weight: float = 1.0
    created_at: dt.datetime | None = None
    district: str | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Rows whose ``column`` has ``value``: ``split=train``."""

    column: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Split:
        """Read ``column=value``.

        Raises
        ------
        DataError
            If there is no equals sign.
        """
        column, equals, value = text.partition("=")
        if not (column and equals and value):
            raise DataError(f"{text!r} is not COLUMN=VALUE.", mend="Write it as split=train.")
        return cls(column, value)


@dataclass(slots=True)
class LabelledData:
    """The rows read, the rows that could not be used, and how often each label occurs in the files.

    Attributes
    ----------
    numbers
        The number of each row in its file or sheet, the header being 1.
    warnings
        Rows used without a value that cannot be read, such as a date or an urgency.
    """

    rows: list[Labelled] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)
    label_counts: Counter[str] = field(default_factory=Counter)
    fingerprint: str = ""

    def check_agencies(self, files: Sequence[Path]) -> None:
        """Refuse data that cannot be used for training or evaluation.

        Raises
        ------
        DataError
            If no row has an agency.
        """
        if any(row.agency for row in self.rows):
            return
        where = ", ".join(path.name for path in files)
        unknown = [row for row in self.bad if row.reason.startswith(NO_SUCH_AGENCY)]
        quoted = next((row for row in unknown if row.reason != SWAPPED), None)
        if unknown and quoted is None:
            what = f"No row of {where} names an agency of the region, and the agency column seems to hold complaints."
            raise DataError(what, mend=_check_columns(files))
        if quoted:
            raise DataError(
                f"No row of {where} names an agency of the region; the first: {quoted}.",
                mend="Check --agency and --region, or add what the file calls the agencies to agencies.csv as aliases.",
            )
        if self.rows:
            raise DataError(
                f"No row of {where} names an agency.", mend=f"Name its column: --agency.{_told_columns(files)}"
            )
        problem = f"; the first problem: {self.bad[0]}" if self.bad else ""
        raise DataError(f"{where} has no usable row{problem}.", mend="Check --text and --split-column.")


def read_labelled(
    paths: str | Path | Sequence[str | Path],
    region: Region | None,
    columns: Columns | None = None,
    split: Split | None = None,
    day: dt.date | None = None,
    *,
    label_needed: bool = True,
) -> LabelledData:
    """Read labelled complaints.

    Parameters
    ----------
    paths
        A file, or files, that :func:`pipeline.batch.read_records` reads.
    region
        Whose agencies the labels are, by code, official name or alias; ``None`` takes the labels as they are, with
        offices that exist once per place as one class.
    columns
        Column names, where they should not be found by their aliases. Of several files, one that has none of the names
        is read by its own: an export beside a spreadsheet.
    split
        The rows to take; labels are counted over all rows.
    day
        The day whose agencies the labels should name, today by default: labels of ended agencies are moved.
    label_needed
        Whether a row whose label names no agency of the region is bad; otherwise it is used without its label.

    Raises
    ------
    DataError
        If a file cannot be read or lacks the split's column, or if its labels, taken as they are, are complaints.
    """
    data = LabelledData()
    clock = region.clock if region else WIB
    mover = LabelMover(region, day or today(region)) if region else None
    digest = hashlib.sha256()
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    for path, named in zip(files, _columns_of(files, columns), strict=True):
        unknown, first = UnknownLabels(region) if region else None, len(data.rows)
        told = data.bad if label_needed else data.warnings
        before = len(told)
        for read in read_records(path, named):
            if isinstance(read, BadRow):
                data.bad.append(read)
                continue
            # Dates with and without a zone are told by one clock: their days prove what a model has not seen.
            record = replace(read, date=read.date and local_time(read.date, clock))
            label = _agency_of(record, region)
            data.label_counts[label or ""] += 1
            if split and not _is_in(record, split, path):
                continue
            if unknown and record.agency and label is None:
                unknown.add(record, record.agency)
                if label_needed:
                    continue
            if label and mover:
                label = mover.move(label, record.complaint)
            try:
                data.rows.append(_labelled(record, label, clock))
            except ComplaintError as error:  # a mask may be longer than what it hides
                data.bad.append(BadRow(record.file, record.row, error.english))
                continue
            data.numbers.append(record.row)
            data.warnings += [BadRow(record.file, record.row, what) for what in _left_out(record, clock)]
            digest.update(f"{record.complaint.text}\x1f{label}\x1f{record.urgency}\x1e".encode())
        if unknown:
            told += unknown.bad_rows()
            told[before:] = sorted(told[before:], key=lambda bad: bad.row)
        else:
            _check_labels(data.rows[first:], path)
    data.fingerprint = digest.hexdigest()
    return data


def _check_labels(rows: Sequence[Labelled], path: Path) -> None:
    labelled = [(row.agency, row.complaint.text) for row in rows if row.agency]
    if are_complaints([label for label, _ in labelled], [text for _, text in labelled]):
        raise DataError(f"The agency column of {path.name} seems to hold complaints.", mend=_check_columns([path]))


def _check_columns(files: Sequence[Path]) -> str:
    return f"Check --text and --agency: the columns may be swapped.{_told_columns(files)}"


def _told_columns(files: Sequence[Path]) -> str:
    """Return what columns there are, of the first where there are several files; nothing of a folder."""
    if not files[0].is_file():
        return ""
    whose = "Its columns" if len(files) == 1 else f"Those of {files[0].name}"
    return f" {whose} are: {shown_columns(open_file(input_file(str(files[0]))).schema.names)}."


def _columns_of(files: Sequence[Path], columns: Columns | None) -> list[Columns | None]:
    """Return the column names to use for each file.

    Raises
    ------
    DataError
        If none of several files has a given column.
    """
    if columns is None or columns == Columns() or len(files) < 2 or not all(path.is_file() for path in files):
        return [columns] * len(files)
    return [*columns_of_each([open_file(input_file(str(path))).schema.names for path in files], columns)]


def join_rare(rows: Iterable[Labelled], counts: Counter[str], min_rows: int) -> list[Labelled]:
    """Merge labels with fewer than ``min_rows`` rows into one class, ``OTHERS``."""
    return [replace(row, agency=OTHERS) if row.agency and counts[row.agency] < min_rows else row for row in rows]


def parse_level(value: str | None) -> Level | None:
    """Return the urgency that a cell names (Indonesian, English, or 1 to 4); ``None`` if it names none."""
    # pandas stores a column of integers with gaps as floats, and writes 3 as 3.0.
    return _LEVELS.get(value.strip().casefold().removesuffix(".0")) if value else None


def _agency_of(record: Record, region: Region | None) -> str | None:
    if not record.agency:
        return None
    if region is None:
        return per_place_kind(record.agency) or record.agency
    return code_of_label(region, record.agency, record.date.date() if record.date else None)


def _left_out(record: Record, clock: dt.tzinfo) -> Iterator[str]:
    """Yield what could not be read in a row that is used."""
    if record.warning:
        yield record.warning
    if record.date and _date_of(record, clock) is None:
        yield "the date is in the future"
    if record.urgency and parse_level(record.urgency) is None:
        # Without the cell: if the wrong column was given, it may contain anything.
        yield _NO_LEVEL


def _labelled(record: Record, label: str | None, clock: dt.tzinfo) -> Labelled:
    complaint = record.complaint
    masked = Complaint(
        mask(complaint.text), address=mask(complaint.address) if complaint.address else None, id=complaint.id
    )
    problem = cell_text(record.extra.get("problem")) or None
    district = next((cell_text(v) for name, v in record.extra.items() if name.casefold() in _DISTRICT_COLUMNS), None)
    return Labelled(
        masked,
        label,
        parse_level(record.urgency),
        problem=problem,
        created_at=_date_of(record, clock),
        district=district or None,
    )


def _date_of(record: Record, clock: dt.tzinfo) -> dt.datetime | None:
    """Return when a complaint was received; ``None`` for a future date, which would make the model seem newer."""
    return record.date if record.date and record.date.date() <= day_by(clock) + dt.timedelta(days=1) else None


def _is_in(record: Record, split: Split, path: Path) -> bool:
    if split.column not in record.extra:
        raise DataError(
            f"{path.name} has no column {split.column!r} to split by.",
            mend=f"It has besides the known ones: {', '.join(record.extra) or 'none'}.",
        )
    return cell_text(record.extra[split.column]) == split.value
