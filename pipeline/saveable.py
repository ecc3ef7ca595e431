"""Whether a model can be saved in a folder: nothing but a model is replaced, and there is room for it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.atomic_files import is_unfinished, nearest_parent
from pipeline.atomic_folders import check_writable
from pipeline.champion import REPORT, check_not_in_use
from pipeline.errors import ModelError
from pipeline.manifest import MANIFEST, named_files
from pipeline.trust import SIGNATURE

_ROOM: Final = 32_000_000  # bytes; how much the model of a region's starter corpus takes
_MEGABYTE: Final = 1_000_000
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the disk, what the account may use, what the process may
_OF_FILE_MANAGERS: Final = {".DS_Store", "Thumbs.db", "desktop.ini"}  # left in a folder that was looked at
_ANOTHER_FOLDER: Final = "Name another folder with --out: a new one, or that of a model that may go."
_MORE_ROOM: Final = "Free some space, or name a folder on another disk with --out."


def check_saveable(folder: Path) -> None:
    """Check that a model can be saved in ``folder``, before minutes are spent on training it; nothing is left there.

    Raises
    ------
    PromotionError
        If ``champion.json`` names it.
    ModelError
        If the folder holds anything beside a model and its report, which would be lost, is a disk, or has no room.
    OSError
        If it cannot be written.
    """
    check_may_go(folder)
    check_writable(folder)
    disk = shutil.disk_usage(nearest_parent(folder.resolve()))
    if disk.total and disk.free < _ROOM:  # some network disks tell neither
        raise ModelError(
            f"{disk.free // _MEGABYTE} MB are free where {folder} would be, and a model takes about "
            f"{_ROOM // _MEGABYTE} MB.",
            mend=_MORE_ROOM,
        )


def check_may_go(folder: Path) -> None:
    """Check that nothing is in ``folder``, or a model that may go.

    Raises
    ------
    PromotionError, ModelError
        See :func:`check_saveable`.
    """
    check_not_in_use(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ModelError(f"{folder} is a file, and a model is a folder.", mend=_ANOTHER_FOLDER)
    if os.path.ismount(folder.resolve()):
        raise ModelError(
            f"{folder} is where a disk is mounted, and cannot be replaced.",
            mend=f"Name a folder in it: --out {folder / 'NAME'}.",
        )
    own = {MANIFEST, SIGNATURE, REPORT, *named_files(folder), *_OF_FILE_MANAGERS}
    if others := sorted(path.name for path in folder.iterdir() if path.name not in own and not is_unfinished(path)):
        holds = others[0] if len(others) == 1 else f"{others[0]} and {len(others) - 1:,} more"
        raise ModelError(
            f"{folder} is not replaced by a model: it holds {holds}, which would be lost.", mend=_ANOTHER_FOLDER
        )


@contextmanager
def disk_may_fill(folder: Path, size: int) -> Iterator[None]:
    """Tell of a disk that fills up while a model of ``size`` bytes is written to ``folder``.

    Raises
    ------
    ModelError
        Then; what was there is unchanged.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise ModelError(
            f"The disk of {folder} is full: the model takes {size // _MEGABYTE + 1} MB, and was not saved. "
            "What was there before is unchanged.",
            mend=f"{_MORE_ROOM} Then do it again.",
        ) from error
