"""Full-text search, and an append-only record."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE_UP = (
    # External content: the text is stored in complaints only; the index refers to it by row id.
    """CREATE VIRTUAL TABLE complaints_fts USING fts5(
        text, address, content='complaints', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3'
    )""",
    """CREATE TRIGGER complaints_fts_insert AFTER INSERT ON complaints BEGIN
        INSERT INTO complaints_fts(rowid, text, address) VALUES (new.id, new.text, new.address);
    END""",
    """CREATE TRIGGER complaints_fts_delete AFTER DELETE ON complaints BEGIN
        INSERT INTO complaints_fts(complaints_fts, rowid, text, address)
        VALUES ('delete', old.id, old.text, old.address);
    END""",
    # Only when the text changes, as a complaint's state changes far more often.
    """CREATE TRIGGER complaints_fts_update AFTER UPDATE OF text, address ON complaints BEGIN
        INSERT INTO complaints_fts(complaints_fts, rowid, text, address)
        VALUES ('delete', old.id, old.text, old.address);
        INSERT INTO complaints_fts(rowid, text, address) VALUES (new.id, new.text, new.address);
    END""",
    "INSERT INTO complaints_fts(complaints_fts) VALUES ('rebuild')",
    """CREATE TRIGGER decisions_unchanged BEFORE UPDATE ON decisions BEGIN
        SELECT RAISE(ABORT, 'decisions are never changed');
    END""",
    """CREATE TRIGGER decisions_kept BEFORE DELETE ON decisions BEGIN
        SELECT RAISE(ABORT, 'decisions are never deleted');
    END""",
)
_SQLITE_DOWN = (
    "DROP TRIGGER decisions_kept",
    "DROP TRIGGER decisions_unchanged",
    "DROP TRIGGER complaints_fts_update",
    "DROP TRIGGER complaints_fts_delete",
    "DROP TRIGGER complaints_fts_insert",
    "DROP TABLE complaints_fts",
)
_POSTGRESQL_UP = (
    """ALTER TABLE complaints ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', text || ' ' || coalesce(address, ''))
    ) STORED""",
    "CREATE INDEX ix_complaints_search ON complaints USING gin (search)",
    """CREATE FUNCTION decisions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'decisions are never changed or deleted';
    END $$""",
    """CREATE TRIGGER decisions_only_grow BEFORE UPDATE OR DELETE ON decisions
        FOR EACH ROW EXECUTE FUNCTION decisions_only_grow()""",
)
_POSTGRESQL_DOWN = (
    "DROP TRIGGER decisions_only_grow ON decisions",
    "DROP FUNCTION decisions_only_grow()",
    "DROP INDEX ix_complaints_search",
    "ALTER TABLE complaints DROP COLUMN search",
)


def upgrade() -> None:
    """Create the search index, fill it, and add the triggers that make the record append-only."""
    _execute(_SQLITE_UP, _POSTGRESQL_UP)


def downgrade() -> None:
    """Drop index and triggers; no data is lost."""
    _execute(_SQLITE_DOWN, _POSTGRESQL_DOWN)


def _execute(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in postgresql if op.get_bind().dialect.name == "postgresql" else sqlite:
        op.execute(statement)
