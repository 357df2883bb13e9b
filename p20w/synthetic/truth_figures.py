"""The truth in figures: counts by organization, from the rows of `truth_rows`. See `truth`."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from p20w.synthetic.schooling import FIRST_HIGH_GRADE

FACTORS: Final = (
    "sex",
    "race_ethnicity",
    "economic_status",
    "disability_status",
    "english_learner_status",
)
ALL: Final = "All"
_LEVELS: Final[tuple[tuple[str, list[str]], ...]] = (
    ("state", []),
    ("district", ["district_id"]),
    ("school", ["school_id"]),
)
GRADUATION_FLAGS: Final = (
    "is_regular",
    "is_linkable",
    "is_found",
    "is_fall_enrolled",
    "is_enrolled_12_months",
    "is_enrolled_16_months",
)
# Of regular diplomas those that can be linked, and of these what the clearinghouse shows.
_NEEDED: Final = ("is_regular", *["is_linkable"] * 4)
COHORT_FLAGS: Final = ("is_in_cohort", "is_graduate", "is_completer")


def _with_levels(counted: dict[str, pa.Table]) -> pa.Table:
    """Stack counts of state, district and school under common key columns."""
    parts = []
    for level, table in counted.items():
        column = {"district": "district_id", "school": "school_id"}.get(level)
        identity = (
            table[column].cast(pa.int64()) if column else pa.nulls(table.num_rows, pa.int64())
        )
        kept = table.drop_columns([column]) if column else table
        parts.append(
            kept.append_column(
                "organization_level", pa.array([level] * table.num_rows, pa.string())
            )
            .append_column("organization_id", identity)
            .select(["organization_level", "organization_id", *kept.column_names])
        )
    return pa.concat_tables(parts)


def count_members(person_years: pa.Table) -> pa.Table:
    """Count members by grade (All too) and by the members of each factor (All too)."""
    parts = []
    for factor in (ALL, *FACTORS):
        for with_grade in (False, True):
            keys = ["school_year"] + ["grade"] * with_grade + [factor] * (factor != ALL)
            counts = _with_levels(
                {
                    level: person_years.group_by([*keys, *extra]).aggregate([([], "count_all")])
                    for level, extra in _LEVELS
                }
            )
            rows = counts.num_rows
            everyone = pa.array([ALL] * rows, pa.string())
            grade = counts["grade"].cast(pa.string()) if with_grade else everyone
            group = counts[factor] if factor != ALL else everyone
            parts.append(
                counts.select(["organization_level", "organization_id", "school_year"])
                .append_column("grade", grade)
                .append_column("factor", pa.array([factor] * rows, pa.string()))
                .append_column("group", group)
                .append_column("members", counts["count_all"])
            )
    return pa.concat_tables(parts)


def count_participation(person_years: pa.Table, clusters: pa.Table) -> pa.Table:
    """Count participants and concentrators; a student of two clusters counts once in All."""
    high = person_years.filter(pc.field("grade") >= FIRST_HIGH_GRADE)
    flags = ["is_participant", "is_concentrator"]
    every = high.append_column("cluster", pa.array([ALL] * high.num_rows, pa.string()))
    parts = []
    for table in (every, clusters):
        counts = _with_levels(
            {
                level: table.group_by(["school_year", "cluster", *extra]).aggregate(
                    [(flag, "sum") for flag in flags] + [([], "count_all")]
                )
                for level, extra in _LEVELS
            }
        )
        names = {"is_participant_sum": "participants", "is_concentrator_sum": "concentrators"}
        parts.append(counts.rename_columns([names.get(n, n) for n in counts.column_names]))
    both = pa.concat_tables(part.rename_columns(parts[0].column_names) for part in parts)
    names = {"count_all": "students"}
    return both.rename_columns([names.get(n, n) for n in both.column_names])


def count_flags(table: pa.Table, key: str, flags: tuple[str, ...]) -> pa.Table:
    """Count true flags by key and organization; flags of graduation include what they need."""
    if flags is GRADUATION_FLAGS:
        for flag, needed in zip(flags[1:], _NEEDED, strict=True):
            both = pc.and_(table[flag], table[needed])
            table = table.set_column(table.schema.get_field_index(flag), flag, both)
    counts = _with_levels(
        {
            level: table.group_by([key, *extra]).aggregate(
                [(flag, "sum") for flag in flags] + [([], "count_all")]
            )
            for level, extra in _LEVELS
        }
    )
    names = [name.removeprefix("is_").removesuffix("_sum") for name in counts.column_names]
    return counts.rename_columns(names)
