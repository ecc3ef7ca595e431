"""What the sources of all formats share, and how a file that breaks off is reported."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
from python_calamine import CalamineError

from pipeline.batch.chunks import WHOLE_FILE, Piece, Unreadable
from pipeline.batch.files import InputFile

# Errors of reading a broken file: truncated or invalid gzip, a damaged Parquet page, a lost mount.
READ_ERRORS = (OSError, EOFError, zlib.error, ValueError, pa.ArrowException, CalamineError)


class Source(Protocol):
    """Rows to read, of one file, table or query."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of every piece."""

    @property
    def expected_rows(self) -> int:
        """How many rows there are, for the progress display; an upper bound where only reading would tell."""

    def fingerprint(self) -> dict[str, Any]:
        """Return plain values that change when the input does."""

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time; where reading fails, a refused row tells the place."""


@dataclass(frozen=True)
class FileSource(Source):
    """A file as a source: what all formats share."""

    file: InputFile

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    def fingerprint(self) -> dict[str, Any]:
        """Return what changes when the file does."""
        return self.file.fingerprint()

    def top(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the first rows below the presumed header, for formats whose header may be further down."""
        return iter(())


def until_broken(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows; where reading fails, yield an unreadable row in place of the next one, and end."""
    number = WHOLE_FILE
    try:
        for number, cells in rows:
            yield number, cells
    except READ_ERRORS as error:
        yield number + 1, Unreadable(broken(error))


def broken(error: Exception) -> str:
    """Return the reason to give for the row at which reading failed."""
    return f"the file cannot be read from this row on: {in_short(error)}"


def in_short(error: Exception) -> str:
    """Return an error's first line, or its kind where it has none."""
    return str(error).splitlines()[0][:200].rstrip(".") if str(error) else type(error).__name__
