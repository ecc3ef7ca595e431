"""Bringing a database to the schema of this version, forward and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from serve.errors import StoreError
from serve.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema forward; with all data, or, on an error, not at all.

    Raises
    ------
    StoreError
        If the database was made by a newer version, or there is no such revision.
    """
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the schema back to an older revision; ``base`` removes all tables.

    Raises
    ------
    StoreError
        If there is no such revision.
    """
    _run(database, command.downgrade, revision)


def current(database: Database) -> str | None:
    """Return the revision of the database; ``None`` if it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision that this version of Disposisi needs."""
    return ScriptDirectory(str(_FOLDER)).get_current_head()


def revisions() -> list[str]:
    """Return all revisions, the oldest first."""
    steps = ScriptDirectory(str(_FOLDER)).walk_revisions()
    return [step.revision for step in steps][::-1]


def ensure_current(database: Database) -> None:
    """Let an embedded database be brought up; one on a server is only checked.

    Several processes may start on a server at once, and an upgrade there is its administrator's decision; only a new,
    empty database is filled.

    Raises
    ------
    StoreError
        If the schema isn't the one that is needed.
    """
    found, needed = current(database), newest()
    if found == needed:
        return
    if database.embedded or found is None:
        upgrade(database)
        return
    raise StoreError(
        f"The database has schema {found}, this version needs {needed}.", mend="Run: disposisi db upgrade."
    )


def _run(database: Database, step: object, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    try:
        with database.engine.execution_options(writes=True).begin() as connection:
            config.attributes["connection"] = connection
            step(config, revision)  # type: ignore[operator]
    except CommandError as error:
        raise StoreError(
            f"The schema cannot be changed to {revision!r}: {error}.",
            mend="See the revisions with: disposisi db check. A newer schema needs a newer Disposisi.",
        ) from None
