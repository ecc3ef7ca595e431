"""Which of the models in a folder answers: the champion, the challenger beside it, and the champions before.

::

    models/
      champion.json            who is what, and every change with its reason
      20261125-93740de2/       a model; its name tells its day and its content
      default/                 answers while there is no champion

The file is the source of truth: it works without MLflow, is copied with the models, and is replaced in one step, so
that a server that watches it never reads half of it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.atomic_files import write_whole
from pipeline.errors import PromotionError, TamperedModelError
from pipeline.manifest import MANIFEST

CHAMPION: Final = "champion.json"
REPORT: Final = "report"  # folder of the page that training made of a model, in the model's own
_DEFAULT: Final = "default"


class Change(BaseModel):
    """One change of the standing."""

    model_config = ConfigDict(frozen=True)

    at: dt.datetime
    action: Literal["promote", "force", "rollback", "challenge"]
    model: str
    reason: str = ""


class Standing(BaseModel):
    """``champion.json``.

    Attributes
    ----------
    champion
        Name of the folder of the model that answers.
    challenger
        Of the model that runs beside it in shadow, unheard.
    previous
        The champions before, the newest last; a rollback takes the last.
    history
        Every change, the newest last.
    """

    model_config = ConfigDict(frozen=True)

    champion: str
    challenger: str | None = None
    previous: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()


def read_standing(models: Path) -> Standing | None:
    """Return who is champion in the folder ``models``; ``None`` if nobody was promoted there yet.

    Raises
    ------
    TamperedModelError
        If the file isn't readable as a standing, or names something outside the folder.
    """
    path = models / CHAMPION
    try:
        standing = Standing.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        raise TamperedModelError(
            f"{path} cannot be read as the record of the champion ({type(error).__name__}).",
            mend="Restore it from a backup, or delete it and promote a model: disposisi promote MODEL.",
        ) from None
    for name in (standing.champion, standing.challenger or standing.champion, *standing.previous):
        if Path(name).name != name or name in {"", ".", ".."}:
            raise TamperedModelError(
                f"{path} names {name!r}, which is not a folder beside it.", mend="Restore it from a backup."
            )
    return standing


def write_standing(models: Path, standing: Standing) -> None:
    """Replace ``champion.json`` in one step; a crash leaves the old one."""
    write_whole(models / CHAMPION, standing.model_dump_json(indent=2))


@contextmanager
def changing(models: Path) -> Iterator[None]:
    """Lock the folder of models, so that only one process at a time reads and changes ``champion.json``.

    A folder that doesn't exist yet needs no lock. Windows has none, nor has NFS (flock(2)): there, of two changes at
    once, one may be lost.
    """
    if sys.platform == "win32" or not models.is_dir():
        yield
        return
    import fcntl  # noqa: PLC0415 (not on Windows)

    held = os.open(models, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def check_not_in_use(folder: Path) -> None:
    """Refuse a folder that ``champion.json`` names: a new model written there would answer without a comparison.

    Raises
    ------
    PromotionError
        If it is that of the champion, of the challenger or of one to roll back to.
    """
    folder = folder.resolve()
    standing = read_standing(folder.parent)
    if standing and folder.name in {standing.champion, standing.challenger, *standing.previous}:
        raise PromotionError(
            f"{folder} must not be overwritten: {folder.parent / CHAMPION} names it.",
            mend="Write the new model to another folder with --out FOLDER, then compare and promote it.",
        )


def resolve_model(path: Path) -> Path:
    """Return the folder of the model that ``path`` stands for.

    A model's folder stands for itself; a folder of models for its champion, or without one for the model ``default``
    in it. Anything else is returned as it is, for the loader to complain about.
    """
    if (path / MANIFEST).exists():
        return path
    standing = read_standing(path) if path.is_dir() else None
    if standing:
        return path / standing.champion
    return path / _DEFAULT if (path / _DEFAULT / MANIFEST).exists() else path
