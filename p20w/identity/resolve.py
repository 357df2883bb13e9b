"""Deterministic identity: state id for K-12, the request's return id for the clearinghouse.

Probabilistic linkage can slot in beside `_link_clearinghouse` without any reader noticing.
The return field comes back upper-cased and with a prefix in some feeds; staging undoes both.
Flow: `staging` -> `identity` (`person`, `nsc_link`, `unlinked`, `change_log`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from p20w import ledger
from p20w.errors import LinkageError
from p20w.postgres import connect

if TYPE_CHECKING:
    import psycopg

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

TABLES = """
create table if not exists identity.person (
    student_key uuid primary key default gen_random_uuid(),
    student_id_dpi text not null unique
);
comment on table identity.person is 'One row per person known to the state; the key is random.';
create table if not exists identity.nsc_link (
    nsc_return_id text primary key,
    student_key uuid not null references identity.person
);
comment on table identity.nsc_link is 'Return ids of the clearinghouse that belong to a person.';
create table if not exists identity.unlinked (
    run_id bigint not null,
    source text not null,
    reason text not null,
    record_count bigint not null,
    primary key (run_id, source, reason)
);
comment on table identity.unlinked is 'How many records of a run belong to no known person.';
create table if not exists identity.change_log (
    run_id bigint not null,
    student_key uuid not null,
    change text not null
);
comment on table identity.change_log is 'Persons whose mapping a run added or changed.';
"""

NEW_PERSONS = """
with added as (
    insert into identity.person (student_id_dpi)
    select distinct student.student_id_dpi
    from staging.stg_edfi__students as student
    where not exists (
        select from identity.person where person.student_id_dpi = student.student_id_dpi
    )
    returning student_key
)
insert into identity.change_log (run_id, student_key, change)
select %(run_id)s, added.student_key, 'added' from added
"""

# A request id that two students share links neither: never guess who is meant.
LINKS = """
insert into identity.nsc_link (nsc_return_id, student_key)
select request.nsc_return_id, (array_agg(person.student_key))[1]
from (
    select lower(identification_code) as nsc_return_id, student_id_dpi
    from staging.stg_edfi__student_identification_codes
    where identification_system = 'NSC Request'
) as request
inner join identity.person on request.student_id_dpi = person.student_id_dpi
group by request.nsc_return_id
having count(distinct person.student_key) = 1
"""

UNLINKED = """
insert into identity.unlinked (run_id, source, reason, record_count)
select
    %(run_id)s,
    'nsc',
    case when ambiguous.nsc_return_id is null then 'unknown return id' else 'shared return id' end,
    count(*)
from (
    select nsc_return_id from staging.stg_nsc__enrollments
    union all
    select nsc_return_id from staging.stg_nsc__degrees
    union all
    select nsc_return_id from staging.stg_nsc__searches
) as returned
left join (
    select lower(identification_code) as nsc_return_id
    from staging.stg_edfi__student_identification_codes
    where identification_system = 'NSC Request'
    group by 1 having count(distinct student_id_dpi) > 1
) as ambiguous on returned.nsc_return_id = ambiguous.nsc_return_id
where not exists (
    select from identity.nsc_link where nsc_link.nsc_return_id = returned.nsc_return_id
)
group by 3
"""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Counts of a run: persons known, persons new, clearinghouse records of no known person."""

    persons: int
    new_persons: int
    linked_return_ids: int
    unlinked: int


def resolve(settings: Settings, run_id: int) -> Resolution:
    """Give every student a key and link what the clearinghouse returned; safe to run again.

    Raises:
        ReleaseError: Staging is not built or its door is not open.
        LinkageError: A known person would lose the key.
    """
    ledger.require_layer(settings, "linker", run_id, "staging")
    ledger.require_door(settings, "linker", run_id, "staging")
    ledger.record_layer(settings, "linker", run_id, "identity", "running")
    with connect(settings, "linker") as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('p20w.identity'))")
        connection.execute(TABLES)
        before = _count(connection, "select count(*) from identity.person")
        new_persons = connection.execute(NEW_PERSONS, {"run_id": run_id}).rowcount
        linked = _link_clearinghouse(connection, run_id)
        persons = _count(connection, "select count(*) from identity.person")
        unlinked = _count(
            connection,
            "select coalesce(sum(record_count), 0) from identity.unlinked where run_id = %s",
            run_id,
        )
        if persons != before + new_persons:
            raise LinkageError(
                f"{persons} persons after {before} known and {new_persons} new: a key was lost."
                " Nothing was changed."
            )
    with connect(settings, "linker", autocommit=True) as connection:
        connection.execute("analyze identity.person, identity.nsc_link")
    ledger.require_layer(settings, "linker", run_id, "staging")
    ledger.record_layer(settings, "linker", run_id, "identity", "complete")
    logger.info(
        "identity resolved persons=%d new=%d return_ids=%d unlinked=%d",
        *(persons, new_persons, linked, unlinked),
    )
    return Resolution(persons, new_persons, linked, unlinked)


def _link_clearinghouse(connection: psycopg.Connection, run_id: int) -> int:
    connection.execute("delete from identity.nsc_link")
    linked = connection.execute(LINKS).rowcount
    connection.execute("delete from identity.unlinked where run_id = %s", [run_id])
    connection.execute(UNLINKED, {"run_id": run_id})
    return linked


def _count(connection: psycopg.Connection, query: str, *parameters: int) -> int:
    row = connection.execute(query, parameters).fetchone()
    return int(row[0]) if row is not None else 0
