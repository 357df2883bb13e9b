"""A resource of the Ed-Fi API: a number of records and a way to render a page of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, Literal, cast

import pyarrow as pa

Record = dict[str, Any]
Owner = Literal["ed-fi.org", "dpi.wi.gov"]

GRADE_LEVELS: Final = (
    "Kindergarten",
    "First grade",
    "Second grade",
    "Third grade",
    "Fourth grade",
    "Fifth grade",
    "Sixth grade",
    "Seventh grade",
    "Eighth grade",
    "Ninth grade",
    "Tenth grade",
    "Eleventh grade",
    "Twelfth grade",
)
SERVICE_CENTER_BASE: Final = 900_000
STATE_AGENCY_ID: Final = 55
_MODIFIED: Final = "2025-11-20T09:15:00Z"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the API.

    Attributes:
        name: as in the address, for instance `studentSchoolAssociations`.
        count: number of records.
        render: returns the records from a start to a stop position; both within 0 and `count`.
    """

    name: str
    count: int
    render: Callable[[int, int], list[Record]]


def uri(owner: Owner, descriptor: str, code: str) -> str:
    """Return a descriptor value: `uri://<owner>/<descriptor>#<code>`."""
    return f"uri://{owner}/{descriptor}#{code}"


def record_id(resource: str, *key: object) -> str:
    """Return the 32 hexadecimal digits by which the API knows a record; they follow its key."""
    text = "|".join([resource, *map(str, key)])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def reference(resource: str, relation: str, key: Mapping[str, object]) -> Record:
    """Return a reference with its link, as the API writes it."""
    target = record_id(resource, *key.values())
    return {**key, "link": {"rel": relation, "href": f"/ed-fi/{resource}/{target}"}}


def finish(resource: str, key: tuple[object, ...], record: Record) -> Record:
    """Add what the API adds to every record and leave out what has no value."""
    identity = record_id(resource, *key)
    kept = {name: value for name, value in record.items() if value is not None}
    return {
        "id": identity,
        **kept,
        "_etag": str(int(identity[:15], 16)),
        "_lastModifiedDate": _MODIFIED,
    }


def rows_of(table: pa.Table, start: int, stop: int) -> Iterator[Record]:
    """Yield the rows of a slice as mappings."""
    yield from cast("Iterable[Record]", table.slice(start, stop - start).to_pylist())


def from_table(name: str, table: pa.Table, render_row: Callable[[Record], Record]) -> Resource:
    """Return a resource whose records are the rows of a table."""

    def render(start: int, stop: int) -> list[Record]:
        return [render_row(row) for row in rows_of(table, start, stop)]

    return Resource(name=name, count=table.num_rows, render=render)


def from_records(name: str, records: list[Record]) -> Resource:
    """Return a resource of few records that are kept whole."""

    def render(start: int, stop: int) -> list[Record]:
        return records[start:stop]

    return Resource(name=name, count=len(records), render=render)


@lru_cache(maxsize=2**17)
def student_reference(student_id: str) -> Record:
    """Return a reference to a student."""
    return reference("students", "Student", {"studentUniqueId": student_id})


@lru_cache(maxsize=4096)
def school_reference(school_id: int) -> Record:
    """Return a reference to a school."""
    return reference("schools", "School", {"schoolId": school_id})


@lru_cache(maxsize=4096)
def organization_reference(resource: str, relation: str, organization_id: int) -> Record:
    """Return a reference to an education organization of any kind."""
    target = record_id(resource, organization_id)
    return {
        "educationOrganizationId": organization_id,
        "link": {"rel": relation, "href": f"/ed-fi/{resource}/{target}"},
    }


@lru_cache(maxsize=4096)
def school_year_reference(school_year: int) -> Record:
    """Return a reference to a school year, named by its spring."""
    return reference("schoolYearTypes", "SchoolYearType", {"schoolYear": school_year})


@lru_cache(maxsize=4096)
def grade_level(grade: int) -> str:
    """Return the descriptor of a grade, 0 is kindergarten."""
    return uri("ed-fi.org", "GradeLevelDescriptor", GRADE_LEVELS[grade])
