"""The public API v2 of the Bureau of Labor Statistics, refusals included.

Behaviour as its pages and its users describe it: HTTP 200 in any case, `status` and `message` tell;
years beyond the limit are cut at the newest end with no more than a message; a series without
figures has an empty list. https://www.bls.gov/developers/api_signature_v2.htm
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from p20w.synthetic.answers import Answer, Request, json_answer
from p20w.synthetic.faults import Fault

PATH: Final = "/timeseries/data/"
REGISTRATION_KEY: Final = "synthetic-secret"
_SUCCEEDED, _NOT_PROCESSED, _FAILED = (
    "REQUEST_SUCCEEDED", "REQUEST_NOT_PROCESSED", "REQUEST_FAILED",
)  # fmt: skip
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Annual",
)  # fmt: skip
_NOTES: Final = {
    "P": "Preliminary.",
    "X": "Data unavailable due to the 2025 lapse in appropriations",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a series: its month, the number as text, the code of its footnote or none."""

    year: int
    month: int
    value: str
    note: str = ""


class LabstatApi:
    """Answers for the series that it was given, each oldest first."""

    def __init__(self, series: Mapping[str, Sequence[Figure]]) -> None:
        self._series = dict(series)

    def answer(self, request: Request, faults: Iterable[Fault]) -> Answer:
        """Answer a request below the API's base."""
        if request.path.rstrip("/") != PATH.rstrip("/"):
            return json_answer(404, {"error": "not found"})
        if request.method != "POST":
            return json_answer(405, {"error": "method not allowed"})
        try:
            asked = json.loads(request.body)
            ids = [str(one) for one in asked["seriesid"]]
            first, last = int(asked["startyear"]), int(asked["endyear"])
        except (ValueError, TypeError, KeyError):
            return _reply(_FAILED, ["Invalid parameters: seriesid, startyear and endyear"], {})
        key = asked.get("registrationkey")
        series_limit, year_limit = (50, 20) if key else (25, 10)
        kinds: dict[str, Fault] = {fault.kind: fault for fault in faults}
        refused = _refusal(key, len(ids) > series_limit, kinds)
        if refused:
            return _reply(_NOT_PROCESSED, [refused], {})
        messages = []
        if last - first + 1 > year_limit:
            last = first + year_limit - 1
            messages.append(
                f"Year range has been reduced to the system-allowed limit of {year_limit} years."
            )
        missing = kinds["unknown_series"].column if "unknown_series" in kinds else None
        results = [self._one(one, first, last, messages, one == missing) for one in ids]
        whole: Any = {"series": results}
        return _reply(_SUCCEEDED, messages, [whole] if "results_list" in kinds else whole)

    def _one(
        self,
        series: str,
        first: int,
        last: int,
        messages: list[str],
        is_missing: bool,  # noqa: FBT001 - a private step of answer
    ) -> dict[str, Any]:
        figures = self._series.get(series)
        if figures is None or is_missing:
            messages.append(f"Series does not exist for Series {series}")
            return {"seriesID": series, "data": []}
        found = [one for one in figures if first <= one.year <= last]
        there = {one.year for one in found}
        messages += [
            f"No Data Available for Series {series} Year: {year}"
            for year in range(first, last + 1)
            if year not in there
        ]
        return {"seriesID": series, "data": [_told(one, figures[-1]) for one in reversed(found)]}


def _refusal(
    key: object,
    is_too_many: bool,  # noqa: FBT001 - a private step of answer
    kinds: Mapping[str, Fault],
) -> str:
    if "quota" in kinds:
        holder = " with registration key" if key else ""
        return (
            "Request could not be serviced, as the daily threshold for total number of requests"
            f" allocated to the user{holder} has been reached."
        )
    if key is not None and key != REGISTRATION_KEY:
        return f"The key:{key} provided by the User is invalid."
    if "refusal" in kinds or is_too_many:
        return (
            "Your request has failed, please check your input parameters and try your request"
            " again."
        )
    return ""


def _told(one: Figure, newest: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {
        "year": str(one.year),
        "period": f"M{one.month:02d}",
        "periodName": _MONTHS[one.month - 1],
    }
    if one == newest:
        told["latest"] = "true"
    note = {"code": one.note, "text": _NOTES[one.note]} if one.note else {}
    return told | {"value": one.value, "footnotes": [note]}


def _reply(status: str, messages: list[str], results: Any) -> Answer:
    value = {"status": status, "responseTime": 40, "message": messages, "Results": results}
    return json_answer(200, value, content_type="application/json;charset=UTF-8")
