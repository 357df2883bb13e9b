"""What a public mart says of its cells: dimensions, counts, rates, profile.

The declaration is `config.meta.disclosure` in the mart's yml, read strictly: an unknown key is an
error, because a misspelt one would silently protect less.
Flow: a mapping from dbt's manifest -> `Declaration`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Profile:
    """How small is small, for one audience.

    Args:
        minimum_group_size: Groups of 1 to one less than this are withheld (at least 2).
        minimum_numerator: Outcomes, and their complements, of 1 to one less are withheld.
        unanimity_size: In groups smaller than this 0 % and 100 % are not printed.
    """

    minimum_group_size: int = 10
    minimum_numerator: int = 3
    unanimity_size: int = 300

    def __post_init__(self) -> None:
        """Refuse a profile that protects nobody."""
        if self.minimum_group_size < 2 or self.minimum_numerator < 1:  # noqa: PLR2004 - 1 is nobody
            raise ConfigurationError(
                "A suppression profile needs minimum_group_size >= 2 and minimum_numerator >= 1;"
                f" found {self.minimum_group_size} and {self.minimum_numerator}."
                " Correct the seed suppression_profiles."
            )


@dataclass(frozen=True, slots=True)
class Dimension:
    """A key column and how its members add up.

    Args:
        column: Column of the mart.
        parent_column: Holds the member whose row the children add up to.
        within: Holds the factor: members of each factor add up to the total.
        total: The member that stands for all.
        additive: False where members overlap: largest member <= total <= their sum.
    """

    column: str
    parent_column: str | None = None
    within: str | None = None
    total: str | None = None
    additive: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """A column of head counts.

    Args:
        column: Column of the mart.
        of: The count this one is a part of; the rest of it is an implied cell.
        outcome: What became of a group's members, as enrolling after the diploma: small means
            below `minimum_numerator` instead of `minimum_group_size` (rule P2).
        counted_as: Name under which equal cells of several marts are the same cell.
        regardless_of: Dimensions along which it does not change, as a denominator that is repeated
            for each pathway: those rows show one and the same cell.
        where: Which rows show it to readers, as alternatives of columns with values; all if empty.
    """

    column: str
    of: str | None
    outcome: bool
    counted_as: str
    regardless_of: tuple[str, ...] = ()
    where: tuple[Mapping[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """A share; printed only where every count that it is made of is.

    Args:
        column: Column of the mart.
        numerator: The part: a count declared `of` the denominator, maybe over others.
        denominator: The whole.
        plus_rest_of: Counts whose rest of the denominator is added to the numerator: the upper
            bound of those enrolled adds the graduates who are not among those found.
    """

    column: str
    numerator: str
    denominator: str
    plus_rest_of: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[str, ...]:
        """Every count that the rate is made of, the numerator first."""
        return (self.numerator, self.denominator, *self.plus_rest_of)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A mart's disclosure declaration."""

    mart: str
    profile: str
    dimensions: tuple[Dimension, ...]
    counts: tuple[Count, ...]
    rates: tuple[Rate, ...]

    @property
    def period(self) -> str | None:
        """The dimension that restatements are held by: the first one that adds up to nothing."""
        return next(
            (item.column for item in self.dimensions if not (item.total or item.parent_column)),
            None,
        )

    def wholes(self, column: str) -> list[str]:
        """The counts that a count is a part of, nearest first."""
        parts = {count.column: count.of for count in self.counts}
        found: list[str] = []
        whole = parts[column]
        while whole is not None:
            found.append(whole)
            whole = parts[whole]
        return found

    def least(self, profile: Profile, column: str, whole: str | None = None) -> int:
        """The smallest count that is not small, of a column or of what a whole has besides it.

        An outcome and the rest of its rate's denominator follow rule P2. Every other difference of
        two counts is a group of people like any other (P4): three late enrollers are three people.
        """
        count = next(count for count in self.counts if count.column == column)
        is_of_rate = (column, whole) in {(rate.numerator, rate.denominator) for rate in self.rates}
        if count.outcome and (whole is None or is_of_rate):
            return profile.minimum_numerator
        return profile.minimum_group_size

    def can_hide_zero(self, column: str) -> bool:
        """Whether a withheld count may be zero, because 0 % of a small group is not printed.

        True for the numerator of a rate and for what lies between it and the denominator: a zero
        there says that the numerator is zero.
        """
        for rate in self.rates:
            wholes = self.wholes(rate.numerator)
            if column in [rate.numerator, *wholes[: wholes.index(rate.denominator)]]:
                return True
        return False


class _Reader:
    """One mapping of the declaration, read key by key; what is left over is an error."""

    def __init__(self, mart: str, where: str, declared: object) -> None:
        self.mart = mart
        self.where = where
        if not hasattr(declared, "keys"):
            raise self.error("must be a mapping", declared)
        self.left: dict[str, object] = dict(declared)  # type: ignore[call-overload]

    def error(self, expected: str, found: object) -> ConfigurationError:
        return ConfigurationError(
            f"{self.mart}: disclosure {self.where} {expected}; found {found!r}."
            " Correct config.meta.disclosure in the mart's yml.",
            mart=self.mart,
        )

    def text(self, key: str) -> str:
        value = self.optional_text(key)
        if value is None:
            raise self.error(f"needs {key}", None)
        return value

    def optional_text(self, key: str) -> str | None:
        value = self.left.pop(key, None)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.error(f"{key} must be a text", value)

    def truth(self, key: str, *, default: bool) -> bool:
        value = self.left.pop(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} must be a list of texts", value)
        return tuple(value)

    def alternatives(self, key: str) -> tuple[Mapping[str, tuple[str, ...]], ...]:
        readers = self.items(key)
        return tuple({name: reader.texts(name) for name in list(reader.left)} for reader in readers)

    def items(self, key: str) -> list[_Reader]:
        value = self.left.pop(key, [])
        if not isinstance(value, list):
            raise self.error(f"{key} must be a list", value)
        return [_Reader(self.mart, f"{key}[{i}]", item) for i, item in enumerate(value)]

    def finish(self) -> None:
        if self.left:
            raise self.error("has unknown keys", sorted(self.left))


def parse_declaration(mart: str, declared: Mapping[str, object]) -> Declaration:
    """Read a student-derived mart's `config.meta.disclosure`.

    Args:
        mart: Name of the mart, for messages.
        declared: The mapping as dbt's manifest holds it.

    Raises:
        ConfigurationError: A key is missing, unknown or contradicts another; names mart and key.
    """
    reader = _Reader(mart, "declaration", declared)
    if not reader.truth("student_derived", default=False):
        raise reader.error("must say student_derived: true to be protected", None)
    declaration = Declaration(
        mart=mart,
        profile=reader.text("profile"),
        dimensions=tuple(_dimension(item) for item in reader.items("dimensions")),
        counts=tuple(_count(item) for item in reader.items("counts")),
        rates=tuple(_rate(item) for item in reader.items("rates")),
    )
    reader.finish()
    _check_columns(reader, declaration)
    _check_wholes(reader, declaration)
    return declaration


def _dimension(reader: _Reader) -> Dimension:
    dimension = Dimension(
        column=reader.text("column"),
        parent_column=reader.optional_text("parent_column"),
        within=reader.optional_text("within"),
        total=reader.optional_text("total"),
        additive=reader.truth("additive", default=True),
    )
    reader.finish()
    if dimension.parent_column is not None and dimension.total is not None:
        raise reader.error("has either parent_column or total, not both", dimension.column)
    if dimension.within is not None and dimension.total is None:
        raise reader.error("with within needs total", dimension.column)
    if not dimension.additive and dimension.total is None and dimension.parent_column is None:
        raise reader.error("with additive: false needs total or parent_column", dimension.column)
    return dimension


def _count(reader: _Reader) -> Count:
    column = reader.text("column")
    count = Count(
        column=column,
        of=reader.optional_text("of"),
        outcome=reader.truth("outcome", default=False),
        counted_as=reader.optional_text("counted_as") or column,
        regardless_of=reader.texts("regardless_of"),
        where=reader.alternatives("where"),
    )
    reader.finish()
    return count


def _rate(reader: _Reader) -> Rate:
    rate = Rate(
        column=reader.text("column"),
        numerator=reader.text("numerator"),
        denominator=reader.text("denominator"),
        plus_rest_of=reader.texts("plus_rest_of"),
    )
    reader.finish()
    return rate


def _check_columns(reader: _Reader, declaration: Declaration) -> None:
    if not declaration.dimensions or not declaration.counts:
        raise reader.error("needs at least one dimension and one count", None)
    groups: list[Sequence[Dimension | Count | Rate]] = [
        declaration.dimensions,
        declaration.counts,
        declaration.rates,
    ]
    names = [item.column for group in groups for item in group]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise reader.error("names a column twice", twice)


def _check_wholes(reader: _Reader, declaration: Declaration) -> None:
    """A part is declared after its whole, so that no chain runs in a circle."""
    known: list[str] = []
    dimensions = {dimension.column for dimension in declaration.dimensions}
    for count in declaration.counts:
        if not dimensions.issuperset(count.regardless_of):
            raise reader.error(
                f"{count.column}.regardless_of must name dimensions", list(count.regardless_of)
            )
        if count.of is not None and count.of not in known:
            raise reader.error(f"{count.column}.of must be a count declared before it", count.of)
        if count.outcome and count.of is None:
            raise reader.error(f"{count.column} with outcome: true needs of", None)
        known.append(count.column)
    for rate in declaration.rates:
        if not set(known).issuperset(rate.counts):
            raise reader.error(f"{rate.column} needs declared counts", list(rate.counts))
        if rate.denominator not in declaration.wholes(rate.numerator):
            raise reader.error(
                f"{rate.column}: the numerator must be declared `of` the denominator",
                rate.numerator,
            )
