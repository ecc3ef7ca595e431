"""Writing files whole or not at all: under a temporary name, synced, then renamed in one step."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a name beside ``path`` to write to; when that is done, it takes the place of ``path`` at once.

    The name is the same every time, so that what a killed process left is written over by the next. Two processes must
    not write at the same time; with :func:`write_whole` they may.

    Raises
    ------
    OSError
        If it cannot be written; ``path`` is then unchanged.
    """
    with _put_in_place(path.with_name(f".new.{path.name}"), path) as unfinished:
        yield unfinished


@contextmanager
def replacing_together(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Yield a name to write to for each path, as :func:`replacing`; none is replaced before all are written.

    The first, which may tell of the others, is replaced last.

    Raises
    ------
    OSError
        If one cannot be written; where that is found before the first is replaced, all are what they were.
    """
    with ExitStack() as all_of_them:
        yield [all_of_them.enter_context(replacing(path)) for path in paths]


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file; if several processes do so at once, the last one wins, with its whole content.

    Parameters
    ----------
    content
        Text is written as UTF-8, its line ends as they are.

    Raises
    ------
    OSError
        If it cannot be written; ``path`` is then unchanged.
    """
    with _put_in_place(path.with_name(f".{path.name}.{token_hex(4)}.new"), path) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV in UTF-8.

    Raises
    ------
    OSError
        If it cannot be written; ``path`` is then unchanged.
    """
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def is_unfinished(path: Path) -> bool:
    """Tell whether a file was left behind by a write that was killed."""
    return path.name.startswith(".new.") or (path.name.startswith(".") and path.name.endswith(".new"))


def check_writable(path: Path) -> None:
    """Check that a file can be written, before minutes are spent on making its content; nothing is left of it.

    Raises
    ------
    OSError
        If it cannot.
    """
    try:
        with TemporaryFile(dir=nearest_parent(path)):
            pass
    except OSError as error:  # it names the temporary file
        raise OSError(error.errno, error.strerror, str(path)) from None


def nearest_parent(path: Path) -> Path:
    """Return the first parent that exists: where a file or folder and its missing parents would be created."""
    return next(parent for parent in path.absolute().parents if parent.exists())


def first_replaced(written: Iterable[Path], read: Iterable[Path]) -> Path | None:
    """Return the first output that is also an input, even under another name; ``None`` if there is none."""
    taken = {path.resolve() for path in read}
    return next((path for path in written if path.resolve() in taken), None)


def name_file(error: BaseException, path: Path) -> None:
    """Add the file to an error that names none, as Python's doesn't where a disk is full."""
    if isinstance(error, OSError) and error.errno is not None and error.filename is None:
        error.filename = str(path)


def sync(path: Path) -> None:
    """Flush a file's content, or a folder's renames, to disk."""
    if sys.platform == "win32" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _put_in_place(unfinished: Path, path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        name_file(error, path)
        raise
    sync(path.parent)
