"""Covering index for the overview, in place of the index by arrival."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = ["received_at", "status", "agency", "kecamatan", "due_at", "closed_at", "parent_id"]


def upgrade() -> None:
    """Create the covering index, drop the narrow one."""
    op.create_index("ix_complaints_overview", "complaints", _COLUMNS)
    op.drop_index("ix_complaints_received", "complaints")


def downgrade() -> None:
    """Restore the narrow index."""
    op.create_index("ix_complaints_received", "complaints", ["received_at", "status"])
    op.drop_index("ix_complaints_overview", "complaints")
