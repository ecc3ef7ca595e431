"""What the commands on the store share: the option ``--database``, and opening it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from pipeline.cli.console import tell
from pipeline.sqlite_file import missing_file
from pipeline.trust import TRUSTED_KEYS
from serve.errors import SettingsError, StoreError
from serve.settings import Settings
from serve.store.database import Database, checked_url
from serve.store.migrate import ensure_current
from serve.store.trouble import damage, store_trouble

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


def settings_with(url: str | None) -> Settings:
    """Return the settings of the environment, with another database where one was named.

    Raises
    ------
    SettingsError
        If a variable holds what it cannot.
    """
    tell_unknown()
    try:
        return Settings() if url is None else Settings(database_url=url)
    except ValidationError as error:
        wrong = [
            f"DISPOSISI_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
        ]
        raise SettingsError(
            f"{'; '.join(wrong)}.", mend="For settings and their values see docs/operations.md."
        ) from None


@cache
def tell_unknown() -> None:
    """Tell, once, of variables that are named like settings and are none: mistyped, they would change nothing."""
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
        If it cannot be reached, is damaged, or doesn't answer: another process holds it, the disk is full.
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
    """Open the store for a command, with the schema that it needs.

    Raises
    ------
    StoreError
        If its schema is another one, or as :func:`reached`.
    """
    with reached(url) as database:
        ensure_current(database)
        yield database


@contextmanager
def opened_if_there(url: str | None) -> Iterator[Database]:
    """Open the store for a command on what is in it: a new one would be made where none was meant.

    Raises
    ------
    StoreError
        If there is none, or as :func:`opened`.
    """
    check_there(url)
    with opened(url) as database:
        yield database


def check_there(url: str | None) -> None:
    """Pass if there is a store; whether one on a server is empty is told when it is opened.

    Raises
    ------
    StoreError
        If there is none.
    """
    if file := missing_file(checked_url(settings_with(url).database_url)):
        raise StoreError(
            f"There is no store at {file}.",
            mend="Run this in the folder where disposisi serve runs, or set --database URL.",
        )


def now() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(tz=dt.UTC)
