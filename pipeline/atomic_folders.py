"""Folders that appear whole or not at all: filled under a temporary name, then renamed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.atomic_files import name_file, nearest_parent, sync


@contextmanager
def replacing_folder(folder: Path, *, beside: Path | None = None) -> Iterator[Path]:
    """Yield a temporary folder to fill, which then replaces ``folder``.

    A crash leaves the old folder or none, never a partly written one.

    Parameters
    ----------
    folder
        The folder to replace; missing parents are created.
    beside
        The folder to create the temporary one in, on the same file system; by default the parent of ``folder``.

    Raises
    ------
    OSError
        If it cannot be written; ``folder`` is unchanged.
    """
    folder = folder.resolve()  # a symbolic link is kept, and its target replaced
    beside = beside or folder.parent
    beside.mkdir(parents=True, exist_ok=True)
    new = _new_folder(folder, beside)
    try:
        yield new
        new.chmod(0o755)
        for path in (*new.rglob("*"), new):
            sync(path)
        _put_in_place(new, folder)
    except BaseException as error:
        shutil.rmtree(new, ignore_errors=True)
        name_file(error, folder)
        raise


def check_writable(folder: Path) -> None:
    """Check that a folder can be written, before minutes are spent on making its content; nothing is left of it.

    Raises
    ------
    OSError
        If it cannot.
    """
    folder = folder.resolve()
    _new_folder(folder, nearest_parent(folder)).rmdir()


def _new_folder(folder: Path, beside: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=beside))
    except OSError as error:  # it names the temporary folder
        raise OSError(error.errno, error.strerror, str(folder)) from None


def _put_in_place(new: Path, folder: Path) -> None:
    old = new.with_name(f"{new.name}.old")
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
