"""Calls to APIs that allow so many a day: counted before they are made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; a home begins with an empty book, and the publisher's own count still holds."""
    op.create_table(
        "api_call",
        sa.Column("api_call_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("called_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_registered", sa.Boolean(), nullable=False),
        sa.Column("series_count", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "messages",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.CheckConstraint(
            "state in ('begun', 'answered', 'refused', 'over_quota')",
            name=op.f("ck_api_call_state"),
        ),
        sa.PrimaryKeyConstraint("api_call_id", name=op.f("pk_api_call")),
        schema="ops",
        comment="Calls to APIs that allow so many a day, with what they answered beside the data.",
    )
    op.create_index(
        op.f("ix_api_call_source"), "api_call", ["source", "called_on"], unique=False, schema="ops"
    )
