"""Folders that appear whole or not at all: filled beside their place, then put there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing_folder(folder: Path, *, beside: Path | None = None) -> Iterator[Path]:
    """Yield a new folder to fill; when that is done, it takes the place of ``folder``.

    A crash leaves the old one or none, never half a one.

    Parameters
    ----------
    folder
        Where to; its parents are made.
    beside
        The folder to fill it in, of the same file system; by default the one that ``folder`` lies in.

    Raises
    ------
    OSError
        If it cannot be written; ``folder`` is what it was.
    """
    folder = folder.resolve()  # a link stays one: what it leads to is replaced
    new = _new_folder(folder, beside or folder.parent)
    try:
        yield new
        new.chmod(0o755)
        _put_in_place(new, folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def check_writable(folder: Path) -> None:
    """Find out that a folder can be written before minutes go into making what is in it.

    Raises
    ------
    OSError
        If it cannot.
    """
    folder = folder.resolve()
    _new_folder(folder, folder.parent).rmdir()


def _new_folder(folder: Path, beside: Path) -> Path:
    beside.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=beside))


def _put_in_place(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_name(f"{new.name}.old")
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
