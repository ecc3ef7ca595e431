"""Review lists written by training: decisions that are likely wrong, and complaints most worth labelling.

Both are files, so that serving needs nothing of training: ``suspects.csv`` from ``disposisi suspects``, ``teach.csv``
from ``disposisi teach``. They hold numbers of complaints and codes of agencies, no text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.numerals import decimal, whole
from serve.errors import ReviewListError

SUSPECTS: Final = "suspects.csv"
TEACHING: Final = "teach.csv"
_Stamp = tuple[int, int]  # a file's modification time in ns, and its size


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that a model trained without it finds unlikely.

    Attributes
    ----------
    complaint
        Number of the complaint.
    given, likely
        The agency that was chosen, and the one that is more likely.
    believable
        How plausible the choice is, 0 to 1.
    """

    complaint: int
    given: str
    likely: str
    believable: float


@dataclass
class ReviewLists:
    """The two lists in a folder, reloaded when their files change.

    Parameters
    ----------
    folder
        Folder of the files; both are optional.
    """

    folder: Path
    _read: dict[str, tuple[_Stamp, tuple[Any, ...]]] = field(default_factory=dict, repr=False)

    def doubts(self) -> tuple[Doubt, ...]:
        """Return the doubted decisions, least plausible first; empty without a file.

        Raises
        ------
        ReviewListError
            If the file is not a valid list.
        """
        return self._list(SUSPECTS, _doubts)

    def teaching(self) -> tuple[int, ...]:
        """Return the numbers of undecided complaints, most informative first; empty without a file.

        Raises
        ------
        ReviewListError
            If the file is not a valid list.
        """
        return self._list(TEACHING, lambda rows: (number for row in rows if (number := whole(row["id"])) is not None))

    def _list(self, name: str, parse: Callable[[Iterable[Mapping[str, str]]], Iterable[Any]]) -> tuple[Any, ...]:
        path = self.folder / name
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._read.get(name)
            if known is None or known[0] != stamp:
                rows = _rows(path)
                if rows and not any(row["id"] for row in rows):
                    raise ReviewListError(
                        f"{name} tidak menyebut nomor aduan.",
                        mend="Minta analis membuatnya lagi dari berkas yang punya kolom id: docs/retraining.md.",
                    )
                known = self._read[name] = (stamp, tuple(parse(rows)))
        except FileNotFoundError:
            return ()
        except (OSError, KeyError, ValueError, csv.Error):
            raise ReviewListError(
                f"{name} bukan daftar yang dikenal.", mend="Minta analis membuatnya lagi: docs/retraining.md."
            ) from None
        return known[1]


def _rows(path: Path) -> Sequence[Mapping[str, str]]:
    """Return the rows of a list, whose marks of a spreadsheet (a BOM, cells behind the last column) say nothing.

    Raises
    ------
    ValueError
        If it has no column ``id``, or a row ends before its last column.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    if "id" not in (table.fieldnames or ()) or any(None in row.values() for row in rows):
        raise ValueError(path)
    return rows


def _doubts(rows: Iterable[Mapping[str, str]]) -> Iterable[Doubt]:
    for row in rows:
        number = whole(row["id"])
        # Lists may also cover complaints from other files, with identifiers that don't exist in this store.
        if number is None or row["given"] == row["likely"]:
            continue
        if (believable := decimal(row["believable"])) is None:
            raise ValueError("believable is no number")
        yield Doubt(number, row["given"], row["likely"], believable)
