"""Checks of door 1 on replies of the BLS API: few rows, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks.api_replies import api_reply_checks

pytestmark = pytest.mark.integration

ANSWERED = "REQUEST_SUCCEEDED,No Data Available for Series A Year: 2010"
OVER = "REQUEST_NOT_PROCESSED,the daily threshold for total number of requests has been reached"


def outcomes(few: Any, replies: str, series: str) -> dict[str, tuple[int | None, int | None]]:
    few.make("staging.stg_bls_api__replies", "reply_status:text, reply_messages:text", replies)
    few.make(
        "staging.stg_bls_api__series", "series_id:text, series_state:text, load_id:bigint", series
    )
    return {check.check_id: few.counts(check) for check in api_reply_checks()}


@pytest.mark.parametrize(
    ("replies", "series", "status", "quota"),
    [
        (ANSWERED, "A,answered,1\nB,answered,1", (3, 0), (1, 0)),
        (ANSWERED, "A,answered,1\nB,does_not_exist,1", (3, 1), (1, 0)),
        (ANSWERED, "A,answered,1\nB,silent,1\nC,no_data,1", (4, 2), (1, 0)),
        # A reply that lists series asked for no figure; a later pull has what an earlier had not.
        (ANSWERED, "A,listed,1\nB,no_data,1\nB,answered,2", (3, 0), (1, 0)),
        (f"{ANSWERED}\n{OVER}", "A,answered,1", (3, 1), (2, 1)),
        ("REQUEST_FAILED,Invalid parameters: startyear", "A,answered,1", (2, 1), (1, 0)),
        ("", "", (0, 0), (0, 0)),
    ],
    ids=["right", "unknown", "empty", "listed", "quota", "refused", "no input"],
)
def test_refusals_and_series_without_figures_are_found(
    few: Any,
    replies: str,
    series: str,
    status: tuple[int, int],
    quota: tuple[int, int],
) -> None:
    found = outcomes(few, replies, series)

    assert found == {"bls_status_succeeded_all_series": status, "bls_quota_not_hit": quota}
