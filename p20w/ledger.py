"""The ledger: what ran, what was loaded, what was built, checked and released (schema `ops`).

A step counts only when its row here is written; the next step refuses without it. Tables are
SQLAlchemy Core; `p20w/migrations` (alembic) makes them. Flow: every step -> `ops` -> the next step.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from p20w.checkout import code_commit
from p20w.clock import state_day
from p20w.errors import ReleaseError, Terminal
from p20w.postgres import begin

if TYPE_CHECKING:
    from p20w.postgres import Role
    from p20w.settings import Settings

Layer = Literal["seeds", "staging", "identity", "core", "marts"]
RunState = Literal["running", "succeeded", "failed"]

metadata = sa.MetaData(
    schema="ops",
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    },
)


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.Identity(always=False), primary_key=True)


def _at(name: str, *, required: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=not required)


def _states(*values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"state in ({listed})", name="state")


run = sa.Table(
    "run",
    metadata,
    _id("run_id"),
    sa.Column("dag_run_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _at("started_at", required=True),
    _at("finished_at"),
    sa.Column("code_commit", sa.Text, nullable=False),
    sa.Column("as_of_date", sa.Date, nullable=False),
    _states("running", "succeeded", "failed"),
    comment="One row per nightly run (or rebuild).",
)
source_release = sa.Table(
    "source_release",
    metadata,
    _id("source_release_id"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("release", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, server_default="full"),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("layout", sa.Text),
    sa.Column("is_synthetic", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("expected_files", sa.Integer),
    sa.Column("expected_rows", sa.BigInteger),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("supersedes", sa.BigInteger, sa.ForeignKey("ops.source_release.source_release_id")),
    _at("opened_at", required=True),
    _at("completed_at"),
    sa.Column("refused_reason", sa.Text),
    sa.Column("volume_allowed_reason", sa.Text),
    sa.Column("volume_allowed_by", sa.Text),
    sa.UniqueConstraint("source", "release"),
    sa.CheckConstraint("kind in ('full', 'delta')", name="kind"),
    sa.CheckConstraint("origin in ('endpoint', 'inbox')", name="origin"),
    _states("open", "complete", "refused"),
    comment="Files that a publisher offers together; only complete ones exist for later steps.",
)
load = sa.Table(
    "load",
    metadata,
    _id("load_id"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("contract_version", sa.Text, nullable=False),
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("row_counts", JSONB, nullable=False),
    sa.Column("rejected_count", sa.BigInteger, nullable=False),
    _at("loaded_at", required=True),
    sa.UniqueConstraint("source", "content_hash", "contract_version"),
    comment="A file's rows in raw tables: whole, once, or not at all.",
)
landed_file = sa.Table(
    "landed_file",
    metadata,
    _id("landed_file_id"),
    sa.Column(
        "source_release_id",
        sa.BigInteger,
        sa.ForeignKey("ops.source_release.source_release_id"),
        nullable=False,
    ),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("origin_url", sa.Text),
    _at("retrieved_at", required=True),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("load_id", sa.BigInteger, sa.ForeignKey("ops.load.load_id")),
    sa.UniqueConstraint("source_release_id", "name"),
    comment="A file of a source release in the landing zone.",
)
run_input = sa.Table(
    "run_input",
    metadata,
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), primary_key=True),
    sa.Column("load_id", sa.BigInteger, sa.ForeignKey("ops.load.load_id"), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column(
        "source_release_id",
        sa.BigInteger,
        sa.ForeignKey("ops.source_release.source_release_id"),
        nullable=False,
    ),
    comment="Which loads a run reads.",
)
rejected_row = sa.Table(
    "rejected_row",
    metadata,
    sa.Column("load_id", sa.BigInteger, sa.ForeignKey("ops.load.load_id"), nullable=False),
    sa.Column("table_name", sa.Text, nullable=False),
    sa.Column("row_number", sa.BigInteger, nullable=False),
    sa.Column("column_name", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("value", sa.Text),
    sa.Index(None, "load_id"),
    comment="Rows that could not be typed; a value only of a public source.",
)
layer_build = sa.Table(
    "layer_build",
    metadata,
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), primary_key=True),
    sa.Column("layer", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    _at("started_at", required=True),
    _at("completed_at"),
    _states("running", "complete", "failed"),
    comment="A layer counts when its row is complete.",
)
dbt_result = sa.Table(
    "dbt_result",
    metadata,
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("node_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("execution_seconds", sa.Double),
    sa.Column("rows_affected", sa.BigInteger),
    sa.Column("message", sa.Text),
    _at("finished_at", required=True),
    sa.Index(None, "run_id"),
    comment="One row per dbt node as it ends; messages without DETAIL.",
)
check_result = sa.Table(
    "check_result",
    metadata,
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("check_id", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("success", sa.Boolean, nullable=False),
    sa.Column("element_count", sa.BigInteger),
    sa.Column("unexpected_count", sa.BigInteger),
    _at("checked_at", required=True),
    sa.Index(None, "run_id"),
    comment="Results of the doors: counts, never values.",
)
release = sa.Table(
    "release",
    metadata,
    _id("release_id"),
    sa.Column(
        "run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), nullable=False, unique=True
    ),
    sa.Column("state", sa.Text, nullable=False),
    _at("created_at", required=True),
    _at("audited_at"),
    _at("published_at"),
    sa.Column("code_commit", sa.Text, nullable=False),
    sa.Column("rule_versions", JSONB, nullable=False, server_default="{}"),
    sa.Column("content_hashes", JSONB, nullable=False, server_default="{}"),
    sa.Column("publication_date", sa.Boolean, nullable=False),
    sa.Column("carried_over_from", sa.BigInteger, sa.ForeignKey("ops.release.release_id")),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("cells_total", sa.BigInteger),
    sa.Column("cells_printed", sa.BigInteger),
    sa.Column("approved_by", sa.Text),
    _states("building", "protected", "audited", "published", "withdrawn"),
    comment="A release of all marts; the pointer is published.current_release.",
)
publication_hold = sa.Table(
    "publication_hold",
    metadata,
    _id("hold_id"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    _at("set_at", required=True),
    sa.Column("resumed_by", sa.Text),
    _at("resumed_at"),
    comment="While a hold is open, nights build candidates and publish nothing.",
)
reader_scope = sa.Table(
    "reader_scope",
    metadata,
    sa.Column("role_name", sa.Text, primary_key=True),
    sa.Column("organization_code", sa.Text, primary_key=True),
    comment="Which organisations a reader of accountability sees; '*' is all.",
)

# Who writes which table; everybody in the warehouse's own roles may read ops.
WRITERS: dict[str, tuple[Role, ...]] = {
    "run": ("transformer",),
    "run_input": ("transformer",),
    "source_release": ("loader",),
    "landed_file": ("loader",),
    "load": ("loader",),
    "rejected_row": ("loader",),
    "api_call": ("loader",),
    "layer_build": ("transformer", "linker"),
    "dbt_result": ("transformer",),
    "check_result": ("checker",),
    "release": ("publisher",),
    "publication_hold": ("publisher", "steward"),
    "reader_scope": ("steward",),
}

RUN_INPUTS = sa.text(
    """
    insert into ops.run_input (run_id, load_id, source, source_release_id)
    select :run_id, landed_file.load_id, offered.source, max(offered.source_release_id)
    from ops.source_release as offered
    inner join ops.landed_file on offered.source_release_id = landed_file.source_release_id
    where offered.state = 'complete' and landed_file.load_id is not null
        and not exists (
            select from ops.source_release as later
            where later.supersedes = offered.source_release_id and later.state = 'complete'
        )
    group by landed_file.load_id, offered.source
    """
)


def now() -> datetime:
    """The clock of the ledger: aware, UTC."""
    return datetime.now(UTC)


def start_run(settings: Settings, dag_run_id: str | None = None, kind: str = "nightly") -> int:
    """Open a run on whatever source releases are complete; a retry gets the run it began.

    Returns:
        The run's id.

    Raises:
        Terminal: No source release is complete yet: run an ingest first.
    """
    with begin(settings, "transformer") as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('p20w.start_run'))"))
        if dag_run_id is not None:
            known = connection.scalar(sa.select(run.c.run_id).where(run.c.dag_run_id == dag_run_id))
            if known is not None:
                return int(known)
        started = now()
        run_id = connection.scalar(
            insert(run)
            .values(
                dag_run_id=dag_run_id,
                kind=kind,
                state="running",
                started_at=started,
                code_commit=code_commit(),
                as_of_date=state_day(started),
            )
            .returning(run.c.run_id)
        )
        inputs = connection.execute(RUN_INPUTS, {"run_id": run_id})
        if inputs.rowcount == 0:
            raise Terminal(
                "No source release is complete, so there is nothing to build from."
                " Run an ingest DAG or `p20w ingest <source>` first."
            )
        return int(run_id)


def finish_run(settings: Settings, run_id: int, state: RunState) -> None:
    """Close a run; a run that has succeeded stays so."""
    with begin(settings, "transformer") as connection:
        connection.execute(
            sa.update(run)
            .where(run.c.run_id == run_id, run.c.state != "succeeded")
            .values(state=state, finished_at=now())
        )


def record_layer(
    settings: Settings,
    role: Role,
    run_id: int,
    layer: Layer,
    state: Literal["running", "complete", "failed"],
) -> None:
    """Write a layer's row: running at its start, complete or failed at its end."""
    at = now()
    row = {"run_id": run_id, "layer": layer, "state": state, "started_at": at}
    changes: dict[str, object] = {"state": state}
    changes |= (
        {"started_at": at, "completed_at": None} if state == "running" else {"completed_at": at}
    )
    with begin(settings, role) as connection:
        connection.execute(
            insert(layer_build)
            .values(**row, completed_at=None if state == "running" else at)
            .on_conflict_do_update(index_elements=["run_id", "layer"], set_=changes)
        )


def require_layer(settings: Settings, role: Role, run_id: int, layer: Layer) -> None:
    """Refuse to go on unless the layer is complete and still this run's: there is one table each.

    Raises:
        ReleaseError: The layer is not complete for this run, or a later run has replaced it.
    """
    with begin(settings, role) as connection:
        rows = connection.execute(
            sa.select(layer_build.c.run_id, layer_build.c.state)
            .where(layer_build.c.layer == layer)
            .order_by(layer_build.c.started_at.desc())
        ).all()
    is_known = any(row.run_id == run_id for row in rows)
    if rows and rows[0].run_id != run_id and (is_known or rows[0].run_id > run_id):
        raise ReleaseError(
            f"Run {rows[0].run_id} has rebuilt layer {layer} since run {run_id} did: run {run_id}"
            " was overtaken and publishes nothing. Nothing to mend; the other run goes on."
        )
    if not is_known or rows[0].state != "complete":
        raise ReleaseError(
            f"Layer {layer} of run {run_id} is not complete: build it first"
            f" (`p20w build {layer} --run {run_id}`)."
        )


def require_door(settings: Settings, role: Role, run_id: int, door: str) -> None:
    """Refuse to go on unless a door's newest results are there and no blocking check failed.

    Results count that were checked since the layer was completed, or the release audited, last.

    Raises:
        ReleaseError: The door was not checked since, or a blocking check failed.
    """
    made = sa.select(layer_build.c.completed_at).where(
        layer_build.c.run_id == run_id, layer_build.c.layer == door
    )
    if door == "release":
        made = sa.select(release.c.audited_at).where(release.c.run_id == run_id)
    own = (check_result.c.run_id == run_id, check_result.c.door == door)
    newest = sa.select(sa.func.max(check_result.c.checked_at)).where(
        *own, check_result.c.checked_at >= made.scalar_subquery()
    )
    found = sa.select(check_result.c.severity, check_result.c.success).where(
        *own, check_result.c.checked_at == newest.scalar_subquery()
    )
    with begin(settings, role) as connection:
        rows = connection.execute(found).all()
    blocked = sum(1 for severity, success in rows if severity == "block" and not success)
    if not rows or blocked:
        raise ReleaseError(
            f"Door {door} of run {run_id} is not open ({len(rows)} results since it was last built,"
            f" {blocked} blocking failures): `p20w check {door} --run {run_id}` first."
        )
