"""The ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "load",
        sa.Column("load_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("row_counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rejected_count", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_load")),
        sa.UniqueConstraint(
            "source", "content_hash", "contract_version", name=op.f("uq_load_source")
        ),
        schema="ops",
        comment="A file's rows in raw tables: whole, once, or not at all.",
    )
    op.create_table(
        "publication_hold",
        sa.Column("hold_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resumed_by", sa.Text(), nullable=True),
        sa.Column("resumed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_publication_hold")),
        schema="ops",
        comment="While a hold is open, nights build candidates and publish nothing.",
    )
    op.create_table(
        "reader_scope",
        sa.Column("role_name", sa.Text(), nullable=False),
        sa.Column("organization_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role_name", "organization_code", name=op.f("pk_reader_scope")),
        schema="ops",
        comment="Which organisations a reader of accountability sees; '*' is all.",
    )
    op.create_table(
        "run",
        sa.Column("run_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("dag_run_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("code_commit", sa.Text(), nullable=False),
        sa.Column("as_of_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state in ('running', 'succeeded', 'failed')", name=op.f("ck_run_state")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
        schema="ops",
        comment="One row per nightly run (or rebuild).",
    )
    op.create_table(
        "source_release",
        sa.Column("source_release_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="full", nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expected_files", sa.Integer(), nullable=True),
        sa.Column("expected_rows", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("completed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.Column("volume_allowed_reason", sa.Text(), nullable=True),
        sa.Column("volume_allowed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('full', 'delta')", name=op.f("ck_source_release_kind")),
        sa.CheckConstraint(
            "origin in ('endpoint', 'inbox')", name=op.f("ck_source_release_origin")
        ),
        sa.CheckConstraint(
            "state in ('open', 'complete', 'refused')", name=op.f("ck_source_release_state")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["ops.source_release.source_release_id"],
            name=op.f("fk_source_release_supersedes"),
        ),
        sa.PrimaryKeyConstraint("source_release_id", name=op.f("pk_source_release")),
        sa.UniqueConstraint("source", "release", name=op.f("uq_source_release_source")),
        schema="ops",
        comment="Files that a publisher offers together; only complete ones exist for later steps.",
    )
    op.create_table(
        "check_result",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("element_count", sa.BigInteger(), nullable=True),
        sa.Column("unexpected_count", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["ops.run.run_id"], name=op.f("fk_check_result_run_id")
        ),
        schema="ops",
        comment="Results of the doors: counts, never values.",
    )
    op.create_index(
        op.f("ix_check_result_run_id"), "check_result", ["run_id"], unique=False, schema="ops"
    )
    op.create_table(
        "dbt_result",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("execution_seconds", sa.Double(), nullable=True),
        sa.Column("rows_affected", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["ops.run.run_id"], name=op.f("fk_dbt_result_run_id")),
        schema="ops",
        comment="One row per dbt node as it ends; messages without DETAIL.",
    )
    op.create_index(
        op.f("ix_dbt_result_run_id"), "dbt_result", ["run_id"], unique=False, schema="ops"
    )
    op.create_table(
        "landed_file",
        sa.Column("landed_file_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source_release_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("origin_url", sa.Text(), nullable=True),
        sa.Column("retrieved_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("load_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["load_id"], ["ops.load.load_id"], name=op.f("fk_landed_file_load_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_release_id"],
            ["ops.source_release.source_release_id"],
            name=op.f("fk_landed_file_source_release_id"),
        ),
        sa.PrimaryKeyConstraint("landed_file_id", name=op.f("pk_landed_file")),
        sa.UniqueConstraint(
            "source_release_id", "name", name=op.f("uq_landed_file_source_release_id")
        ),
        schema="ops",
        comment="A file of a source release in the landing zone.",
    )
    op.create_table(
        "layer_build",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("completed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('running', 'complete', 'failed')", name=op.f("ck_layer_build_state")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ops.run.run_id"], name=op.f("fk_layer_build_run_id")),
        sa.PrimaryKeyConstraint("run_id", "layer", name=op.f("pk_layer_build")),
        schema="ops",
        comment="A layer counts when its row is complete.",
    )
    op.create_table(
        "rejected_row",
        sa.Column("load_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["load_id"], ["ops.load.load_id"], name=op.f("fk_rejected_row_load_id")
        ),
        schema="ops",
        comment="Rows that could not be typed; a value only of a public source.",
    )
    op.create_index(
        op.f("ix_rejected_row_load_id"), "rejected_row", ["load_id"], unique=False, schema="ops"
    )
    op.create_table(
        "release",
        sa.Column("release_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("code_commit", sa.Text(), nullable=False),
        sa.Column(
            "rule_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "content_hashes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("publication_date", sa.Boolean(), nullable=False),
        sa.Column("carried_over_from", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("cells_total", sa.BigInteger(), nullable=True),
        sa.Column("cells_printed", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('building', 'protected', 'audited', 'published', 'withdrawn')",
            name=op.f("ck_release_state"),
        ),
        sa.ForeignKeyConstraint(
            ["carried_over_from"],
            ["ops.release.release_id"],
            name=op.f("fk_release_carried_over_from"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ops.run.run_id"], name=op.f("fk_release_run_id")),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release")),
        sa.UniqueConstraint("run_id", name=op.f("uq_release_run_id")),
        schema="ops",
        comment="A release of all marts; the pointer is published.current_release.",
    )
    op.create_table(
        "run_input",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("load_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_release_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["load_id"], ["ops.load.load_id"], name=op.f("fk_run_input_load_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ops.run.run_id"], name=op.f("fk_run_input_run_id")),
        sa.ForeignKeyConstraint(
            ["source_release_id"],
            ["ops.source_release.source_release_id"],
            name=op.f("fk_run_input_source_release_id"),
        ),
        sa.PrimaryKeyConstraint("run_id", "load_id", name=op.f("pk_run_input")),
        schema="ops",
        comment="Which loads a run reads.",
    )
