"""Punctuation separates words on PostgreSQL, too: ``rusak/berlubang``, ``RW-05`` and ``Ds.Sukadami`` were one word."""

from __future__ import annotations

from string import punctuation

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = "text || ' ' || coalesce(address, '')"
# PostgreSQL's parser would keep file paths, host names, signed numbers and the like as single tokens.
_SIGNS = punctuation.replace("'", "''")
_WORDS = f"translate({_TEXT}, '{_SIGNS}', repeat(' ', {len(punctuation)}))"


def upgrade() -> None:
    """Rebuild the index with punctuation as separator."""
    _index(_WORDS)


def downgrade() -> None:
    """Rebuild the index as before."""
    _index(_TEXT)


def _index(words: str) -> None:
    if op.get_bind().dialect.name != "postgresql":  # FTS5 does so by itself
        return
    op.execute("DROP INDEX ix_complaints_search")
    op.execute("ALTER TABLE complaints DROP COLUMN search")
    op.execute(
        f"ALTER TABLE complaints ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', {words})) STORED"
    )
    op.execute("CREATE INDEX ix_complaints_search ON complaints USING gin (search)")
