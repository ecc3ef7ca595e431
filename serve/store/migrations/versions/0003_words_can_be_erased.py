"""The record stays append-only, except that free text in it can be erased, but not replaced."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SAME = " AND ".join(
    f"new.{name} IS old.{name}"
    for name in ("id", "complaint_id", "number", "at", "by", "action", "agency", "undoes", "digest")
)
_SQLITE_UP = (
    "DROP TRIGGER decisions_unchanged",
    f"""CREATE TRIGGER decisions_unchanged BEFORE UPDATE ON decisions WHEN NOT (
        {_SAME}
        AND json_remove(new.body, '$.why', '$.tags', '$.key') = json_remove(old.body, '$.why', '$.tags', '$.key')
        AND json_extract(new.body, '$.why') IN ('', '[dihapus]')
        AND coalesce(json_array_length(new.body, '$.tags'), 0) = 0
        AND json_extract(new.body, '$.key') IS NULL
    ) BEGIN
        SELECT RAISE(ABORT, 'decisions are never changed');
    END""",
)
_SQLITE_DOWN = (
    "DROP TRIGGER decisions_unchanged",
    """CREATE TRIGGER decisions_unchanged BEFORE UPDATE ON decisions BEGIN
        SELECT RAISE(ABORT, 'decisions are never changed');
    END""",
)
_POSTGRESQL_UP = (
    """CREATE OR REPLACE FUNCTION decisions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
            AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body'
            AND NEW.body - 'why' - 'tags' - 'key' = OLD.body - 'why' - 'tags' - 'key'
            AND NEW.body->>'why' IN ('', '[dihapus]')
            AND coalesce(NEW.body->'tags', 'null') IN ('null', '[]')
            AND NEW.body->>'key' IS NULL
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'decisions are never changed or deleted';
    END $$""",
)
_POSTGRESQL_DOWN = (
    """CREATE OR REPLACE FUNCTION decisions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'decisions are never changed or deleted';
    END $$""",
)


def upgrade() -> None:
    """Allow erasing free text."""
    _execute(_SQLITE_UP, _POSTGRESQL_UP)


def downgrade() -> None:
    """Forbid all changes again; what was erased stays erased, and the older version's audit reports those entries."""
    _execute(_SQLITE_DOWN, _POSTGRESQL_DOWN)


def _execute(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in postgresql if op.get_bind().dialect.name == "postgresql" else sqlite:
        op.execute(statement)
