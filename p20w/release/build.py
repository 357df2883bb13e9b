"""Candidate marts -> true copies and protected copies of a release, and the attacker's audit.

Student-derived cells change only when a date of the seed `publication_calendar` has come: on other
nights their protected tables are carried over from the last release that counted them. A mart that
no pattern protects stops the release.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from psycopg import sql

from p20w import ledger
from p20w.checkout import code_commit
from p20w.dbt_runner import read_manifest
from p20w.disclosure import Declaration, Profile, audit_marts, count_cells, protect_marts
from p20w.embedded_postgres import new_password
from p20w.errors import DisclosureUnsafe, ReleaseError
from p20w.postgres import begin, connect, read_credentials, write_credentials
from p20w.release.decisions import carry_decisions, write_decisions
from p20w.release.marts import Mart, read_marts
from p20w.release.publication_dates import origin_of_cells
from p20w.release.restatements import hold_restatements
from p20w.release.tables import (
    allow_nulls,
    columns,
    content_hash,
    copy_as_release,
    make_like,
    read_arrow,
    write_arrow,
)

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

DISCLOSURE_KEY = "disclosure_key"


@dataclass(frozen=True, slots=True)
class Plan:
    """A release in the making: its id and, off publication dates, whose cells it carries over."""

    release_id: int
    carried_over_from: int | None

    @property
    def schema(self) -> str:
        """Schema of the protected tables."""
        return f"release_{self.release_id}"

    @property
    def true_schema(self) -> str:
        """Schema of the true tables."""
        return f"release_{self.release_id}_true"


def protect(settings: Settings, run_id: int) -> int:
    """Build a release's true and protected tables from the candidate marts.

    Returns:
        The release's id; the same on a retry.

    Raises:
        ReleaseError: The candidate marts are not this run's.
        DisclosureUnsafe: No pattern of withheld cells protects every small one.
    """
    ledger.require_layer(settings, "publisher", run_id, "marts")
    plan = _plan(settings, run_id)
    marts = read_marts(read_manifest(settings))
    key = _disclosure_key(settings)
    with connect(settings, "publisher") as connection:
        # A task given up for dead may still be at it.
        connection.execute("select pg_advisory_xact_lock(hashtext('p20w.protect'))")
        for schema in (plan.schema, plan.true_schema):
            name = sql.Identifier(schema)
            connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
            connection.execute(sql.SQL("create schema {}").format(name))
        for mart in marts:
            copy_as_release(connection, "candidate", plan.true_schema, mart.name, plan.release_id)
        total, printed = _write_protected(connection, plan, marts, key)
        hashes = {
            mart.name: content_hash(connection, plan.schema, mart.name, mart.grain)
            for mart in marts
        }
    ledger.require_layer(settings, "publisher", run_id, "marts")
    with begin(settings, "publisher") as record:
        record.execute(
            sa.update(ledger.release)
            .where(ledger.release.c.release_id == plan.release_id)
            .values(
                state="protected",
                content_hashes=hashes,
                cells_total=total,
                cells_printed=printed,
            )
        )
    logger.info(
        "release protected release=%d marts=%d cells=%d printed=%d carried_over_from=%s",
        *(plan.release_id, len(marts), total, printed, plan.carried_over_from),
    )
    return plan.release_id


def audit(settings: Settings, run_id: int) -> int:
    """Attack what readers would see; one exposed cell stops the release.

    Returns:
        The number of withheld cells that were attacked.

    Raises:
        DisclosureUnsafe: Names the marts and how many of their cells an attacker could recompute.
    """
    release_id = release_of_run(settings, run_id, {"protected", "audited", "published"})
    marts = [mart for mart in read_marts(read_manifest(settings)) if mart.declaration]
    with connect(settings, "publisher") as connection:
        published = {
            mart.name: read_arrow(connection, f"release_{release_id}", mart.name) for mart in marts
        }
        profiles = _profiles(connection)
    result = audit_marts(published, _declarations(marts), profiles)
    if result.exposures:
        by_mart: dict[str, int] = {}
        for exposure in result.exposures:
            by_mart[exposure.mart] = by_mart.get(exposure.mart, 0) + 1
        told = ", ".join(f"{name}: {count}" for name, count in sorted(by_mart.items()))
        raise DisclosureUnsafe(
            f"An attacker could recompute cells of release {release_id} ({told}). It is not"
            " published; the last release stays. See docs/disclosure.md, then rerun `protect`."
        )
    with begin(settings, "publisher") as record:
        record.execute(
            sa.update(ledger.release)
            .where(ledger.release.c.release_id == release_id, ledger.release.c.state == "protected")
            .values(state="audited", audited_at=ledger.now())
        )
    logger.info("release audited release=%d attacked=%d", release_id, result.attacked)
    return result.attacked


def release_of_run(settings: Settings, run_id: int, states: set[str]) -> int:
    """The release of a run, which must be in one of the states.

    Raises:
        ReleaseError: It is not there yet, or in another state.
    """
    with begin(settings, "publisher") as connection:
        row = connection.execute(
            sa.select(ledger.release.c.release_id, ledger.release.c.state).where(
                ledger.release.c.run_id == run_id
            )
        ).one_or_none()
    if row is None or row.state not in states:
        found = "none" if row is None else row.state
        raise ReleaseError(
            f"The release of run {run_id} must be {' or '.join(sorted(states))}; found: {found}."
            " Run the step before this one first."
        )
    return int(row.release_id)


def _plan(settings: Settings, run_id: int) -> Plan:
    with begin(settings, "publisher") as connection:
        # Locked: a publication of the same release ends before, or finds it in the making.
        found = connection.execute(
            sa.select(ledger.release.c.release_id, ledger.release.c.state)
            .where(ledger.release.c.run_id == run_id)
            .with_for_update()
        ).one_or_none()
        if found is not None and found.state in {"published", "withdrawn"}:
            raise ReleaseError(
                f"Release {found.release_id} of run {run_id} was public and is {found.state}: what"
                " readers have seen is never made again under its id. Start a new run."
            )
        origin = origin_of_cells(connection, run_id)
        # Tables that are made again are others: an audit of those before says nothing about them.
        planned = {
            "state": "building",
            "publication_date": origin is None,
            "carried_over_from": origin,
        }
        if found is not None:
            connection.execute(
                sa.update(ledger.release)
                .where(ledger.release.c.release_id == found.release_id)
                .values(planned)
            )
            return Plan(int(found.release_id), origin)
        release_id = connection.scalar(
            sa.insert(ledger.release)
            .values(
                **planned,
                run_id=run_id,
                created_at=ledger.now(),
                code_commit=code_commit(),
                synthetic=_is_synthetic(connection, run_id),
            )
            .returning(ledger.release.c.release_id)
        )
        if release_id is None:
            raise ReleaseError(f"No release row could be written for run {run_id}.")
        return Plan(int(release_id), origin)


def _is_synthetic(connection: sa.Connection, run_id: int) -> bool:
    found = connection.scalar(
        sa.text(
            "select count(*) from ops.run_input inner join ops.source_release"
            " on run_input.source_release_id = source_release.source_release_id"
            " where run_input.run_id = :run_id and source_release.is_synthetic"
        ),
        {"run_id": run_id},
    )
    return bool(found)


def _write_protected(
    connection: psycopg.Connection, plan: Plan, marts: list[Mart], key: bytes
) -> tuple[int, int]:
    derived = [mart for mart in marts if mart.is_student_derived]
    for mart in marts:
        if not mart.is_student_derived:
            copy_as_release(connection, "candidate", plan.schema, mart.name, plan.release_id)
        else:
            make_like(connection, "candidate", plan.schema, mart.name, plan.release_id)
            allow_nulls(connection, plan.schema, mart.name)
    if plan.carried_over_from is not None:
        return _carry_over(connection, plan, derived)
    tables = {mart.name: read_arrow(connection, "candidate", mart.name) for mart in derived}
    declarations, profiles = _declarations(derived), _profiles(connection)
    protection = protect_marts(tables, declarations, profiles, key)
    public, decisions = hold_restatements(
        connection, plan.release_id, protection, declarations, profiles
    )
    for name, rows in public.items():
        write_arrow(connection, plan.schema, name, _with_release(rows, plan.release_id))
    write_decisions(connection, plan.true_schema, plan.release_id, decisions, derived)
    return count_cells(public, declarations)


def _carry_over(connection: psycopg.Connection, plan: Plan, derived: list[Mart]) -> tuple[int, int]:
    """Copy what the last publication date made public; a mart new since then stays empty."""
    origin = f"release_{plan.carried_over_from}"
    for mart in derived:
        known = connection.execute(
            "select to_regclass(format('%%I.%%I', %s::text, %s::text))", [origin, mart.name]
        ).fetchone()
        if known is None or known[0] is None:
            continue
        shared = [
            sql.Identifier(name)
            for name in columns(connection, plan.schema, mart.name)
            if name in columns(connection, origin, mart.name) and name != "release_id"
        ]
        connection.execute(
            sql.SQL(
                "insert into {target} (release_id, {names}) select {id}, {names} from {origin}"
            ).format(
                target=sql.Identifier(plan.schema, mart.name),
                names=sql.SQL(", ").join(shared),
                id=sql.Literal(plan.release_id),
                origin=sql.Identifier(origin, mart.name),
            )
        )
    carry_decisions(connection, f"{origin}_true", plan.true_schema, plan.release_id, derived)
    row = connection.execute(
        "select cells_total, cells_printed from ops.release where release_id = %s",
        [plan.carried_over_from],
    ).fetchone()
    return (int(row[0] or 0), int(row[1] or 0)) if row else (0, 0)


def _with_release(rows: pa.Table, release_id: int) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - for typing elsewhere

    return rows.append_column("release_id", pa.array([release_id] * rows.num_rows, pa.int64()))


def _declarations(marts: list[Mart]) -> dict[str, Declaration]:
    return {mart.name: mart.declaration for mart in marts if mart.declaration is not None}


def _profiles(connection: psycopg.Connection) -> dict[str, Profile]:
    rows = connection.execute(
        "select profile, minimum_group_size, minimum_numerator from reference.suppression_profiles"
        " where valid_to is null"
    ).fetchall()
    return {str(name): Profile(int(size), int(numerator)) for name, size, numerator in rows}


def _disclosure_key(settings: Settings) -> bytes:
    """The secret under which ties are broken; the same key gives the same pattern on a rebuild."""
    credentials = read_credentials(settings.home)
    if DISCLOSURE_KEY not in credentials:
        credentials[DISCLOSURE_KEY] = new_password() + new_password()
        write_credentials(settings.home, credentials)
    return credentials[DISCLOSURE_KEY].encode()
