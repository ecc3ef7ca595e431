"""On PostgreSQL, too, every sign ends a word: ``rusak/berlubang``, ``RW-05`` and ``Ds.Sukadami`` were one word each."""

from __future__ import annotations

from string import punctuation

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = "text || ' ' || coalesce(address, '')"
# PostgreSQL's parser looks for addresses of files and computers, numbers with signs and the like, and takes each whole.
_SIGNS = punctuation.replace("'", "''")
_WORDS = f"translate({_TEXT}, '{_SIGNS}', repeat(' ', {len(punctuation)}))"


def upgrade() -> None:
    """Index anew what is there."""
    _index(_WORDS)


def downgrade() -> None:
    """Index it as before."""
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
