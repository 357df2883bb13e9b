"""Door 1: what must hold on tonight's inputs before anything is linked or modelled.

Keys and statuses follow from the contracts, so that a new source is checked without a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from expectations.doors import Batch
from expectations.validation import tag
from ingestion.contract import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from expectations.subject import Subject
    from ingestion.contract import Contract, TableContract

# Contracts keep a publisher's names; staging says who issued an identifier.
RENAMED = {"student_unique_id": "student_id_dpi", "requester_return_field": "nsc_return_id"}
ENROLLMENTS = "stg_edfi__student_school_associations"


def staged_tables(subject: Subject) -> list[tuple[Contract, TableContract, str]]:
    """Contract tables with a staging model of the same name, with the model's name."""
    return [
        (contract, table, name)
        for contract in subject.contracts
        for table in contract.tables
        if (name := f"stg_{contract.name}__{table.name}") in subject.tables
    ]


def batches(subject: Subject) -> list[Batch]:
    """Expectations on single staging tables."""
    made: dict[str, list[Any]] = {ENROLLMENTS: _enrollments()}
    for contract, table, name in staged_tables(subject):
        columns = subject.tables[name]
        made.setdefault(name, []).extend([*_keys(contract, table, columns), *_statuses(columns)])
    return [Batch(name, tuple(found)) for name, found in sorted(made.items()) if found]


def _keys(contract: Contract, table: TableContract, columns: Mapping[str, str]) -> list[Any]:
    """The natural key occurs once; where releases are kept beside each other, once a load."""
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    key = [RENAMED.get(name, name) for name in table.meta.natural_key]
    if table.meta.duplicates == "keep" or not set(key) <= set(columns):
        return []
    if contract.meta.each_release != "replaces_all":
        key.append("load_id")
    meta = tag("no_duplicate_natural_keys")
    if len(key) == 1:
        return [gxe.ExpectColumnValuesToBeUnique(column=key[0], meta=meta)]
    return [gxe.ExpectCompoundColumnsToBeUnique(column_list=key, meta=meta)]


def _statuses(columns: Mapping[str, str]) -> list[Any]:
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    return [
        gxe.ExpectColumnValuesToBeInSet(
            column=name, value_set=list(get_args(Status)), meta=tag("source_statuses_known")
        )
        for name in columns
        if name.removesuffix("_status") in columns and name.endswith("_status")
    ]


def _enrollments() -> list[Any]:
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    return [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="exit_date",
            column_B="entry_date",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            meta=tag("exits_after_entries"),
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="entry_date", meta=tag("exits_after_entries")),
    ]
