"""What lies behind a door: the schema, its tables, and for a release what it was made from.

Reads `ops` and the catalog of the database as the checker. Flow: run and door -> `Subject`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from expectations.marts import Mart, read_marts
from ingestion.contract import STAGING_MODELS, Contract, read_contract
from p20w import ledger
from p20w.errors import ReleaseError
from p20w.postgres import begin

if TYPE_CHECKING:
    from expectations.doors import Door, Tables
    from p20w.settings import Settings

CHECKABLE = ("protected", "audited", "published")
COLUMNS = sa.text(
    """
    select relation.relname, attribute.attname, format_type(attribute.atttypid, null)
    from pg_class as relation
    inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
    inner join pg_attribute as attribute on relation.oid = attribute.attrelid
    where
        namespace.nspname = :schema
        and relation.relkind in ('r', 'v', 'm', 'p')
        and attribute.attnum > 0
        and not attribute.attisdropped
    order by relation.relname, attribute.attnum
    """
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a door checks.

    `personal` names the columns that contracts call personal. `true_schema` and `carried_from`
    (the schema whose public cells were carried over, off publication dates) are a release's; so are
    `marts`, with their declarations.
    """

    run_id: int
    schema: str
    tables: Tables
    contracts: tuple[Contract, ...]
    true_schema: str = ""
    carried_from: str | None = None
    carried_tables: Tables = field(default_factory=dict)
    marts: tuple[Mart, ...] = ()

    @property
    def personal(self) -> frozenset[str]:
        """Names of columns that a contract calls personal."""
        return frozenset(
            column.name
            for contract in self.contracts
            for table in contract.tables
            for column in table.columns
            if column.meta.personal
        )


def read_subject(settings: Settings, run_id: int, door: Door) -> Subject:
    """Read what lies behind a door.

    Raises:
        ReleaseError: It is not complete, or belongs to another run.
    """
    if door != "release":
        ledger.require_layer(settings, "checker", run_id, door)
        with begin(settings, "checker") as connection:
            return Subject(run_id, door, _tables(connection, door), read_contracts())
    with begin(settings, "checker") as connection:
        release = connection.execute(
            sa.select(ledger.release).where(ledger.release.c.run_id == run_id)
        ).one_or_none()
        if release is None or release.state not in CHECKABLE:
            raise ReleaseError(
                f"The release of run {run_id} must be {' or '.join(CHECKABLE)} before its door;"
                f" found: {'none' if release is None else release.state}. Run `p20w protect` first."
            )
        schema = f"release_{release.release_id}"
        origin = release.carried_over_from
        carried_from = None if origin is None else f"release_{origin}"
        return Subject(
            run_id=run_id,
            schema=schema,
            tables=_tables(connection, schema),
            contracts=read_contracts(),
            true_schema=f"{schema}_true",
            carried_from=carried_from,
            carried_tables=_tables(connection, carried_from) if carried_from else {},
            marts=read_marts(),
        )


def read_contracts() -> tuple[Contract, ...]:
    """All sources' contracts, by name."""
    return tuple(read_contract(path) for path in sorted(STAGING_MODELS.glob("*/_*__sources.yml")))


def _tables(connection: sa.Connection, schema: str) -> Tables:
    tables: dict[str, dict[str, str]] = {}
    for row in connection.execute(COLUMNS, {"schema": schema}):
        tables.setdefault(str(row[0]), {})[str(row[1])] = str(row[2])
    return tables
