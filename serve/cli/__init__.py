"""The commands of serving: ``serve``, the store's, and those of people, keys, copies and training data."""

from __future__ import annotations

import typer

from serve.cli import backup, database, importing, keys, serve, subject, training, users


def add_commands(app: typer.Typer) -> None:
    """Add the commands of serving."""
    serve.add_commands(app)
    importing.add_commands(app)
    users.add_commands(app)
    keys.add_commands(app)
    database.add_commands(app)
    backup.add_commands(app)
    subject.add_commands(app)
    training.add_commands(app)
