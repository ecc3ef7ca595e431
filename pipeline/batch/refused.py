"""The file that lists the refused rows: how it is written and recognised."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final

from pipeline.batch.chunks import BadRow
from pipeline.batch.output import appearing_whole

_HEADER: Final = ("file", "row", "reason")


def write_refused(path: Path, rows: Iterable[BadRow]) -> None:
    """Write which rows were refused, and why; no file if none were."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        path.unlink(missing_ok=True)
        return
    with (
        appearing_whole(path) as unfinished,
        # A file name may not be valid UTF-8.
        unfinished.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow(_HEADER)
        table.writerows((row.file, row.row or "", row.reason) for row in chain([first], rows))


def lists_refused_rows(path: Path) -> bool:
    """Tell whether a file is a run's list of refused rows, which the next run may replace, or remove.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(1_000).strip() == ",".join(_HEADER).encode()
