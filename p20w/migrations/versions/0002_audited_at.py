"""When a release was audited last: results of its door must be later."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what was audited before kept no time, and its door was opened after it was made."""
    op.add_column("release", sa.Column("audited_at", sa.TIMESTAMP(timezone=True)), schema="ops")
    op.execute(
        "update ops.release set audited_at = created_at"
        " where state in ('audited', 'published', 'withdrawn')"
    )
