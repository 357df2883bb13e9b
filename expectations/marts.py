"""What each mart declares about its cells, read from its yml and not from the protector's memory.

Flow: `dbt_project/models/marts/**/*.yml`, `config.meta.disclosure` -> `Mart`. The protector reads
the same declarations strictly; unknown keys are its to refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from p20w.errors import ConfigurationError
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

MARTS = CHECKOUT / "dbt_project" / "models" / "marts"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Dimension(_Part):
    """A dimension of a mart's cells and how its members add up."""

    column: str
    parent_column: str | None = None
    within: str | None = None
    total: str | None = None
    additive: bool = True


class Count(_Part):
    """A count; `of` names the count it is a part of, `counted_as` its name across marts.

    An outcome is small below the profile's numerator, as is what its rate's denominator has besides
    it; any other count or difference of two counts is small below the profile's group size.
    """

    column: str
    of: str | None = None
    outcome: bool = False
    counted_as: str | None = None

    @property
    def cell(self) -> str:
        """The name under which equal cells of several marts are one cell."""
        return self.counted_as or self.column


class Rate(_Part):
    """A share; an upper bound adds to its numerator the rest of the denominator beside a count."""

    column: str
    numerator: str
    denominator: str
    plus_rest_of: tuple[str, ...] = ()


class Mart(_Part):
    """A mart: whether people are counted in it, and then its cells."""

    name: str
    student_derived: bool
    profile: str = ""
    dimensions: tuple[Dimension, ...] = ()
    counts: tuple[Count, ...] = ()
    rates: tuple[Rate, ...] = ()

    def wholes(self, column: str) -> tuple[str, ...]:
        """The counts that a count is a part of, nearest first."""
        parts = {count.column: count.of for count in self.counts}
        found: list[str] = []
        whole = parts.get(column)
        while whole is not None and whole not in found:
            found.append(whole)
            whole = parts.get(whole)
        return tuple(found)

    def least(self, count: Count, whole: str | None = None) -> str:
        """The profile's column that says from where on a count, or a whole without it, is large."""
        is_of_rate = any(
            (rate.numerator, rate.denominator) == (count.column, whole) for rate in self.rates
        )
        is_outcome = count.outcome and (whole is None or is_of_rate)
        return "minimum_numerator" if is_outcome else "minimum_group_size"

    @property
    def cells(self) -> tuple[str, ...]:
        """Columns of counts and rates; each has a status beside it."""
        return (*(one.column for one in self.counts), *(one.column for one in self.rates))

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that name a cell, factors of a grouped dimension included."""
        named = [
            column
            for dimension in self.dimensions
            for column in (dimension.within, dimension.column)
            if column is not None
        ]
        return tuple(dict.fromkeys(named))


def read_marts(folder: Path = MARTS) -> tuple[Mart, ...]:
    """All marts with a yml, by name.

    Raises:
        ConfigurationError: A declaration lacks a key.
    """
    found = [
        _mart(path, model)
        for path in sorted(folder.rglob("*.yml"))
        for model in (yaml.load(path.read_bytes(), yaml.CSafeLoader) or {}).get("models", [])
    ]
    return tuple(sorted(found, key=lambda mart: mart.name))


def _mart(path: Path, model: dict[str, Any]) -> Mart:
    declared = model.get("config", {}).get("meta", {}).get("disclosure", {})
    try:
        return Mart.model_validate({"student_derived": False, **declared, "name": model["name"]})
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        raise ConfigurationError(
            f"{path.name}: config.meta.disclosure of {model['name']} is not well formed at"
            f" {places}: see docs/disclosure.md for its form."
        ) from error
