"""Shared by commands that use the store: the option ``--database``, and opening the store."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from pipeline.champion import resolve_model
from pipeline.cli.console import tell
from pipeline.errors import ModelError
from pipeline.manifest import NO_REGION, read_manifest
from pipeline.region.national import clock_of
from pipeline.sqlite_file import missing_file
from pipeline.trust import TRUSTED_KEYS
from pipeline.validation_errors import own_words
from serve.errors import SettingsError, StoreError
from serve.settings import Settings
from serve.store.database import Database, checked_url
from serve.store.database_errors import damage, store_trouble
from serve.store.migrate import ensure_current

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The database: sqlite:///FILE or postgresql://USER@HOST/NAME; by default DISPOSISI_DATABASE_URL, "
        "or data/disposisi.sqlite3.",
        show_default=False,
    ),
]
DECISIONS_FILE: Final = Path("data/labelled/decisions.parquet")  # where decisions are exported to by default


def settings_with(url: str | None) -> Settings:
    """Return the settings from the environment, with the database overridden if ``url`` is given.

    Raises
    ------
    SettingsError
        If a variable has an invalid value.
    """
    tell_unknown()
    try:
        return Settings() if url is None else Settings(database_url=url)
    except ValidationError as error:
        wrong = [f"DISPOSISI_{str(e['loc'][0]).upper()}: {own_words(e)}" for e in error.errors()]
        raise SettingsError(
            f"{'; '.join(wrong)}.", mend="For settings and their values see docs/operations.md."
        ) from None


@cache
def tell_unknown() -> None:
    """Warn, once, of variables named like settings that aren't any: a mistyped one would have no effect."""
    known = {f"DISPOSISI_{name.upper()}" for name in Settings.model_fields} | {TRUSTED_KEYS, "DISPOSISI_DEBUG"}
    for name in sorted(os.environ):
        if name.startswith("DISPOSISI_") and name not in known:
            tell(f"{name} is not a setting and has no effect. For settings see docs/operations.md.", style="yellow")


@contextmanager
def reached(url: str | None) -> Iterator[Database]:
    """Open the store for a command, whatever its schema.

    Raises
    ------
    StoreError
        If it cannot be reached, is damaged, or fails temporarily: another process holds it, the disk is full.
    """
    database = Database(settings_with(url).database_url)
    try:
        yield database
    except SQLAlchemyError as error:
        if trouble := store_trouble(error) or damage(error):
            raise trouble from None
        raise
    finally:
        database.close()


@contextmanager
def opened(url: str | None) -> Iterator[Database]:
    """Open the store for a command, with a current schema.

    Raises
    ------
    StoreError
        If its schema isn't current and cannot be upgraded here, or as in :func:`reached`.
    """
    with reached(url) as database:
        ensure_current(database)
        yield database


@contextmanager
def opened_if_there(url: str | None) -> Iterator[Database]:
    """Open an existing store for a command that works on its contents, without creating one by mistake.

    Raises
    ------
    StoreError
        If there is none, or as in :func:`opened`.
    """
    check_there(url)
    with opened(url) as database:
        yield database


def check_there(url: str | None) -> None:
    """Check that a SQLite store's file exists; a store on a server is only checked when opened.

    Raises
    ------
    StoreError
        If it doesn't.
    """
    if file := missing_file(checked_url(settings_with(url).database_url)):
        raise StoreError(
            f"There is no store at {file}.",
            mend="Run this in the folder where disposisi serve runs, or set --database URL.",
        )


def desk_clock() -> dt.tzinfo:
    """Return the clock by which the desk shows times: the one set, or that of the region of the model it serves."""
    settings = settings_with(None)
    if settings.timezone is not None:
        return ZoneInfo(settings.timezone)
    try:
        return clock_of(read_manifest(resolve_model(settings.model)).region.code)
    except ModelError:  # the store may be looked after on a machine without models
        return clock_of(NO_REGION)


def now() -> dt.datetime:
    """Return the current time in UTC."""
    return dt.datetime.now(tz=dt.UTC)
