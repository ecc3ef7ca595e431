"""Alembic environment; the connection comes from serve/store/migrate.py."""

from __future__ import annotations

from alembic import context

from serve.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
