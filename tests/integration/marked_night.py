"""A night with marked people in it, each restricted step failing on their rows first.

Before each step the data behind it are spoilt, or a trap is laid, so that the database's error is
a marked person's row; then the cause is mended and the step succeeds. What a failing step told is
kept under the step's name.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from expectations.gate import open_door
from p20w import dbt_runner, exports, identity, release
from p20w.dbt_runner import DbtLayer
from p20w.postgres import connect
from p20w.settings import CHECKOUT, Settings
from tests.integration.marked_people import (
    CELL,
    MARKS,
    ONE,
    PEOPLE,
    TWO,
    Search,
    ServerLog,
    Told,
    owner,
    read_trap,
    watch,
    write_trap,
    written,
)

HERE = Path(__file__).parent
PERSONAL = {"raw_edfi", "raw_nsc", "staging", "identity", "trap"}


@dataclass(slots=True)
class Night:
    """A night with marked people in it, and what its failing steps told."""

    settings: Settings
    server_log: ServerLog
    run_id: int
    keys: tuple[str, ...] = ()
    told: dict[str, Told] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)

    def fail(self, name: str, step: Callable[[], object]) -> None:
        """Run a step that fails, keep what it tells and where marked people are found then."""
        self.told[name] = watch(step)
        marked = Search([*MARKS, *self.keys])
        told = [("what it told", self.told[name].text.encode())]
        self.places[name] = [
            place for place, content in [*told, *self.written()] if marked.finds(content)
        ]

    def written(self) -> Iterator[tuple[str, bytes]]:
        return written(self.settings, self.server_log)

    def build(self, layer: DbtLayer) -> None:
        dbt_runner.build(self.settings, self.run_id, layer)

    def messages(self, layer: DbtLayer) -> dict[str, str]:
        """What the ledger says of a layer's failed nodes, by the end of their names."""
        with connect(self.settings, "owner") as connection:
            rows = connection.execute(
                "select split_part(node_id, '.', 3), message from ops.dbt_result"
                " where run_id = %s and layer = %s and status in ('error', 'fail')",
                [self.run_id, layer],
            ).fetchall()
        return {str(name): str(message) for name, message in rows}

    @contextlib.contextmanager
    def spoilt(self, *changes: tuple[str, str]) -> Iterator[None]:
        """Change tables behind everybody's back, and bring them back afterwards."""
        names = {table for table, _ in changes}
        for table in names:
            owner(self.settings, f"create table {_kept(table)} as table {table}")
        for table, change in changes:
            owner(self.settings, change.format(table=table))
        try:
            yield
        finally:
            for table in names:
                owner(
                    self.settings,
                    f"delete from {table}",
                    f"insert into {table} select * from {_kept(table)}",
                    f"drop table {_kept(table)}",
                )

    def forget(self, model: str) -> None:
        """Let the next build make a model again that was built from spoilt data."""
        owner(self.settings, f"delete from ops.dbt_result where node_id ~ '\\.{model}$'")


def _kept(table: str) -> str:
    return f"trap.{table.replace('.', '_')}"


def stage(night: Night) -> None:
    """Casts that fail in models, and tests that fail, on marked people's raw rows."""
    of_one = f"where student_unique_id = '{ONE.student_id}'"
    with (
        night.spoilt(
            (
                "raw_edfi.student_academic_records",
                "update {table} set diplomas = jsonb_build_array(jsonb_build_object("
                f"'diplomaAwardDate', '{ONE.last_name} \"{ONE.first_name}\", born')) {of_one}",
            ),
            (
                "raw_edfi.student_education_organization_associations",
                "update {table} set student_characteristics = jsonb_build_array("
                "jsonb_build_object('periods', jsonb_build_array(jsonb_build_object("
                f"'beginDate', '1999-13-45 {ONE.last_name}')))), student_identification_codes ="
                f" student_identification_codes || student_identification_codes {of_one}",
            ),
            ("raw_edfi.students", f"insert into {{table}} select * from {{table}} {of_one}"),
            (
                "raw_nsc.searches",
                f"update {{table}} set requester_return_field = null, last_name = '{ONE.last_name}'"
                " where row_number = (select min(row_number) from {table})",
            ),
        ),
        read_trap(night.settings, "raw_nsc", "enrollments", "tell"),
        read_trap(night.settings, "raw_nsc", "degrees", "cast_text"),
    ):
        night.fail("staging", lambda: night.build("staging"))
    for model in (
        "stg_edfi__students",
        "stg_edfi__student_identification_codes",
        "stg_nsc__searches",
    ):
        night.forget(model)
    night.build("staging")


def check_staging(night: Night) -> None:
    """The first door: a marked row breaks a check, and two checks cannot be evaluated on it."""
    spans = "staging.stg_edfi__student_school_associations"
    with (
        night.spoilt(
            (
                spans,
                "update {table} set exit_date = entry_date - 1"
                f" where student_id_dpi = '{ONE.student_id}'",
            ),
            ("staging.stg_edfi__students", f"insert into {{table}} {rows_of_one('students')}"),
        ),
        read_trap(night.settings, "staging", "stg_edfi__course_transcripts", "tell"),
        read_trap(night.settings, "staging", "stg_nsc__enrollments", "cast_text"),
    ):
        night.fail("door staging", lambda: open_door(night.settings, night.run_id, "staging"))
    open_door(night.settings, night.run_id, "staging")


def rows_of_one(table: str) -> str:
    return f"select * from staging.stg_edfi__{table} where student_id_dpi = '{ONE.student_id}'"


FORGET_PEOPLE = (
    "delete from identity.nsc_link using identity.person"
    " where nsc_link.student_key = person.student_key"
    f" and student_id_dpi in ('{ONE.student_id}', '{TWO.student_id}')",
    f"delete from identity.person where student_id_dpi in ('{ONE.student_id}', '{TWO.student_id}')",
)
IDENTITY_TRAPS = {
    "identity unique": (
        "create function trap.same() returns trigger language plpgsql as $$ begin"
        f" new.student_id_dpi := '{ONE.student_id}'; return new; end $$;"
        "create trigger trap before insert on identity.person"
        " for each row execute function trap.same()",
        "drop trigger trap on identity.person",
    ),
    "identity check": (
        "alter table identity.person add constraint trap"
        f" check (student_id_dpi <> '{ONE.student_id}')",
        "alter table identity.person drop constraint trap",
    ),
    "identity trigger": (
        "create trigger trap before insert on identity.nsc_link"
        " for each row execute function trap.refuse()",
        "drop trigger trap on identity.nsc_link",
    ),
}


def link(night: Night) -> None:
    """Constraints that refuse marked persons, in this process and in a task of Airflow."""
    identity.resolve(night.settings, night.run_id)
    for name, (lay, lift) in IDENTITY_TRAPS.items():
        owner(night.settings, *FORGET_PEOPLE, lay)
        night.fail(name, lambda: identity.resolve(night.settings, night.run_id))
        if name == "identity unique":
            night.fail("airflow", lambda: run_as_airflow(night, "p20w.identity:resolve"))
        owner(night.settings, lift)
    identity.resolve(night.settings, night.run_id)
    with connect(night.settings, "linker") as connection:
        rows = connection.execute(
            "select student_key::text from identity.person where student_id_dpi = any(%s)",
            [[person.student_id for person in PEOPLE]],
        ).fetchall()
    night.keys = tuple(str(row[0]) for row in rows)
    owner(night.settings, f"insert into trap.mark values ('{'|'.join(night.keys)}')")


def run_as_airflow(night: Night, function_name: str) -> None:
    """Run a step as a task of Airflow does; print what Airflow prints."""
    done = subprocess.run(
        [sys.executable, HERE / "airflow_task.py", function_name, str(night.run_id)],
        env=os.environ
        | {
            "P20W_HOME": str(night.settings.home),
            "AIRFLOW_HOME": str(night.settings.home / "airflow"),
            "PYTHONPATH": CHECKOUT / "dags",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout + done.stderr)
    raise RuntimeError(f"exit code {done.returncode}")


def build_core(night: Night) -> None:
    """Constraints, a cast, a trigger and tests that fail on marked people in the star schema."""
    with (
        night.spoilt(
            (
                "staging.stg_edfi__student_school_associations",
                f"insert into {{table}} {rows_of_one('student_school_associations')}",
            ),
            (
                "staging.stg_nsc__enrollments",
                "update {table} set enrollment_end_date = null"
                f" where nsc_return_id = '{ONE.request_id}'",
            ),
            (
                "staging.stg_edfi__students",
                f"delete from {{table}} where student_id_dpi = '{TWO.student_id}'",
            ),
        ),
        read_trap(night.settings, "staging", "stg_edfi__course_transcripts", "cast_text"),
        write_trap(night.settings, "core.int_clearinghouse__contacts_counted"),
    ):
        night.fail("core", lambda: night.build("core"))
    night.forget("dim_student")
    night.build("core")


def check_core(night: Night) -> None:
    """The second door: a marked row that breaks a check, and one that cannot be read."""
    key = night.keys[0]
    with (
        night.spoilt(
            (
                "core.fct_enrollment_span",
                f"update {{table}} set enrolled_days = 0 where student_key = '{key}'",
            )
        ),
        read_trap(night.settings, "core", "fct_grad_cohort", "tell"),
    ):
        night.fail("door core", lambda: open_door(night.settings, night.run_id, "core"))
    open_door(night.settings, night.run_id, "core")


def build_marts(night: Night) -> None:
    """A row of a mart that breaks a constraint, and one that a trigger shows."""
    with (
        night.spoilt(
            (
                "core.dim_organization",
                "alter table {table} alter organization_name drop not null; update {table}"
                f" set organization_name = null, parent_organization_code = '{CELL}'"
                " where organization_level = 'district'",
            )
        ),
        write_trap(night.settings, "candidate.mart_pathway_participation"),
    ):
        night.fail("marts", lambda: night.build("marts"))
    night.build("marts")


FEW_ROWS = """
delete from candidate.mart_pathway_participation;
delete from candidate.mart_postsecondary_transition;
delete from candidate.mart_enrollment
where not (organization_level = 'state' and demographic_factor = 'All' and grade_level = 'All');
"""


def publish(night: Night) -> None:
    """Protection, audit, last door and export of a few rows, with a marked cell among them."""
    settings, run_id = night.settings, night.run_id
    owner(settings, FEW_ROWS)
    mark = f"update {{table}} set organization_name = '{CELL}'"
    with night.spoilt(("candidate.mart_enrollment", mark)):
        with read_trap(settings, "candidate", "mart_enrollment", "cast_text"):
            night.fail("protect cast", lambda: release.protect(settings, run_id))
        with write_trap(settings, "release_[0-9]+.mart_enrollment"):
            night.fail("protect trigger", lambda: release.protect(settings, run_id))
    number = release.protect(settings, run_id)
    table = f"release_{number}.mart_enrollment"
    with (
        night.spoilt((table, mark)),
        read_trap(settings, f"release_{number}", "mart_enrollment", "tell"),
    ):
        night.fail("audit", lambda: release.audit(settings, run_id))
    release.audit(settings, run_id)
    with night.spoilt((table, f"update {{table}} set organization_name = '{ONE.student_id}'")):
        night.fail("door release", lambda: open_door(settings, run_id, "release"))
    owner(
        settings,
        "insert into ops.check_result (run_id, door, check_id, severity, success, checked_at)"
        f" values ({run_id}, 'release', 'probe', 'block', true, now())",
    )
    release.publish(settings, run_id)
    with (
        night.spoilt((table, mark)),
        read_trap(settings, f"release_{number}", "mart_enrollment", "cast_text"),
    ):
        night.fail("export", lambda: exports.export(settings, run_id))
    exports.export(settings, run_id)


STEPS = (stage, check_staging, link, build_core, check_core, build_marts, publish)
