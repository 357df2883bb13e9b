"""Door 3: what must hold on a release before readers see it, from each mart's own declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.doors import Batch
from expectations.validation import tag

if TYPE_CHECKING:
    from expectations.marts import Mart
    from expectations.subject import Subject

PUBLIC_STATUSES = ["published", "withheld", "not_applicable", "not_collected", "not_yet"]


def batches(subject: Subject) -> list[Batch]:
    """Expectations on each mart that counts people, as its public readers will see it."""
    return [_batch(mart) for mart in subject.marts if mart.student_derived]


def _batch(mart: Mart) -> Batch:
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    statuses = [
        gxe.ExpectColumnValuesToBeInSet(
            column=f"{column}_status",
            value_set=PUBLIC_STATUSES,
            meta=tag("published_statuses_known"),
        )
        for column in mart.cells
    ]
    counts = [
        gxe.ExpectColumnValuesToBeBetween(
            column=count.column, min_value=0, meta=tag("counts_and_shares_in_range")
        )
        for count in mart.counts
    ]
    shares = [
        gxe.ExpectColumnValuesToBeBetween(
            column=rate.column, min_value=0, max_value=1, meta=tag("counts_and_shares_in_range")
        )
        for rate in mart.rates
    ]
    keys = gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(mart.keys), meta=tag("one_row_per_published_cell")
    )
    return Batch(mart.name, (*statuses, *counts, *shares, keys))
