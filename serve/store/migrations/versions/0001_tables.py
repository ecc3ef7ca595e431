"""Initial tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Copies of the types as of this revision, as later changes of the models must not change it.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "api_keys",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", _JSON, nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
        sa.UniqueConstraint("name", name="uq_api_keys_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "complaints",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("sender_id", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("kecamatan", sa.String(length=80), nullable=True),
        sa.Column("place_code", sa.String(length=13), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("reporter_name", sa.String(length=200), nullable=True),
        sa.Column("reporter_contact", sa.String(length=200), nullable=True),
        sa.Column("anonymous", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("secret", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("agencies", _JSON, nullable=False),
        sa.Column("suggestion_id", _ID, nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("situation", sa.String(length=24), nullable=False),
        sa.Column("tags", _JSON, nullable=False),
        sa.Column("merged_into", _ID, nullable=True),
        sa.Column("loops", sa.Integer(), nullable=False),
        sa.Column("forwarded_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["complaints.id"], name="fk_complaints_parent_id_complaints"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("channel", "sender_id", name="uq_complaints_channel_sender_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_complaints_agency_received", "complaints", ["agency", "received_at", "kecamatan"])
    op.create_index("ix_complaints_due", "complaints", ["status", "due_at"])
    op.create_index("ix_complaints_kecamatan_received", "complaints", ["kecamatan", "received_at"])
    op.create_index("ix_complaints_merged_into", "complaints", ["merged_into"])
    op.create_index("ix_complaints_parent_id", "complaints", ["parent_id"])
    op.create_index("ix_complaints_queue", "complaints", ["status", "urgency", "due_at", "id"])
    op.create_index("ix_complaints_queue_agency", "complaints", ["status", "agency", "urgency", "due_at", "id"])
    op.create_index("ix_complaints_queue_channel", "complaints", ["status", "channel", "urgency", "due_at", "id"])
    op.create_index("ix_complaints_queue_decision", "complaints", ["status", "decision", "urgency", "due_at", "id"])
    op.create_index("ix_complaints_queue_kecamatan", "complaints", ["status", "kecamatan", "urgency", "due_at", "id"])
    op.create_index("ix_complaints_received", "complaints", ["received_at", "status"])
    op.create_table(
        "users",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT, nullable=True),
        sa.Column("failed_logins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "claims",
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_claims_complaint_id_complaints"),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_claims"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_decisions_complaint_id_complaints"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("complaint_id", "number", name="uq_decisions_complaint_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_action_agency", "decisions", ["action", "agency", "at"])
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_table(
        "messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_messages_complaint_id_complaints"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_complaint_id", "messages", ["complaint_id"])
    op.create_index("ix_messages_outbox", "messages", ["direction", "sent_at", "at"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id_users"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "suggestions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("kecamatan", sa.String(length=80), nullable=True),
        sa.Column("excluded", _JSON, nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_suggestions_complaint_id_complaints"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestions_complaint_id_id", "suggestions", ["complaint_id", "id"])


def downgrade() -> None:
    """Drop the tables, and with them all data."""
    for table in (
        "suggestions", "sessions", "messages", "decisions", "claims", "users", "complaints", "api_keys",
    ):  # fmt: skip
        op.drop_table(table)
