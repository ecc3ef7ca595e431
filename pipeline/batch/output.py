"""Writing the output of a batch, whole or not at all, with errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.atomic_files import replacing
from pipeline.errors import BatchError


@contextmanager
def appearing_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary name to write to, as :func:`replacing` does.

    Raises
    ------
    BatchError
        If it cannot be written.
    """
    with told_if_unwritable(path), replacing(path) as unfinished:
        yield unfinished


@contextmanager
def told_if_unwritable(path: Path) -> Iterator[None]:
    """Turn errors of the operating system (disk full, permission denied) into one that says what to do.

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
