"""Schema migrations: upgrade, downgrade and checks at startup.

Alembic is imported only to change a schema, so that a server with a current database starts without it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from serve.errors import StoreError
from serve.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x0D15_B052  # advisory lock; an arbitrary number that nothing else uses


def upgrade(database: Database, revision: str = "head") -> None:
    """Upgrade the schema in one transaction; on an error nothing is changed.

    Raises
    ------
    StoreError
        If the database was made by a newer version, or there is no such revision.
    """
    _run(database, "upgrade", revision)


def downgrade(database: Database, revision: str) -> None:
    """Downgrade the schema to an older revision; ``base`` drops all tables.

    Raises
    ------
    StoreError
        If there is no such revision.
    """
    _run(database, "downgrade", revision)


def current(database: Database) -> str | None:
    """Return the revision of the database; ``None`` if it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def newest() -> str:
    """Return the newest revision, which this version of Disposisi needs."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Return all revisions, oldest first, taken from the names of the migration files."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def ensure_current(database: Database) -> None:
    """Upgrade an embedded database if needed; only check one on a server.

    With a database server several processes may start at once, and an upgrade is its administrator's decision; only an
    empty database is initialised.

    Raises
    ------
    StoreError
        If the schema is not the one needed.
    """
    found, needed = current(database), newest()
    if found == needed:
        return
    check_known(found)
    if found is None and database.embedded and inspect(database.engine).get_table_names():
        raise StoreError(f"{database.url.database} is not a Disposisi database.", mend="Name another file: --database.")
    if database.embedded or found is None:
        upgrade(database)
        return
    raise StoreError(
        f"The database has schema {found}, this version needs {needed}.", mend="Run: disposisi db upgrade."
    )


def check_known(found: str | None) -> None:
    """Check that the schema isn't of a newer version, which this one can neither upgrade nor downgrade.

    Raises
    ------
    StoreError
        If it is.
    """
    if found is not None and found not in revisions():
        raise StoreError(
            f"The database has schema {found}, which is newer than this version's {newest()}.",
            mend=f"Install the version that made it, at least for: disposisi db downgrade {newest()}.",
        )


def _run(database: Database, step: str, revision: str) -> None:
    check_known(current(database))
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    try:
        with database.engine.execution_options(writes=True).begin() as connection:
            if not database.embedded:  # serialise concurrent upgrades; SQLite has one writer anyway
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config.attributes["connection"] = connection
            getattr(command, step)(config, revision)
    except CommandError as error:
        raise StoreError(
            f"The schema cannot be changed to {revision!r}: {error}.",
            mend=f"The revisions are {', '.join(revisions())}.",
        ) from None
