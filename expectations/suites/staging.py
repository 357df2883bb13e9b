"""Door 1: what must hold on tonight's inputs before anything is linked or modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.doors import Batch
from expectations.validation import tag

if TYPE_CHECKING:
    from expectations.subject import Subject


def batches(_: Subject) -> list[Batch]:
    """Expectations on single staging tables."""
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    return [
        Batch(
            "stg_edfi__student_school_associations",
            (
                gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A="exit_withdraw_date",
                    column_B="entry_date",
                    or_equal=True,
                    ignore_row_if="either_value_is_missing",
                    meta=tag("exits_after_entries"),
                ),
            ),
        ),
    ]
