"""The BLS public API: queries within its limits, refusals in disguise, replies of both shapes."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.api_queries import REGISTERED, UNREGISTERED, Limits, Query, queries
from ingestion.api_replies import (
    observation_records,
    read_calls,
    refusal,
    reply_records,
    series_records,
)
from ingestion.registry import source
from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    P20WError,
    QuotaExceeded,
    SourceUnavailable,
    Transient,
)

COUNTY_SERIES = [
    f"LAUCN55{county:03d}00000000{measure:02d}" for county in range(72) for measure in range(3, 7)
]
QUOTA = (
    "Request could not be serviced, as the daily threshold for total number of requests"
    " allocated to the user has been reached."
)
QUERY = Query(("A", "B"), 2010, 2019)


# 72 counties x 4 measures = 288 series: ceil(288 / 50) = 6, ceil(288 / 25) = 12 a window.
@pytest.mark.parametrize(
    ("limits", "first_year", "count"),
    [
        (REGISTERED, 2006, 6),
        (REGISTERED, 2001, 12),
        (UNREGISTERED, 2016, 12),
        (UNREGISTERED, 2001, 36),
    ],
    ids=["20 years", "25 years", "10 years without a key", "25 years without a key"],
)
def test_288_series_need_the_queries_that_the_budget_was_worked_out_for(
    limits: Limits, first_year: int, count: int
) -> None:
    made = queries(COUNTY_SERIES, first_year, 2025, limits)

    assert len(COUNTY_SERIES) == 288
    assert len(made) == count
    asked = {
        (one, year)
        for query in made
        for one in query.series
        for year in range(query.first_year, query.last_year + 1)
    }
    assert asked == {(one, year) for one in COUNTY_SERIES for year in range(first_year, 2026)}
    assert max(len(query.series) for query in made) <= limits.series
    assert max(query.last_year - query.first_year + 1 for query in made) <= limits.years


def test_a_home_without_a_key_would_use_up_its_day_for_25_years_of_counties() -> None:
    assert len(queries(COUNTY_SERIES, 2001, 2025, UNREGISTERED)) > UNREGISTERED.queries_a_day
    assert len(queries(COUNTY_SERIES, 2001, 2025, REGISTERED)) < REGISTERED.queries_a_day


def test_the_series_asked_for_by_default_fit_the_small_budget() -> None:
    contract = source("bls_api").contract
    asked = [name for layout in contract.table("observations").meta.layouts
             for name in layout.resources]  # fmt: skip

    assert len(asked) == len(set(asked)) == 10
    assert len(queries(asked, int(contract.meta.first_period or 0), 2029, UNREGISTERED)) == 2


def test_windows_do_not_overlap_and_a_series_named_twice_is_asked_once() -> None:
    made = queries(["A", "B", "A"], 2001, 2025, Limits(series=1, years=10, queries_a_day=9))

    assert [(query.series, query.first_year, query.last_year) for query in made] == [
        (("A",), 2016, 2025),
        (("B",), 2016, 2025),
        (("A",), 2006, 2015),
        (("B",), 2006, 2015),
        (("A",), 2001, 2005),
        (("B",), 2001, 2005),
    ]


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        ("REQUEST_SUCCEEDED", [], None),
        ("REQUEST_SUCCEEDED", ["No Data Available for Series A Year: 2010"], None),
        ("REQUEST_NOT_PROCESSED", [QUOTA], QuotaExceeded),
        ("REQUEST_NOT_PROCESSED", ["The key:abc provided by the User is invalid."],
         ConfigurationError),
        ("REQUEST_NOT_PROCESSED", ["Invalid parameters: startyear"], ContractViolation),
        ("REQUEST_FAILED", ["Invalid parameters: startyear"], ContractViolation),
        ("REQUEST_NOT_PROCESSED", [], SourceUnavailable),
        ("REQUEST_SUCCEEDED", ["Series does not exist for Series B"], ContractViolation),
        ("REQUEST_SUCCEEDED",
         ["Year range has been reduced to the system-allowed limit of 10 years."],
         ContractViolation),
    ],
    ids=["right", "no data", "quota", "key", "parameters", "failed", "silent", "unknown", "cut"],
)  # fmt: skip
def test_http_200_with_a_refusal_inside_is_a_refusal(
    status: str, message: list[str], error: type[P20WError] | None
) -> None:
    [call] = read_calls({"status": status, "message": message, "Results": {}}, "v2_test.json")

    found = refusal(call.reply, QUERY, "https://api")

    assert type(found) is (error or type(None))
    assert isinstance(found, Transient) == (error in {QuotaExceeded, SourceUnavailable})


def test_a_used_up_quota_is_not_tried_again_at_once() -> None:
    [call] = read_calls({"status": "REQUEST_NOT_PROCESSED", "message": [QUOTA]}, "v2_test.json")

    found = refusal(call.reply, QUERY, "https://api")

    assert found is not None
    assert found.facts["final"] is True


def figures(*values: str) -> list[dict[str, Any]]:
    return [
        {"year": "2025", "period": f"M{month:02d}", "value": value, "footnotes": [{}]}
        for month, value in enumerate(values, start=1)
    ]


@pytest.mark.parametrize("is_list", [False, True], ids=["object", "list"])
def test_results_are_read_as_an_object_and_as_a_list(*, is_list: bool) -> None:
    results: Any = {"series": [{"seriesID": "A", "data": figures("1.5", "2")}]}
    document = {
        "status": "REQUEST_SUCCEEDED",
        "message": None,
        "Results": [results] if is_list else results,
    }

    found = list(observation_records(read_calls(document, "v2_test.json")))

    assert [(one["series"], one["period"], one["value"]) for one in found] == [
        ("A", "M01", "1.5"),
        ("A", "M02", "2"),
    ]


def test_every_series_has_a_state_and_its_message() -> None:
    reply = {
        "status": "REQUEST_SUCCEEDED",
        "message": [
            "No Data Available for Series LAB1 Year: 2025",
            "Series does not exist for Series LAC1",
        ],
        "Results": {
            "series": [
                {"seriesID": "LAA1", "data": figures("1")},
                {"seriesID": "LAB1", "data": []},
                {"seriesID": "LAC1", "data": []},
                {"seriesID": "LAE1"},
            ]
        },
    }
    request = {"seriesid": ["LAA1", "LAB1", "LAC1", "LAD1"], "startyear": "2025", "endyear": "2025"}

    calls = read_calls({"calls": [{"request": request, "reply": reply}]}, "v2_test.json")

    found = {one["series"]: (one["state"], one["message"]) for one in series_records(calls)}
    assert found == {
        "LAA1": ("answered", None),
        "LAB1": ("no_data", "No Data Available for Series LAB1 Year: 2025"),
        "LAC1": ("does_not_exist", "Series does not exist for Series LAC1"),
        "LAD1": ("silent", None),
        "LAE1": ("listed", None),
    }
    assert [(one["series"], one["first_year"]) for one in reply_records(calls)] == [(4, "2025")]


def test_a_series_without_data_in_one_window_is_answered_by_another() -> None:
    documents = [
        {"request": {}, "reply": {"status": "REQUEST_SUCCEEDED", "message": [],
                                  "Results": {"series": [{"seriesID": "A", "data": data}]}}}
        for data in (figures("1"), [])
    ]  # fmt: skip

    calls = read_calls({"calls": documents}, "v2_test.json")

    assert [one["state"] for one in series_records(calls)] == ["answered"]


def test_footnotes_are_kept_and_an_empty_one_is_none() -> None:
    data = figures("-", "3", "4")
    data[0]["footnotes"] = [{"code": "X", "text": "Not collected."}]
    data[1]["footnotes"] = [
        {"code": "P", "text": "Preliminary."},
        {"code": "R", "text": "Corrected."},
    ]
    reply = {
        "status": "REQUEST_SUCCEEDED",
        "message": [],
        "Results": {"series": [{"seriesID": "A", "data": data}]},
    }

    found = list(observation_records(read_calls(reply, "v2_test.json")))

    assert [(one["value"], one["codes"], one["texts"]) for one in found] == [
        ("-", "X", "Not collected."),
        ("3", "P,R", "Preliminary. Corrected."),
        ("4", None, None),
    ]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "reply"),
        ({"message": []}, "status"),
        ({"status": "REQUEST_SUCCEEDED", "Results": {"series": [{"data": []}]}}, "seriesID"),
        ({"status": "REQUEST_SUCCEEDED", "Results": "none"}, "Results"),
    ],
)
def test_a_document_that_is_no_reply_names_the_field(document: Any, told: str) -> None:
    with pytest.raises(ContractViolation, match=rf"^v2_test\.json: not a reply .*{told}"):
        read_calls(document, "v2_test.json")
