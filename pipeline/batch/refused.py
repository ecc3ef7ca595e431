"""The file that tells which rows were refused: how it is known for what a run wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Final

REFUSED_HEADER: Final = ("file", "row", "reason")


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
        return file.readline(1_000).strip() == ",".join(REFUSED_HEADER).encode()
