"""Door 2: what must hold on the star schema before marts are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.doors import Batch
from expectations.validation import tag

if TYPE_CHECKING:
    from expectations.subject import Subject

SCHOOL_GRADES = ["PK", "KG", *(f"{grade:02d}" for grade in range(1, 13)), "UN"]


def batches(_: Subject) -> list[Batch]:
    """Expectations on single tables of the star schema."""
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    return [
        Batch(
            "fct_enrollment_span",
            (
                gxe.ExpectColumnValuesToBeInSet(
                    column="grade_level", value_set=SCHOOL_GRADES, meta=tag("grades_in_range")
                ),
                gxe.ExpectColumnValuesToBeBetween(
                    column="enrolled_days", min_value=1, max_value=400, meta=tag("spans_in_range")
                ),
            ),
        ),
        Batch(
            "bridge_cip_soc",
            (
                gxe.ExpectColumnValuesToBeBetween(
                    column="cip_weight", min_value=0, max_value=1, meta=tag("weights_sum_to_one")
                ),
                gxe.ExpectColumnValuesToBeBetween(
                    column="soc_weight", min_value=0, max_value=1, meta=tag("weights_sum_to_one")
                ),
            ),
        ),
    ]
