"""Layouts: the shapes in which a publisher's table arrives, and where their headers stand.

Flow: contract -> `Layout` -> `ingestion.headers` (which columns are where) and the readers.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise ValueError("must be a lower-case name of letters, digits and underscores")
    return text


Regex = Annotated[str, AfterValidator(_regex)]
Name = Annotated[str, AfterValidator(_name)]


class Strict(BaseModel):
    """A model that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeaderForm(Strict):
    """One way to write the header.

    `row` is its last row, `height` how many it spans (their cells are joined by blanks). Where the
    names do not tell the columns apart, `cells` gives what is written in each, from the left, and
    the name that it stands for.
    """

    row: int = Field(1, ge=1)
    height: int = Field(1, ge=1)
    cells: tuple[tuple[str, str], ...] = ()

    @model_validator(mode="after")
    def _fits_above(self) -> HeaderForm:
        if self.height > self.row:
            raise ValueError("a header cannot span more rows than there are down to its last")
        return self


class Groups(Strict):
    """How many rows each group of a file has, such as each state and period.

    A file can be of the usual size and yet lack half of one state, or be whole and yet small
    because the year has just begun. A group below `least_share` of what the newest earlier file
    had of it is incomplete, too. A group of the last file of the same name that this one lacks is
    lost; `periods` are those of its columns whose values a new release may replace.
    """

    by: tuple[Name, ...] = Field(min_length=1)
    periods: tuple[Name, ...] = ()
    row_band: tuple[int, int]
    least_share: float = Field(0.9, gt=0, le=1)

    @property
    def lasting(self) -> tuple[Name, ...]:
        """Columns of the groups that a new release has again."""
        return tuple(name for name in self.by if name not in self.periods)

    @model_validator(mode="after")
    def _periods_are_of_groups(self) -> Groups:
        if not set(self.periods) < set(self.by):
            raise ValueError("`periods` are some of the columns in `by`, not all")
        return self


class Layout(Strict):
    """One shape in which a table arrives: which files, how to open them, how many rows.

    `headers` are tried in order. `notes` is what the one filled cell of a row below the data looks
    like that is a note and no row. `keep` are the rows that the warehouse takes, by a pattern for
    each column named; the others are nobody's business here and are left out, counted. With
    `trailing_delimiter` each row ends in one more delimiter than the header has. `records` is the
    path to the list of records of a JSON document; without it a JSON file has a record a line.
    Files of a layout that `is_selection` hold a part each, and say nothing of each other's size.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    files: Regex
    format: Literal["csv", "xlsx", "json"]
    row_band: tuple[int, int]
    sheet: Regex | None = None
    member: tuple[Regex, ...] = ()
    encoding: tuple[str, ...] = ("utf-8",)
    delimiter: str = Field(",", pattern=r"^[\x01-\x7f]$")
    trailing_delimiter: bool = False
    headers: tuple[HeaderForm, ...] = Field((HeaderForm(),), min_length=1)
    ignore_case: bool = False
    loose_names: bool = False
    notes: Regex | None = None
    records: str | None = None
    groups: Groups | None = None
    keep: dict[Name, Regex] = Field(default_factory=dict)
    is_selection: bool = False
    absent: tuple[str, ...] = ()
    ignored_columns: tuple[Regex, ...] = ()
    resources: tuple[str, ...] = ()
    resources_optional: bool = False
    facts: dict[str, str | int | float] = Field(default_factory=dict)

    @property
    def is_synthetic(self) -> bool:
        """Whether the layout is that of the invented state."""
        return self.name.startswith("synthetic")

    @property
    def opening(self) -> tuple[object, ...]:
        """What decides how bytes are opened: tables with equal ones are read in one go."""
        return (
            self.format,
            self.sheet,
            self.member,
            self.encoding,
            self.delimiter,
            self.trailing_delimiter,
            self.headers,
            self.ignore_case,
            self.loose_names,
            self.notes,
            self.records,
        )

    @property
    def highest_header(self) -> int:
        """The lowest row in which a header may end."""
        return max(form.row for form in self.headers)

    @model_validator(mode="after")
    def _notes_are_in_sheets(self) -> Layout:
        if self.notes is not None and self.format != "xlsx":
            raise ValueError("`notes` can only stand in a sheet")
        if self.records is not None and self.format != "json":
            raise ValueError("`records` can only be a list of a JSON document")
        return self
