"""A whole night against the truth of the invented Wisconsin, and what readers may see of it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from p20w import identity
from p20w.dbt_runner import PROJECT
from p20w.errors import DatabaseError
from p20w.postgres import connect
from p20w.release import current_release
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

DIGITS_OF_AN_ID = 10
TRUE_NAMES = {  # what the truth tables call a grade or a group
    "KG": "",
    "Students with Disabilities": "With Disability",
    "Students without Disabilities": "Not With Disability",
}


def true_members(night: Night) -> dict[tuple[str, int | None, int, str, str, str], int]:
    """Members from the truth tables, which share no code with the models."""
    return {
        (
            row["organization_level"],
            row["organization_id"],
            row["school_year"],
            row["grade"].lstrip("0"),
            row["factor"],
            row["group"],
        ): row["members"]
        for row in night.state.truth.members.to_pylist()
    }


def ed_fi_id(level: str, code: str) -> int | None:
    """The id behind a code of ours: district 0133 is 133, school 0133-0400 is 1330400."""
    if level == "state":
        return None
    return int(code) if level == "district" else int(code.replace("-", ""))


def test_every_true_cell_of_enrollment_equals_the_hidden_truth(night: Night) -> None:
    truth = true_members(night)
    with connect(night.settings, "accountability_reader") as connection:
        rows = connection.execute(
            "select organization_level, organization_code, school_year, grade_level,"
            " demographic_factor, demographic_group, member_count"
            " from accountability.mart_enrollment"
            " where organization_level <> 'region' and grade_level !~ '-'"
        ).fetchall()

    wrong = [
        row
        for row in rows
        if truth.get(
            (
                row[0],
                ed_fi_id(row[0], row[1]),
                row[2],
                TRUE_NAMES.get(row[3], row[3].lstrip("0")),
                row[4],
                TRUE_NAMES.get(row[5], row[5]),
            ),
            0,
        )
        != row[6]
    ]

    assert len(rows) > 1000
    assert wrong == []


def true_clusters() -> dict[str, str]:
    """What the truth calls a cluster, by our code; the codes are the project's own list."""
    with (PROJECT / "seeds" / "codelists" / "career_clusters.csv").open() as rows:
        names = {row["pathway_code"]: row["pathway_name"] for row in csv.DictReader(rows)}
    return {**names, "All": "All"}


def test_every_true_cell_of_participation_equals_the_hidden_truth(night: Night) -> None:
    names = true_clusters()
    truth = {
        (row["organization_level"], row["organization_id"], row["school_year"], row["cluster"]): (
            row["participants"],
            row["concentrators"],
            row["students"] if row["cluster"] == "All" else None,
        )
        for row in night.state.truth.participation.to_pylist()
    }
    with connect(night.settings, "accountability_reader") as connection:
        rows = connection.execute(
            "select organization_level, organization_code, school_year, pathway_code,"
            " participant_count, concentrator_count, member_count"
            " from accountability.mart_pathway_participation"
            " where organization_level in ('district', 'school') and demographic_factor = 'All'"
            " and participant_count is not null"
        ).fetchall()

    wrong = [
        row
        for row in rows
        if truth.get(
            (row[0], ed_fi_id(row[0], row[1]), row[2], names[row[3]]),
            (0, 0, 0 if row[3] == "All" else None),
        )
        != row[4:]
    ]

    assert sum(row[5] for row in rows) > 500
    assert wrong == []


def test_every_true_cell_of_transition_equals_the_hidden_truth(night: Night) -> None:
    figures = ("regular", "linkable", "found", "fall_enrolled", "enrolled_12_months")
    truth = {
        (row["organization_level"], row["organization_id"], row["class_year"]): [
            row[name] for name in figures
        ]
        for row in night.state.truth.graduation.to_pylist()
    }
    with connect(night.settings, "accountability_reader") as connection:
        rows = connection.execute(
            "select organization_level, organization_code, diploma_class, graduate_count,"
            " searched_count, found_count, enrolled_fall_count, enrolled_12_months_count"
            " from accountability.mart_postsecondary_transition"
            " where organization_level <> 'region' and pathway_code = 'All'"
            " and demographic_factor = 'All'"
        ).fetchall()

    wrong = [
        (row, expected)
        for row in rows
        for expected in [truth[row[0], ed_fi_id(row[0], row[1]), row[2]]]
        if any(
            told is not None and told != true for told, true in zip(row[3:], expected, strict=True)
        )
    ]

    assert sum(row[6] or 0 for row in rows) > 500
    assert wrong == []


def test_every_row_about_students_says_how_far_it_may_be_compared(night: Night) -> None:
    with connect(night.settings, "bi_reader") as connection:
        participation = connection.execute(
            "select distinct school_year, snapshot_id, is_provisional, is_comparable_to_prior,"
            " break_reason, is_additive, pathway_code = 'All', region_scheme,"
            " organization_level = 'region' from marts.mart_pathway_participation"
        ).fetchall()
        transition = connection.execute(
            "select distinct diploma_class, is_16_months_complete, is_final, is_provisional"
            " from marts.mart_postsecondary_transition order by diploma_class"
        ).fetchall()
        enrollment = connection.execute(
            "select distinct snapshot_id, is_provisional, is_comparable_to_prior, break_reason,"
            " is_additive, denominator_definition from marts.mart_enrollment"
        ).fetchall()

    # The rule of 2019-20 followed one of before, that of 2021-22 the former.
    breaks = {row[0]: row[4] for row in participation if not row[3]}
    assert breaks == {
        2020: "rule cte-2019-covid in place of cte-2018",
        2022: "rule cte-2021 in place of cte-2019-covid",
    }
    assert {row[1] for row in participation} == {night.run_id}
    assert all(row[2] for row in participation)
    assert all(row[5] == row[6] for row in participation)
    assert all((row[7] == "cesa") == row[8] for row in participation)
    # The last return is of November 2025: 16 months after August 2023 are over, after 2024 not.
    # One return has been received: no class is final.
    assert {row[0]: row[1] for row in transition} == {
        **dict.fromkeys(range(2020, 2024), True),
        **dict.fromkeys(range(2024, 2026), False),
    }
    assert not any(row[2] for row in transition)
    assert all(row[3] for row in transition)
    assert enrollment == [
        (
            *(night.run_id, True, True, None, True),
            "students enrolled at least one day in the school year",
        )
    ]


def test_groups_of_the_states_bands_are_those_of_the_pathway_mart_and_add_up(night: Night) -> None:
    with connect(night.settings, "accountability_reader") as connection:
        bands = connection.execute(
            "select school_year, demographic_factor, demographic_group, grade_level,"
            " parent_grade_level, member_count from accountability.mart_enrollment"
            " where organization_level = 'state' and demographic_factor <> 'All'"
        ).fetchall()
        upper_grades = connection.execute(
            "select school_year, demographic_factor, demographic_group, member_count"
            " from accountability.mart_pathway_participation where organization_level = 'state'"
            " and demographic_factor <> 'All' and pathway_code = 'All'"
        ).fetchall()

    parts: Counter[tuple[object, ...]] = Counter()
    for row in bands:
        parts[row[:3]] += row[5] if row[4] == "All" else 0
    assert {row[:3]: row[5] for row in bands if row[3] == "All"} == parts
    assert len(upper_grades) > 100
    assert {(*row[:3], row[5]) for row in bands if row[3] == "9-12"} == set(upper_grades)


def test_regions_add_up_to_the_state(night: Night) -> None:
    with connect(night.settings, "accountability_reader") as connection:
        rows = connection.execute(
            "select school_year, sum(member_count) filter (where organization_level = 'region'),"
            " sum(member_count) filter (where organization_level = 'state')"
            " from accountability.mart_enrollment where grade_level = 'All'"
            " and demographic_factor = 'All' group by school_year"
        ).fetchall()

    assert len(rows) == 6
    assert all(regions == state for _, regions, state in rows)


def test_readers_see_no_small_group_and_no_reason(night: Night) -> None:
    with connect(night.settings, "bi_reader") as connection:
        small = connection.execute(
            "select count(*) from marts.mart_enrollment where member_count between 1 and 9"
        ).fetchone()
        statuses = {
            row[0]
            for row in connection.execute(
                "select distinct member_count_status from marts.mart_enrollment"
            ).fetchall()
        }
        columns = {
            row[0]
            for row in connection.execute(
                "select column_name from information_schema.columns where table_schema = 'marts'"
            ).fetchall()
        }

    assert small == (0,)
    assert statuses == {"published", "withheld", "not_applicable"}
    # Why a series breaks is told, why a cell is withheld is not.
    told = columns - {"break_reason"}
    assert not {name for name in told if name.startswith("student_key") or "reason" in name}


def test_a_reader_of_marts_reaches_nothing_else(night: Night) -> None:
    for relation in ("staging.stg_edfi__students", "core.dim_student", "ops.run"):
        with (
            pytest.raises(DatabaseError, match="42501"),
            connect(night.settings, "bi_reader") as connection,
        ):
            connection.execute(f"select count(*) from {relation}")  # type: ignore[arg-type]


def test_every_published_column_has_a_comment(night: Night) -> None:
    with connect(night.settings, "bi_reader") as connection:
        silent = connection.execute(
            "select attrelid::regclass::text, attname from pg_attribute"
            " inner join pg_class on attrelid = pg_class.oid"
            " where relnamespace = 'marts'::regnamespace and attnum > 0"
            " and coalesce(col_description(attrelid, attnum), '') = ''"
        ).fetchall()

    assert silent == []


def test_the_release_is_stamped_synthetic(night: Night) -> None:
    now = current_release(night.settings)
    with connect(night.settings, "bi_reader") as connection:
        row = connection.execute("select is_synthetic, stamp from marts.release_info").fetchone()

    assert now is not None
    assert now.synthetic
    assert row == (True, "SYNTHETIC")


def test_unlinked_clearinghouse_records_are_counted_not_guessed(night: Night) -> None:
    searched = [row for row in night.state.truth.graduates.to_pylist() if row["is_searched"]]
    broken = sum(1 for row in searched if row["link"] in {"truncated", "altered"})
    returned = " union ".join(
        f"select nsc_return_id from staging.stg_nsc__{table}"
        for table in ("searches", "enrollments", "degrees")
    )
    with connect(night.settings, "linker") as connection:
        row = connection.execute(
            "select count(*) from (select distinct nsc_return_id from ("  # type: ignore[arg-type]
            + returned
            + ") as one) as returned where nsc_return_id not in"
            " (select lower(identification_code)"
            " from staging.stg_edfi__student_identification_codes"
            " where identification_system = 'NSC Request')"
        ).fetchone()
        unlinked = connection.execute(
            "select reason, record_count from identity.unlinked where run_id = %s", [night.run_id]
        ).fetchall()

    assert broken > 0
    assert row == (broken,)
    assert dict(unlinked)["unknown return id"] >= broken


def test_resolving_identities_again_changes_no_key(night: Night) -> None:
    def keys() -> set[tuple[str, str]]:
        with connect(night.settings, "linker") as connection:
            rows = connection.execute(
                "select student_id_dpi, student_key::text from identity.person"
            ).fetchall()
        return {(str(one), str(key)) for one, key in rows}

    before = keys()
    again = identity.resolve(night.settings, night.run_id)

    assert again.new_persons == 0
    assert keys() == before


def test_exports_say_what_the_marts_say(night: Night) -> None:
    public = night.settings.home / "exports" / "public" / "current"
    package = json.loads((public / "datapackage.json").read_text())
    with connect(night.settings, "bi_reader") as connection:
        row = connection.execute("select count(*) from marts.mart_enrollment").fetchone()

    parquet = pyarrow.parquet.read_table(public / "mart_enrollment.parquet")
    text = pyarrow.csv.read_csv(public / "mart_enrollment.csv")

    assert package["synthetic"] is True
    assert row == (parquet.num_rows,)
    assert text.num_rows == parquet.num_rows
    assert text.column_names == parquet.column_names
    assert {one["name"] for one in package["resources"]} >= {"mart_enrollment", "release_info"}


def test_true_figures_are_never_in_the_public_folder(night: Night) -> None:
    exports = night.settings.home / "exports"
    restricted = exports / "restricted"

    assert restricted.stat().st_mode & 0o077 == 0
    public = pyarrow.parquet.read_table(exports / "public" / "current" / "mart_enrollment.parquet")
    true = pyarrow.parquet.read_table(restricted / "current" / "mart_enrollment.parquet")
    assert public.num_rows == true.num_rows
    assert public["member_count"].null_count > 0
    assert true["member_count"].null_count == 0


def everything_outside_restricted_folders(home: Path) -> list[Path]:
    """Every file that a log, a page or an export is, without landing zone and server's data."""
    skipped = {"landing", "postgres", "credentials"}
    return [
        path
        for path in home.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(home).parts)
    ]


def test_no_page_log_or_export_names_a_person(night: Night) -> None:
    students = night.state.students.to_pylist()
    ids = {str(row["student_id"]) for row in students}
    digits = re.compile(rf"(?=([0-9]{{{DIGITS_OF_AN_ID}}}))")  # at every place, also within others
    leaks = []
    for path in everything_outside_restricted_folders(night.settings.home):
        if path.suffix == ".parquet":
            continue
        found = {match[1] for match in digits.finditer(path.read_text(errors="replace"))}
        leaks += [(path.name, one) for one in ids & found]

    assert len(ids) >= 1_000
    assert all(one.isdecimal() and len(one) == DIGITS_OF_AN_ID for one in ids)
    assert leaks == []
