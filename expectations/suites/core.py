"""Door 2: what must hold on the star schema before marts are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.doors import Batch
from expectations.validation import tag

if TYPE_CHECKING:
    from expectations.subject import Subject


def batches(_: Subject) -> list[Batch]:
    """Expectations on single tables of the star schema."""
    from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

    return [
        Batch(
            "fct_enrollment_span",
            (
                gxe.ExpectColumnValuesToNotBeNull(
                    column="student_key", meta=tag("referential_integrity_core")
                ),
            ),
        ),
    ]
