"""A whole night against the truth of the invented Wisconsin, and what readers may see of it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from p20w import identity
from p20w.errors import DatabaseError
from p20w.postgres import connect
from p20w.release import current_release
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

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
    assert not {name for name in columns if name.startswith("student_key") or "reason" in name}


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
    leaks = []
    for path in everything_outside_restricted_folders(night.settings.home):
        if path.suffix == ".parquet":
            continue
        content = path.read_text(errors="replace")
        leaks += [(path.name, one) for one in ids if one in content]

    assert len(ids) >= 2_000
    assert leaks == []
