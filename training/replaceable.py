"""Which existing file a command may replace: one that it wrote itself."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import DataError

_HEAD = 4_096  # bytes; the marks are near the beginning


def check_replaceable(path: Path, mark: str, command: str) -> None:
    """Refuse to replace a file that ``disposisi command`` did not write; an empty one may be replaced.

    Parameters
    ----------
    mark
        What is near the beginning of every file that the command writes.

    Raises
    ------
    DataError
        If another file is there.
    OSError
        If it cannot be read.
    """
    if not path.is_file():
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head and mark.encode() not in head:
        raise DataError(
            f"{path} is there, and was not written by disposisi {command}.", mend="Choose another --out, or remove it."
        )
