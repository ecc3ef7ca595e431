"""What a batch writes, whole or not at all; where it cannot be written, an error says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import BatchError
from pipeline.whole_files import replacing


@contextmanager
def appearing_whole(path: Path) -> Iterator[Path]:
    """Yield a name to write what a batch makes to, as :func:`replacing` does.

    Raises
    ------
    BatchError
        If it cannot be written.
    """
    with told_if_unwritable(path), replacing(path) as unfinished:
        yield unfinished


@contextmanager
def told_if_unwritable(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals (disk full, no rights) into an error that says what to do.

    Raises
    ------
    BatchError
        In place of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise BatchError(
            f"{path} cannot be written: {error.strerror or error}.",
            mend="Free disk space or fix the permissions, then run the same command to resume.",
        ) from None
