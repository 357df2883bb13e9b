"""Door 3 in SQL: small cells, sums and carried-over cells of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from expectations.marts import Count, Mart
    from expectations.subject import Subject


def checks(subject: Subject) -> list[SqlCheck]:
    """Queries over the release's protected and true tables."""
    derived = [mart for mart in subject.marts if mart.student_derived]
    return [_small_cells(subject, mart, count) for mart in derived for count in mart.counts]


def _small_cells(subject: Subject, mart: Mart, count: Count) -> SqlCheck:
    """Printed counts that the profile calls small; a part is small on either side of its whole."""
    column = sql.Identifier(count.column)
    small = sql.SQL("mart.{} between 1 and profile.minimum_group_size - 1").format(column)
    if count.of is not None:
        small = sql.SQL(
            "mart.{part} between 1 and profile.minimum_numerator - 1"
            " or mart.{whole} - mart.{part} between 1 and profile.minimum_numerator - 1"
        ).format(part=column, whole=sql.Identifier(count.of))
    query = sql.SQL(
        "select count(*), count(*) filter (where {small}) from {mart} as mart"
        " inner join reference.suppression_profiles as profile"
        " on profile.profile = {profile} and profile.valid_to is null"
        " where mart.{status} = 'published'"
    ).format(
        small=small,
        mart=sql.Identifier(subject.schema, mart.name),
        profile=sql.Literal(mart.profile),
        status=sql.Identifier(f"{count.column}_status"),
    )
    return SqlCheck("suppression_min_n", f"{mart.name}.{count.column}", query)
