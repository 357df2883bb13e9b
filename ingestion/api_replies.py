"""Replies of the BLS public API v2: what they say, what they hold, and whether they are refusals.

HTTP says 200 in any case; `status` and `message` tell the rest. `Results` is an object, or a list
of objects; a series that was only listed has no `data`, one without figures an empty one.
Flow: JSON document -> `Reply` -> `verdict`, records of `raw_bls_api`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    P20WError,
    QuotaExceeded,
    SourceUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingestion.api_queries import Query

SUCCEEDED = "REQUEST_SUCCEEDED"
QUOTA = re.compile(r"threshold|exceeded", re.IGNORECASE)
KEY = re.compile(r"\bkey\b.*\binvalid\b|\binvalid\b.*\bkey\b", re.IGNORECASE)
REDUCED = "system-allowed limit"
UNKNOWN = re.compile(r"series does not exist for series(?: id:?)? ([A-Z0-9_#-]+)", re.IGNORECASE)
WORDS = re.compile(r"[A-Z0-9_#-]+")

SeriesState = Literal["answered", "no_data", "does_not_exist", "silent", "listed"]


class _Lenient(BaseModel):
    """What the publisher may add to is read by the names that we need."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Footnote(_Lenient):
    """A footnote; `{}` stands for none."""

    code: str | None = None
    text: str | None = None


class Observation(_Lenient):
    """A figure of a period, as text."""

    year: str
    period: str
    value: str | None = None
    footnotes: tuple[Footnote, ...] = ()


class Series(_Lenient):
    """A series; `data` is None where the reply only lists it."""

    series_id: str = Field(alias="seriesID")
    data: tuple[Observation, ...] | None = None


class Reply(_Lenient):
    """A reply; refusals are replies too."""

    status: str
    messages: tuple[str, ...] = Field((), alias="message")
    series: tuple[Series, ...] = Field((), alias="Results")

    @field_validator("messages", mode="before")
    @classmethod
    def _without_nothing(cls, given: Any) -> Any:
        listed = given if isinstance(given, list) else [given]
        return [one for one in listed if one]

    @field_validator("series", mode="before")
    @classmethod
    def _of_both_shapes(cls, given: Any) -> Any:
        """`{"series": [...]}`, or a list of such objects; empty or null in a refusal."""
        parts = given if isinstance(given, list) else [given or {}]
        if not all(isinstance(part, dict) for part in parts):
            raise ValueError("expected an object with `series`, or a list of such objects")
        return [one for part in parts for one in part.get("series") or []]


class Call(_Lenient):
    """A reply with what was asked; a reply that was dropped by hand does not know that."""

    request: dict[str, Any] = Field(default_factory=dict)
    reply: Reply

    @property
    def asked(self) -> tuple[str, ...]:
        """Series asked for, in order."""
        return tuple(self.request.get("seriesid", ()))


def read_calls(document: Any, where: str) -> list[Call]:
    """The calls of a document: those of a pull, or the one whose reply it is.

    Raises:
        ContractViolation: It is no reply of this API; the message names the field.
    """
    calls = document.get("calls") if isinstance(document, dict) else None
    listed = calls if isinstance(calls, list) else [{"reply": document}]
    try:
        return [Call.model_validate(one) for one in listed]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ContractViolation(
            f"{where}: not a reply of the BLS public API v2: {place}: {first['msg']}. Expected"
            " status, message and Results; compare with"
            " https://www.bls.gov/developers/api_signature_v2.htm."
        ) from error


def refusal(reply: Reply, query: Query | None, where: str) -> P20WError | None:
    """What is wrong with a reply, as the error to raise; None where nothing is.

    Args:
        reply: The reply.
        query: What was asked; None for a reply that was dropped by hand.
        where: Address or file, for the message.
    """
    told = " ".join(reply.messages) or "without a message"
    if reply.status != SUCCEEDED:
        return _not_processed(reply, told, where)
    if REDUCED in told:
        return ContractViolation(
            f"{where}: the publisher left years or series out: {told} Its limits have changed:"
            " correct those in ingestion/api_queries.py."
        )
    unknown = [found[1] for text in reply.messages if (found := UNKNOWN.search(text))]
    if query is not None and unknown:
        return ContractViolation(
            f"{where}: no such series: {', '.join(unknown)}. Correct `resources` of the contract"
            " of bls_api; nothing of this pull was kept.",
            unknown=unknown,
        )
    return None


def _not_processed(reply: Reply, told: str, where: str) -> P20WError:
    if QUOTA.search(told):
        return QuotaExceeded(f"{where} answered {reply.status}: {told}", final=True)
    if KEY.search(told):
        return ConfigurationError(
            f"{where} answered {reply.status}: {told} Give a valid key in"
            " credentials/bls_api.json (registration_key), or none."
        )
    if not reply.messages:
        return SourceUnavailable(f"{where} answered {reply.status} {told}: try again later.")
    return ContractViolation(f"{where} answered {reply.status}: {told}")


def reply_records(calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
    """One record a call."""
    for number, call in enumerate(calls, start=1):
        yield {
            "call": number,
            "status": call.reply.status,
            "messages": "; ".join(call.reply.messages) or None,
            "series": len(call.asked) or len(call.reply.series),
            "first_year": call.request.get("startyear"),
            "last_year": call.request.get("endyear"),
        }


def series_records(calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
    """One record a series, of those asked for, answered, or named in a message."""
    named = [found[1] for text in _messages(calls) if (found := UNKNOWN.search(text))]
    given = [one.series_id for call in calls for one in call.reply.series]
    asked = [one for call in calls for one in call.asked]
    for series in dict.fromkeys([*asked, *given, *named]):
        told = [text for text in _messages(calls) if series in WORDS.findall(text)]
        yield {
            "series": series,
            "state": _state(series, calls, told),
            "message": "; ".join(told) or None,
        }


def observation_records(calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
    """One record a series and period; footnotes by comma, none where the publisher has `{}`."""
    for call in calls:
        for series in call.reply.series:
            for one in series.data or ():
                yield {
                    "series": series.series_id,
                    "year": one.year,
                    "period": one.period,
                    "value": one.value,
                    "codes": ",".join(note.code for note in one.footnotes if note.code) or None,
                    "texts": " ".join(note.text for note in one.footnotes if note.text) or None,
                }


def _messages(calls: Iterable[Call]) -> list[str]:
    return list(dict.fromkeys(text for call in calls for text in call.reply.messages))


def _state(series: str, calls: Sequence[Call], told: Sequence[str]) -> SeriesState:
    answers = [one for call in calls for one in call.reply.series if one.series_id == series]
    if any(one.data for one in answers):
        return "answered"
    if any(UNKNOWN.search(text) for text in told):
        return "does_not_exist"
    if any(one.data is not None for one in answers):
        return "no_data"
    return "listed" if answers else "silent"
