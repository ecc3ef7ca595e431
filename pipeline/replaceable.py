"""Which existing file a command may replace: one that it wrote itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.atomic_files import check_writable
from pipeline.errors import DataError

_HEAD: Final = 4_096  # bytes; the marks are near the beginning


def check_replaceable(path: Path, mark: str, command: str) -> None:
    """Check that ``disposisi command`` can write a file and replaces no other's, before minutes are spent on it.

    An empty file may be replaced.

    Parameters
    ----------
    mark
        What is near the beginning of every file that the command writes.

    Raises
    ------
    DataError
        If another file, or a folder, is there.
    OSError
        If it cannot be read or written.
    """
    _check_place(path)
    if not path.exists():
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head and mark.encode() not in head:
        raise _not_own(path, command)


def check_table_replaceable(path: Path, own: Iterable[pa.Field], command: str) -> None:
    """Check the same of a Parquet file.

    Parameters
    ----------
    own
        Columns that every table has that the command writes.

    Raises
    ------
    DataError, OSError
        See :func:`check_replaceable`.
    """
    _check_place(path)
    if not path.exists():
        return
    try:
        with path.open("rb") as file:  # opened here: a path that is no UTF-8 is none to Arrow
            columns = set(pq.read_schema(file))
    except pa.ArrowInvalid:
        columns = set()
    if not columns.issuperset(own):
        raise _not_own(path, command)


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise DataError(f"{path} is a folder, and a file would be written there.", mend="Name a file.")
    check_writable(path)


def _not_own(path: Path, command: str) -> DataError:
    return DataError(
        f"{path} is there, and was not written by disposisi {command}.",
        mend="Choose another file or folder, or remove it.",
    )
