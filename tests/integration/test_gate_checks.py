"""Each check in SQL on a few rows, worked out by hand: elements and unexpected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from expectations.checks import additivity, core, labor_market, persons, release, staging
from expectations.checks.clearinghouse import clearinghouse_checks
from expectations.gate import run_check
from expectations.marts import Count, Dimension, Mart, Rate
from expectations.subject import Subject, read_contracts
from p20w.postgres import dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from expectations.doors import SqlCheck
    from p20w.settings import Settings

pytestmark = pytest.mark.integration

RUN = 4711
STUDENTS = Count(column="member_count")
PART = Count(column="participant_count", of="member_count")
SHARE = Rate(column="participant_share", numerator="participant_count", denominator="member_count")
MART = Mart(
    name="mart_x",
    student_derived=True,
    profile="public_default",
    dimensions=(
        Dimension(column="school_year"),
        Dimension(column="organization_code", parent_column="parent_organization_code"),
        Dimension(column="demographic_group", within="demographic_factor", total="All"),
        Dimension(column="grade_level", total="All"),
    ),
    counts=(STUDENTS, PART),
    rates=(SHARE,),
)


@pytest.fixture
def database(template: Settings) -> Iterator[psycopg.Connection]:
    """The owner's connection; what a test makes is rolled back."""
    with psycopg.connect(dsn(template, "owner")) as connection:
        connection.execute(
            "create schema release_7; create table reference.suppression_profiles as"
            " select 'public_default' as profile, 10 as minimum_group_size,"
            " 3 as minimum_numerator, cast(null as date) as valid_to"
        )
        yield connection
        connection.rollback()


def make(database: psycopg.Connection, table: str, columns: str, rows: str) -> None:
    """A table of text rows: `columns` as name:type, `rows` one a line, cells by comma."""
    named = [column.strip().split(":") for column in columns.split(",")]
    database.execute(
        sql.SQL("create table {} ({})").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in named
            ),
        )
    )
    for row in rows.strip().splitlines():
        cells = [cell.strip() or None for cell in row.split(",")]
        database.execute(
            sql.SQL("insert into {} values ({})").format(
                sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Literal, cells))
            )
        )


def counts(database: psycopg.Connection, check: SqlCheck) -> tuple[int | None, int | None]:
    outcome = run_check(database, check)
    assert outcome.error is None
    return outcome.element_count, outcome.unexpected_count


def subject(**changes: object) -> Subject:
    known: dict[str, object] = {
        "run_id": RUN,
        "schema": "release_7",
        "tables": {},
        "contracts": (),
        "true_schema": "release_7_true",
    }
    return Subject(**(known | changes))  # type: ignore[arg-type]


def test_printed_count_below_ten_is_small_and_zero_is_not(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "9, published\n10, published\n0, published\n, withheld",
    )

    assert counts(database, release.small_cells("release_7", MART, STUDENTS)) == (3, 1)


def test_part_is_small_on_either_side_of_its_whole(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, participant_count:int, participant_count_status:text",
        "40, 2, published\n40, 38, published\n40, 3, published\n40, 40, published\n40,, withheld",
    )

    assert counts(database, release.small_cells("release_7", MART, PART)) == (4, 2)


def test_mart_with_an_unknown_profile_has_only_small_cells(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "5000, published",
    )
    unknown = MART.model_copy(update={"profile": "public_defualt"})

    assert counts(database, release.small_cells("release_7", unknown, STUDENTS)) == (1, 1)


def test_figure_left_in_a_withheld_cell_is_found(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "12, published\n4, withheld\n, withheld\n, published",
    )

    assert counts(database, release.withheld_is_empty("release_7", MART, "member_count")) == (4, 2)


def test_unanimous_rate_is_found_below_three_hundred(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, participant_share:numeric, participant_share_status:text",
        "299, 1, published\n300, 1, published\n, 0, published\n299, 0.5, published\n18,, withheld",
    )

    assert counts(database, release.unanimous_rates("release_7", MART, SHARE)) == (4, 2)


def test_part_larger_than_its_whole_is_found(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, participant_count:int",
        "10, 11\n10, 10\n, 3",
    )

    assert counts(database, release.part_of_whole("release_7", MART, PART)) == (3, 1)


def test_share_that_does_not_follow_from_its_counts_is_found(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "member_count:int, participant_count:int, participant_share:numeric",
        "9, 4, 0.4444\n9, 4, 0.5\n0, 0, 0\n0, 0,",
    )

    assert counts(database, release.share_follows("release_7", MART, SHARE)) == (4, 2)


@pytest.mark.parametrize(
    ("before", "unexpected"), [("WI, 100", 0), ("WI, 99", 2), ("WI, 100\nCESA06, 5", 1)]
)
def test_carried_over_cells_are_compared_row_by_row(
    database: psycopg.Connection, before: str, unexpected: int
) -> None:
    columns = "organization_code:text, member_count:int"
    database.execute("create schema release_5")
    make(database, "release_5.mart_x", columns, before)
    make(database, "release_7.mart_x", columns, "WI, 100")
    known = {"mart_x": {"release_id": "bigint", "organization_code": "text", "member_count": "int"}}
    now = {"mart_x": {"organization_code": "text", "member_count": "int"}}

    check = release.carried_over(
        subject(tables=now, carried_from="release_5", carried_tables=known), MART
    )

    assert counts(database, check) == (1, unexpected)


def test_mart_new_since_the_last_publication_date_must_be_empty(
    database: psycopg.Connection,
) -> None:
    make(database, "release_7.mart_x", "organization_code:text", "WI")

    check = release.carried_over(subject(carried_from="release_5"), MART)

    assert counts(database, check) == (1, 1)


def test_cell_printed_in_one_mart_and_withheld_in_another_is_found(
    database: psycopg.Connection,
) -> None:
    columns = "school_year:int, organization_code:text, member_count:int, member_count_status:text"
    make(
        database,
        "release_7.mart_x",
        f"{columns}, grade_level:text",
        "2024, A, 30, published, All\n2024, A, 12, published, 09\n2024, B, 50, published, All",
    )
    make(database, "release_7.mart_y", columns, "2024, A,, withheld\n2024, B, 50, published")
    year, place = Dimension(column="school_year"), Dimension(column="organization_code")
    grade = Dimension(column="grade_level", total="All")
    one = Mart(
        name="mart_x", student_derived=True, dimensions=(year, place, grade), counts=(STUDENTS,)
    )
    other = Mart(name="mart_y", student_derived=True, dimensions=(year, place), counts=(STUDENTS,))

    (check,) = release.same_cells("release_7", [one, other])

    assert counts(database, check) == (2, 1)


def test_marts_whose_own_dimension_has_no_total_are_not_compared() -> None:
    one = Mart(name="mart_x", student_derived=True, counts=(STUDENTS,))
    other = one.model_copy(
        update={"name": "mart_y", "dimensions": (Dimension(column="school_year"),)}
    )

    (check,) = release.same_cells("release_7", [one, other])

    assert check.about == "no two marts share a count"


def test_members_with_residual_make_their_total(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "school_year:int, organization_code:text, demographic_factor:text,"
        " demographic_group:text, grade_level:text, member_count:int",
        """
        2024, A, All, All, All, 10
        2024, A, sex, Female, All, 4
        2024, A, sex, Male, All, 5
        2024, A, sex, Unknown, All, 1
        2024, A, disability_status, Yes, All, 3
        2024, A, disability_status, No, All, 6
        2024, B, All, All, All, 7
        2024, B, sex, Female, All, 7
        2024, B, sex, Male, All,
        """,
    )
    group = MART.dimensions[2]

    check = additivity.members_make_total("release_7", MART, group, "member_count")

    # A by sex holds (10), A by disability does not (9 of 10), B has an unknown member.
    assert counts(database, check) == (2, 1)


def test_children_make_their_parent(database: psycopg.Connection) -> None:
    make(
        database,
        "release_7.mart_x",
        "school_year:int, organization_code:text, parent_organization_code:text,"
        " demographic_factor:text, demographic_group:text, grade_level:text, member_count:int",
        """
        2024, WI,, All, All, All, 30
        2024, R1, WI, All, All, All, 12
        2024, R2, WI, All, All, All, 18
        2024, D1, R1, All, All, All, 11
        2025, WI,, All, All, All, 5
        """,
    )
    place = MART.dimensions[1]

    check = additivity.children_make_parent("release_7", MART, place, "member_count")

    assert check.check_id == "cohort_sum_state_equals_members"
    assert counts(database, check) == (2, 1)


def test_person_key_and_contract_columns_are_found_among_published_columns(
    database: psycopg.Connection,
) -> None:
    make(
        database,
        "release_7.mart_x",
        "student_key:text, last_surname:text, birth_date:date, race_ethnicity:text",
        "",
    )

    query = persons.personal_columns("release_7", frozenset({"last_surname"}))

    assert database.execute(query).fetchone() == (4, 3)


def test_texts_of_persons_are_found_and_names_of_schools_are_not(
    database: psycopg.Connection,
) -> None:
    make(database, "staging.stg_edfi__students", "student_id_dpi:text", "1000000001")
    make(
        database,
        "release_7.mart_x",
        "organization_name:text, note:text, member_count:int",
        "North High School, 1000000001, 4\nNorth High School, 123-45-6789, 4\nA, a@b.example, 4",
    )
    known = {"mart_x": {"organization_name": "text", "note": "text", "member_count": "integer"}}

    query = persons.identifying_texts(subject(tables=known), MART)

    assert database.execute(query).fetchone() == (5, 3)


def ledger_run(database: psycopg.Connection) -> None:
    """A complete run with one load of two rows, all layers and both doors."""
    database.execute(
        """
        insert into ops.run (run_id, kind, state, started_at, code_commit, as_of_date)
        values (4711, 'nightly', 'running', '2026-01-10', 'abc', '2026-01-10');
        insert into ops.load (load_id, source, content_hash, contract_version, layout, row_counts,
            rejected_count, loaded_at)
        values (4712, 'edfi', 'x', 'y', 'synthetic', '{"students": 2}', 0, '2026-01-09');
        insert into ops.source_release (source_release_id, source, release, origin, state,
            opened_at, completed_at)
        values (4713, 'edfi', '2026-01-09', 'endpoint', 'complete', '2026-01-09', '2026-01-09');
        insert into ops.landed_file (source_release_id, name, path, sha256, content_hash,
            size_bytes, retrieved_at, load_id)
        values (4713, 'students', 'p', 's', 'x', 1, '2026-01-09', 4712);
        insert into ops.run_input (run_id, load_id, source, source_release_id)
        values (4711, 4712, 'edfi', 4713);
        insert into ops.layer_build (run_id, layer, state, started_at)
        select 4711, layer, 'complete', '2026-01-10'
        from unnest(array['staging', 'identity', 'core', 'marts']) as layer;
        insert into ops.check_result (run_id, door, check_id, severity, success, checked_at)
        select 4711, door, 'any', 'block', true, '2026-01-10'
        from unnest(array['staging', 'core']) as door;
        """
    )


def test_lineage_of_a_whole_run_is_complete(database: psycopg.Connection) -> None:
    ledger_run(database)

    # One input, that there is one, four layers, two doors, the commit.
    assert counts(database, release.lineage(RUN)) == (9, 0)


@pytest.mark.parametrize(
    "lost",
    [
        "delete from ops.layer_build where run_id = 4711 and layer = 'identity'",
        "delete from ops.check_result where run_id = 4711 and door = 'core'",
        "update ops.source_release set state = 'refused' where source_release_id = 4713",
        "update ops.run set code_commit = '' where run_id = 4711",
    ],
)
def test_lineage_misses_what_the_ledger_lost(database: psycopg.Connection, lost: str) -> None:
    ledger_run(database)
    database.execute(lost)

    assert counts(database, release.lineage(RUN)) == (9, 1)


@pytest.mark.parametrize(("completed", "unexpected"), [("2026-01-07", 0), ("2026-01-06", 1)])
def test_source_is_late_after_the_days_of_its_contract(
    database: psycopg.Connection, completed: str, unexpected: int
) -> None:
    ledger_run(database)
    database.execute("update ops.source_release set completed_at = %s", [completed])
    contracts = [one for one in read_contracts() if one.name == "edfi"]
    assert contracts[0].meta.freshness_days == 3

    assert counts(database, staging.freshness(RUN, contracts)) == (1, unexpected)


def test_refused_newest_release_is_told(database: psycopg.Connection) -> None:
    ledger_run(database)
    database.execute(
        "insert into ops.source_release (source, release, origin, state, opened_at)"
        " values ('edfi', '2026-01-10', 'endpoint', 'refused', '2026-01-09 12:00')"
    )

    assert counts(database, staging.newest_in_use(RUN, ["edfi", "ipeds"])) == (1, 1)


@pytest.mark.parametrize(("rows", "unexpected"), [("1000000001", 0), ("", 1)])
def test_loaded_rows_that_do_not_reach_staging_are_found(
    database: psycopg.Connection, rows: str, unexpected: int
) -> None:
    ledger_run(database)
    make(database, "staging.stg_edfi__students", "student_id_dpi:text", rows)
    contracts = tuple(one for one in read_contracts() if one.name == "edfi")
    known = {"stg_edfi__students": {"student_id_dpi": "text"}}

    (check,) = staging.arrivals(subject(tables=known, contracts=contracts))

    assert counts(database, check) == (2, unexpected)


@pytest.mark.parametrize(("known", "held"), [(199, "held"), (198, "failed")])
def test_one_unknown_code_in_two_hundred_is_allowed(
    database: psycopg.Connection, known: int, held: str
) -> None:
    make(database, "reference.exit_types", "descriptor_code:text", "Graduated\nGraduated")
    make(database, "staging.stg_edfi__spans", "exit_reason:text", "Graduatde")
    database.execute(
        "insert into staging.stg_edfi__spans select 'Graduated' from generate_series(1, %s)",
        [known],
    )

    outcome = run_check(
        database,
        staging.codes_known("stg_edfi__spans", "exit_reason", "exit_types", "descriptor_code"),
    )

    assert outcome.unexpected_count == 1
    assert outcome.success is (held == "held")


def test_status_that_contradicts_its_figure_is_found(database: psycopg.Connection) -> None:
    make(
        database,
        "reference.source_statuses",
        "status:text, has_figure:boolean",
        "reported, true\ntop_coded, true\nsuppressed_at_source, false",
    )
    make(
        database,
        "staging.stg_bls_oews__wages",
        "wage:numeric, wage_status:text",
        """
        20.5, reported
        , top_coded
        , suppressed_at_source
        0, suppressed_at_source
        , reported
        """,
    )
    known = {"stg_bls_oews__wages": {"wage": "numeric", "wage_status": "text"}}

    (check,) = staging.marks_kept(subject(tables=known))

    assert counts(database, check) == (5, 2)


def test_key_without_its_dimension_is_found(database: psycopg.Connection) -> None:
    make(database, "core.dim_student", "student_key:text", "a\nb")
    make(database, "core.fct_x", "student_key:text", "a\na\nc")

    (check,) = core.references(subject(tables={"fct_x": {"student_key": "text", "n": "int"}}))

    assert counts(database, check) == (3, 1)


def test_overlapping_primary_schools_are_found(database: psycopg.Connection) -> None:
    make(
        database,
        "core.fct_enrollment_span",
        "student_key:text, entry_date:date, exit_date:date, is_primary_school:boolean,"
        " is_member:boolean",
        """
        a, 2024-09-01, 2025-01-10, true, true
        a, 2025-01-10, 2025-06-01, true, true
        b, 2024-09-01, 2025-01-10, true, true
        b, 2025-01-11, 2025-06-01, true, true
        b, 2024-09-01, 2025-06-01, false, true
        """,
    )

    assert counts(database, core.one_primary_school()) == (4, 1)


def test_member_without_or_with_two_accountable_schools_is_found(
    database: psycopg.Connection,
) -> None:
    make(
        database,
        "core.fct_enrollment_span",
        "student_key:text, school_year:int, is_member:boolean, is_accountable:boolean",
        """
        a, 2024, true, true
        a, 2024, true, false
        b, 2024, true, false
        c, 2024, true, true
        c, 2024, true, true
        d, 2024, false, false
        """,
    )

    assert counts(database, core.one_accountable_school()) == (3, 2)


def test_weights_that_do_not_make_one_are_found(database: psycopg.Connection) -> None:
    make(
        database,
        "core.bridge_cip_soc",
        "cip_code:text, cip_vintage:text, soc_code:text, soc_vintage:text, cip_weight:numeric,"
        " is_unmatched:boolean",
        """
        01.0101, 2020, 11-1011, 2018, 0.5, false
        01.0102, 2020, 11-1011, 2018, 0.5, false
        01.0101, 2020, 11-1021, 2018, 0.5, false
        99.9999, 2020, 11-1031, 2018,, true
        """,
    )

    check = core.weights("soc_code", "soc_vintage", "cip_vintage", "cip_weight")

    assert counts(database, check) == (2, 1)


def test_figure_that_contradicts_its_status_in_core_is_found(
    database: psycopg.Connection,
) -> None:
    make(
        database,
        "reference.source_statuses",
        "status:text, has_figure:boolean",
        "reported, true\ntop_coded, true\nsuppressed_at_source, false",
    )
    make(
        database,
        "core.fct_x",
        "wage:numeric, wage_status:text",
        """
        20.5, reported
        115, top_coded
        , suppressed_at_source
        , top_coded
        0, suppressed_at_source
        ,
        """,
    )

    (check,) = labor_market.figures_agree(
        subject(tables={"fct_x": {"wage": "numeric", "wage_status": "text"}})
    )

    assert counts(database, check) == (6, 3)


def test_wage_row_that_lost_its_mark_is_found(database: psycopg.Connection) -> None:
    key = (
        "load_id:int, vintage_year:int, area_code:text, naics_code:text, ownership_code:text,"
        " soc_code:text, occupation_group:text, wage_status:text"
    )
    rows = "1, 2024, 55, 000000, 1235, {}, detailed, {}"
    make(
        database,
        "staging.stg_bls_oews__wages",
        key,
        f"{rows.format('11-1011', 'suppressed_at_source')}\n{rows.format('11-1021', 'reported')}",
    )
    make(
        database,
        "core.fct_lmi_wage",
        key,
        f"{rows.format('11-1011', 'reported')}\n{rows.format('11-1021', 'reported')}\n"
        f"{rows.format('11-1031', 'reported')}",
    )

    check = labor_market.wage_marks(subject(tables={"fct_lmi_wage": {"wage_status": "text"}}))

    # The first lost its mark, the third has no row of the publisher.
    assert counts(database, check) == (3, 2)


def test_grand_totals_among_completions_are_found(database: psycopg.Connection) -> None:
    make(database, "core.fct_completions_agg", "cip_code:text", "51.3801\n99\n51.38\n99.0000")

    assert counts(database, labor_market.completions_in_detail()) == (4, 3)


def test_county_without_or_with_two_workforce_areas_is_found(
    database: psycopg.Connection,
) -> None:
    make(database, "reference.reporting_state", "state_fips:text", "55")
    make(
        database,
        "reference.counties",
        "county_fips:text, state_fips:text",
        "55001, 55\n55003, 55\n55005, 55\n17031, 17",
    )
    make(
        database,
        "core.bridge_area",
        "area_code:text, parent_area_type:text, parent_area_code:text, valid_from:date,"
        " valid_to:date, is_primary:boolean",
        """
        55001, workforce_area, WDA06, 2019-07-01,, true
        55001, workforce_area, WDA05, 2015-07-01, 2019-06-30, true
        55003, workforce_area, WDA07, 2019-07-01,, true
        55003, workforce_area, WDA08, 2019-07-01,, true
        55001, pathway_region, A, 2019-07-01,, true
        55003, pathway_region, A, 2019-07-01,, true
        55003, pathway_region, B, 2019-07-01,, false
        55005, pathway_region, A, 2019-07-01,, true
        """,
    )

    assert counts(database, labor_market.county_in_one_workforce_area()) == (3, 2)
    assert counts(database, labor_market.county_in_one_primary_region()) == (3, 0)


def test_supply_with_second_majors_is_found(database: psycopg.Connection) -> None:
    make(database, "core.dim_institution", "unitid:text, state_fips:text", "1, 55\n2, 27")
    make(
        database,
        "core.fct_completions_agg",
        "award_year:int, cip_vintage:text, unitid:text, major_number:text, award_count:int",
        """
        2024, 2020, 1, 1, 30
        2024, 2020, 1, 2, 4
        2024, 2020, 2, 1, 50
        """,
    )
    make(
        database,
        "release_7.mart_program_supply",
        "award_year:int, cip_vintage:text, area_type:text, area_code:text, cip_code:text,"
        " award_group:text, award_count:int, award_count_status:text",
        """
        2024, 2020, state, 55, All, All, 34, reported
        2024, 2020, state, 27, All, All, 50, reported
        2024, 2020, state, 27, 51.3801, All, 7, reported
        """,
    )

    assert counts(database, labor_market.supply_of_first_majors("release_7")) == (2, 1)


def returns(database: psycopg.Connection) -> None:
    """Requests a, b, c (b is held twice); load 1 finds a and b of four ids, load 2 all of one."""
    make(
        database,
        "staging.stg_edfi__student_identification_codes",
        "student_id_dpi:text, identification_system:text, identification_code:text",
        """
        1, NSC Request, a
        1, NSC Request, A
        2, NSC Request, b
        3, NSC Request, b
        4, NSC Request, c
        4, SEIS, d
        """,
    )
    make(
        database,
        "staging.stg_nsc__searches",
        "nsc_return_id:text, load_id:int",
        "a, 1\nb, 1\nc, 1\nd, 1",
    )
    make(
        database,
        "staging.stg_nsc__enrollments",
        "nsc_return_id:text, load_id:int, enrollment_begin_date:date, enrollment_end_date:date",
        """
        a, 1, 2024-08-20, 2024-12-15
        b, 1, 2024-12-15, 2024-08-20
        a, 2, 2024-08-20,
        """,
    )
    make(database, "staging.stg_nsc__degrees", "nsc_return_id:text, load_id:int", "a, 1\ne, 1")


def test_returns_are_compared_with_requests(database: psycopg.Connection) -> None:
    returns(database)

    found = {check.check_id: counts(database, check) for check in clearinghouse_checks()}

    assert found == {
        "nsc_request_return_id_bijection": (3, 1),  # a, b and c; b has two holders
        "nsc_return_ids_known": (5, 2),  # d is another system's id, e nobody's
        "nsc_found_rate_in_band": (2, 1),  # load 1: a, b, e of five; load 2: all of one
        "nsc_terms_end_after_they_begin": (3, 1),
    }
