"""A night on real public files: published figures are those that their publishers state.

The people stay invented. The figures are facts of the shared data folder, found there by other
programs than ours; where a mart sums, the sum was made by hand from those facts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.folders import files_by_source, ingest_folder
from ingestion.ingest import ingest
from p20w.errors import ConfigurationError
from p20w.postgres import connect
from p20w.settings import Settings
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state
from tests.integration.conftest import received, run_night, started_warehouse

pytestmark = pytest.mark.integration

STUDENTS = 100
PEOPLE = ("edfi", "nsc")
QUARTER = "qcew_2023_1_industry_10"
JOBS_IN_MARCH, JOBS_AT_FIRST = 2_880_985, 2_881_397
LOADS = "inner join ops.landed_file on landed_file.load_id = {table}.load_id"
WISCONSIN = (
    "select unitid from raw_ipeds.institutions where state_abbreviation = 'WI'"
    " and collection_year between 2021 and 2023"
)


@pytest.fixture(scope="module")
def settings(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory, parsed_project: Path
) -> Iterator[Settings]:
    with (
        started_warehouse(tmp_path_factory.mktemp("real") / "home", parsed_project) as settings,
        SyntheticServer(build_state(STUDENTS, 7)) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DO_NOT_TRACK", "1")
        load_first_estimate(settings, shared_data, tmp_path_factory.mktemp("estimate"))
        for done in ingest_folder(files_by_source(shared_data), settings):
            assert (done.state, done.rejected) == ("loaded", 0)
        for source in PEOPLE:
            patch.setenv(f"P20W_{source.upper()}_URL", wisconsin.source_url(source))
            ingest(source, settings=settings)
        received(settings, QUARTER, date(2023, 12, 6))
        run_night(settings)
        yield settings


def load_first_estimate(settings: Settings, shared_data: Path, folder: Path) -> None:
    """The real quarter as if it had come before its revision, with other jobs of the state."""
    real = gzip.decompress((shared_data / "bls_qcew" / f"{QUARTER}.csv.gz").read_bytes())
    assert real.count(b",%d," % JOBS_IN_MARCH) == 1
    path = folder / f"first_{QUARTER}.csv"
    path.write_bytes(real.replace(b",%d," % JOBS_IN_MARCH, b",%d," % JOBS_AT_FIRST))
    ingest("bls_qcew", settings=settings, release=f"first_{QUARTER}", from_path=path)
    received(settings, f"first_{QUARTER}", date(2023, 9, 6))


@pytest.fixture(scope="module")
def facts(shared_data: Path) -> dict[tuple[str, str], Any]:
    """Stated values by file and query."""
    stated = json.loads((shared_data / "facts.json").read_text())
    return {(fact["file"], fact["query"]): fact["value"] for fact in stated}


def raw(table: str, file: str, measure: str, where: str) -> str:
    """A figure of one landed file in its raw table."""
    joined = LOADS.format(table="cells")
    return (
        f"select {measure} from {table} as cells {joined}"
        f" where landed_file.name = '{file}' and {where}"
    )


NATION = "bls_oews/national_M2024_dl.xlsx"
SUBSET = "bls_oews/OEWS_2023_states_19col_subset.csv"
STATES = "bls_oews/state_M2015_dl_extract_WI_MN_IA.csv"
CROSSWALK = "crosswalks/CIP2020_SOC2018_Crosswalk.xlsx"
EMPLOYED, ROWS, ALL = "sum(employment_count)", "count(*)", "true"
TOTAL, NURSES, STATE = "soc_code = '00-0000'", "soc_code = '29-1141'", "area_code = '55'"
WELDERS = "soc_code = '51-4121'"
HERE = "state_abbreviation = 'WI'"
OF_WAGES = [
    (NATION, "count rows", ROWS, ALL),
    (NATION, "TOT_EMP where OCC_CODE='00-0000'", EMPLOYED, TOTAL),
    (NATION, "sum TOT_EMP where O_GROUP='detailed'", EMPLOYED, "occupation_group = 'detailed'"),
    (NATION, "count where A_PCT90='#'", ROWS, "annual_p90_wage_usd_status = 'top_coded'"),
    (
        *(NATION, "count where H_MEAN='*'", ROWS),
        "hourly_mean_wage_usd_status = 'suppressed_at_source'",
    ),
    (NATION, "TOT_EMP where OCC_CODE='29-1141'", EMPLOYED, NURSES),
    (SUBSET, "count rows", ROWS, ALL),
    (
        *(SUBSET, "tot_emp where area='55' and occ_code='00-0000'", EMPLOYED),
        f"{STATE} and {TOTAL}",
    ),
    (
        *(SUBSET, "sum tot_emp where area='55' and o_group='major'", EMPLOYED),
        f"{STATE} and occupation_group = 'major'",
    ),
    (STATES, "count rows", ROWS, ALL),
    (STATES, "count rows where ST='WI'", ROWS, STATE),
    (
        *(STATES, "TOT_EMP where ST='WI' and OCC_CODE='00-0000'", EMPLOYED),
        f"{STATE} and {TOTAL}",
    ),
    (
        *(STATES, "A_MEDIAN where ST='WI' and OCC_CODE='51-4121'", "sum(annual_median_wage_usd)"),
        f"{STATE} and {WELDERS}",
    ),
    (
        *(STATES, "count rows where EMP_PRSE='**'", ROWS),
        "employment_rse_percent_status = 'suppressed_at_source'",
    ),
]
OF_PAIRS = [
    (CROSSWALK, "count rows in sheet CIP-SOC", ROWS, ALL),
    (CROSSWALK, "count rows where SOC2018Code='99-9999'", ROWS, "soc_code = '99-9999'"),
    (
        *(CROSSWALK, "count distinct CIP2020Code where SOC2018Code='29-1141'"),
        *("count(distinct cip_code)", NURSES),
    ),
]
OF_INSTITUTIONS = [
    ("ipeds/HD2021.zip", "count rows where STABBR='WI'", ROWS, HERE),
    ("ipeds/HD2022.zip", "OPEID where UNITID='238263'", "min(opeid)", "unitid = '238263'"),
    ("ipeds/hd2023.csv.gz", "count rows", ROWS, ALL),
]
OF_COMPLETIONS = [
    (f"ipeds/c{year}_a_extract_WI_MN_IA_IL_MI.csv.gz", query, "sum(award_count)", where)
    for year in (2021, 2022, 2023)
    for query, where in (
        ("sum CTOTALT where CIPCODE='99'", "cip_code = '99'"),
        (
            "sum CTOTALT where CIPCODE<>'99' and UNITID in (HD STABBR='WI')",
            f"cip_code <> '99' and unitid in ({WISCONSIN})",
        ),
    )
]
BY_AREA = "bls_oews/OES_Report_2022_financial_analysts_by_area.xlsx"
BY_STATE = "bls_oews/OES_Report_2024_all_occupations_by_state.xlsx"
TITLES = "bls_oews/OEWS_2021_all_areas_4col_reduced.xlsx"
APACHE = "bls_api/v2_LAUCN040010000000005.json"
POPULAR = "bls_api/v2_popular_survey_LA.json"
NOT_TOLD = "employment_count_status = 'suppressed_at_source'"
OF_REPORTS = [
    (BY_AREA, "count rows whose first cell ends in (ddddddd)", ROWS, ALL),
    (
        *(BY_AREA, "Employment of 'Madison, WI(0031540)' after trimming", EMPLOYED),
        "area_label = '0031540'",
    ),
    (BY_AREA, "count where trim(Employment)='-'", ROWS, NOT_TOLD),
    (BY_STATE, "count rows whose first cell ends in (dd-00000)", ROWS, ALL),
    (
        *(BY_STATE, "Annual median wage of 'Wisconsin (55-00000)'"),
        *("sum(annual_median_wage_usd)", "area_label = '55-00000'"),
    ),
]
OF_TITLES = [
    (TITLES, "count rows", ROWS, ALL),
    (TITLES, "count distinct AREA_TITLE", "count(distinct area_title)", ALL),
    (TITLES, "count where TOT_EMP='**'", ROWS, NOT_TOLD),
]
OF_REPLIES = [
    (APACHE, "len(Results.series[0].data)", ROWS, ALL),
    (APACHE, "count data where any footnotes.code='P'", ROWS, "footnote_codes = 'P'"),
    (
        *(APACHE, "data where year='2022' and period='M12', field value"),
        "cast(cast(sum(series_value) as integer) as text)",
        "calendar_year = 2022 and period_code = 'M12'",
    ),
]
OF_SERIES = [
    (POPULAR, "len(Results.series)", ROWS, ALL),
    (POPULAR, "index", "min(cells.row_number)", "series_id = 'LASST550000000000003'"),
]
IN_RAW = [
    (table, *one)
    for table, stated in (
        ("raw_bls_oews.wages", OF_WAGES),
        ("raw_bls_oews.reports", OF_REPORTS),
        ("raw_bls_oews.titled_wages", OF_TITLES),
        ("raw_bls_api.observations", OF_REPLIES),
        ("raw_bls_api.series", OF_SERIES),
        ("raw_crosswalks.cip_soc", OF_PAIRS),
        ("raw_ipeds.institutions", OF_INSTITUTIONS),
        ("raw_ipeds.completions", OF_COMPLETIONS),
    )
    for one in stated
]


@pytest.mark.parametrize(
    ("table", "file", "query", "measure", "where"),
    IN_RAW,
    ids=[f"{one[1].partition('/')[2].partition('.')[0]}: {one[2]}" for one in IN_RAW],
)
def test_raw_tables_hold_what_the_publishers_files_state(
    settings: Settings,
    facts: dict[tuple[str, str], Any],
    table: str,
    file: str,
    query: str,
    measure: str,
    where: str,
) -> None:
    statement = raw(table, file.partition("/")[2], measure, where)
    with connect(settings, "owner") as connection:
        found = connection.execute(statement.encode()).fetchone()

    assert found is not None
    assert found[0] == facts[file, query]


@pytest.mark.parametrize(
    ("year", "area", "occupation", "column", "expected"),
    [
        (2024, "99", "00-0000", "employment_count", 154187380),
        (2024, "99", "29-1141", "employment_count", 3282010),
        (2023, "55", "00-0000", "employment_count", 2885990),
        (2015, "55", "00-0000", "employment_count", 2771600),
        (2015, "55", "51-4121", "annual_median_wage_usd", Decimal(39240)),
    ],
)
def test_published_wages_are_the_bureaus(
    settings: Settings, year: int, area: str, occupation: str, column: str, expected: object
) -> None:
    with connect(settings, "bi_reader") as connection:
        rows = connection.execute(
            f"select {column}, {column}_status from marts.mart_wage_by_occupation".encode()
            + b" where vintage_year = %s and area_code = %s and soc_code = %s",
            [year, area, occupation],
        ).fetchall()

    assert rows == [(expected, "reported")]


def test_a_wage_at_the_top_code_shows_the_bound_and_says_so(settings: Settings) -> None:
    with connect(settings, "bi_reader") as connection:
        rows = connection.execute(
            "select count(*), count(distinct soc_code), min(annual_p90_wage_usd),"
            " max(annual_p90_wage_usd) from marts.mart_wage_by_occupation"
            " where vintage_year = 2024 and annual_p90_wage_usd_status = 'top_coded'"
        ).fetchall()
        teachers = connection.execute(
            "select hourly_mean_wage_usd, hourly_mean_wage_usd_status"
            " from marts.mart_wage_by_occupation"
            " where vintage_year = 2024 and soc_code = '25-2031'"
        ).fetchall()

    # The 72 cells of the file stand in rows of 72 codes, counted in the sheet itself.
    assert rows == [(72, 72, Decimal(239200), Decimal(239200))]
    assert teachers == [(None, "not_applicable")]


@pytest.mark.parametrize(
    ("year", "awards", "nurses", "mean"),
    [
        (2021, 89987, 4687, Decimal("4687.00")),
        (2022, 89453, 4737, Decimal("4712.00")),  # (4687 + 4737) / 2
        (2023, 90223, 4605, Decimal("4676.33")),  # (4687 + 4737 + 4605) / 3
    ],
)
def test_published_awards_are_those_of_wisconsins_colleges(
    settings: Settings, year: int, awards: int, nurses: int, mean: Decimal
) -> None:
    with connect(settings, "bi_reader") as connection:
        rows = connection.execute(
            "select cip_code, award_count, average_award_count from marts.mart_program_supply"
            " where award_year = %s and area_type = 'state' and area_code = '55'"
            " and award_group = 'All' and cip_code in ('All', '51.3801')",
            [year],
        ).fetchall()

    by_program = {row[0]: row[1:] for row in rows}
    assert by_program["All"][0] == awards
    assert by_program["51.3801"] == (nurses, mean)


@pytest.mark.parametrize(
    ("day", "labor_force", "unemployed"),
    [
        # The sums over Wisconsin's 72 counties that the README gives for each publication.
        ("2023-04-21", 3094725, 197300),
        ("2024-04-18", 3094725, 197300),
        ("2024-04-19", 3100677, 199721),
        ("2026-01-01", 3100677, 199721),
    ],
)
def test_what_was_known_of_2020_depends_on_the_day(
    settings: Settings, day: str, labor_force: int, unemployed: int
) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select laus_measure_code, sum(laus_value) from core.fct_laus"
            " where area_type = 'county' and calendar_year = 2020 and period_code = 'M13'"
            " and recorded_from <= %(day)s and coalesce(recorded_to, 'infinity') > %(day)s"
            " group by laus_measure_code",
            {"day": day},
        ).fetchall()

    known = dict(rows)
    assert (known["06"], known["04"]) == (labor_force, unemployed)


def test_before_its_first_publication_nothing_was_known_of_a_year(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        row = connection.execute(
            "select count(*) from core.fct_laus"
            " where calendar_year = 2022 and recorded_from < '2023-04-21'"
        ).fetchone()

    assert row == (0,)


@pytest.mark.parametrize(
    ("day", "jobs"),
    [
        ("2023-09-05", []),
        ("2023-09-06", [(JOBS_AT_FIRST,)]),
        ("2023-12-05", [(JOBS_AT_FIRST,)]),
        ("2023-12-06", [(JOBS_IN_MARCH,)]),
    ],
)
def test_what_was_known_of_a_quarter_depends_on_the_day(
    settings: Settings, day: str, jobs: list[tuple[int]]
) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select month3_employment_count from core.fct_lmi_employment"
            " where area_fips = '55000' and naics_code = '10' and ownership_code = '0'"
            " and calendar_year = 2023 and quarter_code = '1'"
            " and recorded_from <= %(day)s and coalesce(recorded_to, 'infinity') > %(day)s",
            {"day": day},
        ).fetchall()

    assert rows == jobs


def test_a_cell_that_a_revision_repeats_is_known_since_its_first_publication(
    settings: Settings,
) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select cast(recorded_from as text), recorded_to, weekly_mean_wage_usd"
            " from core.fct_lmi_employment where area_fips = '55025' and naics_code = '10'"
            " and ownership_code = '0' and calendar_year = 2023 and quarter_code = '1'"
        ).fetchall()

    assert rows == [("2023-09-06", None, 1415)]  # Dane's wage, a fact of the shared folder


def test_workforce_areas_add_up_to_the_counties_labor_force(settings: Settings) -> None:
    with connect(settings, "bi_reader") as connection:
        rows = connection.execute(
            "select calendar_year, count(*), sum(labor_force_count), sum(unemployed_count)"
            " from marts.mart_labor_force where area_type = 'workforce_area'"
            " and period_type = 'year' and calendar_year in (2017, 2021, 2022)"
            " group by calendar_year order by calendar_year"
        ).fetchall()
        dane = connection.execute(
            "select unemployment_rate_pct, unemployment_rate_pct_status"
            " from marts.mart_labor_force where area_type = 'county' and area_code = '55025'"
            " and period_type = 'year' and calendar_year = 2022"
        ).fetchall()

    assert rows == [
        (2017, 11, 3151915, 103670),
        (2021, 11, 3099768, 118701),
        (2022, 11, 3082135, 90082),
    ]
    assert dane == [(Decimal("2.2"), "reported")]


def test_codes_of_older_versions_go_where_their_publishers_say(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        occupations = dict(
            connection.execute(
                "select vintage_relation, count(*) from core.bridge_soc_vintage"
                " where from_soc_vintage = '2010' and to_soc_vintage = '2018' and from_soc_code in"
                " (select from_soc_code from staging.stg_crosswalks__soc_2010_2018) group by 1"
            ).fetchall()
        )
        programs = dict(
            connection.execute(
                "select vintage_relation, count(*) from core.bridge_cip_vintage group by 1"
            ).fetchall()
        )

    # Counted in the 900 rows of the sheet: 102 are marked (#), of the other 32 are marked (##).
    assert occupations == {"same": 681, "renamed": 85, "merged": 32, "split": 102}
    # Of six digits: 1,568 without change of code and 145 moved; 7 deleted, of which 5 tell where to
    # report them, under 3 of the 459 new codes.
    assert programs["same"] + programs["renamed"] == 1568 + 145
    assert (programs["merged"], programs["deleted"], programs["new"]) == (5, 2, 456)


def test_openings_of_nurses_are_those_of_their_publishers(settings: Settings) -> None:
    """Table 1.10 has 97.9 thousand exits and 74.6 thousand transfers of the nation's nurses.

    Wisconsin's 3,840 openings a year are 411 of growth (71,050 less 66,940 in ten years) and 3,429
    separations, of which 97.9 in 172.5 are exits: 1,946, and 1,483 transfers.
    """
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select area_code, publication_name, openings_count, exits_count, transfers_count,"
            " demand_new_count, is_split_derived from core.fct_projection"
            " where soc_code = '29-1141' and area_code in ('55', '99') and is_preferred"
            " order by area_code"
        ).fetchall()

    assert rows == [
        ("55", "projections_central", 3840, 1946, 1483, Decimal(411 + 1946), True),
        ("99", "bls_employment_projections", 189100, 97900, 74600, Decimal(16610 + 97900), False),
    ]


def test_openings_of_nurses_are_set_against_their_programs(
    settings: Settings, facts: dict[tuple[str, str], Any]
) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select allocation_method, count(*), sum(allocated_openings_count),"
            " max(supply_count) filter (where cip_code = '51.3801')"
            " from core.fct_openings_allocated where soc_code = '29-1141' and area_code = '55'"
            " and not is_education_filtered"
            " group by allocation_method order by allocation_method"
        ).fetchall()

    programs = facts[CROSSWALK, "count distinct CIP2020Code where SOC2018Code='29-1141'"]
    mean = Decimal("4676.3333")  # (4687 + 4737 + 4605) / 3
    assert rows == [
        ("A", programs, 3840 * programs, mean),
        *((method, programs, 3840, mean) for method in "BCE"),
    ]


def test_openings_of_nurses_are_set_against_bachelors_programs_by_the_filter(
    settings: Settings,
) -> None:
    """Counted in the files: of 21 programs seven have awards in Wisconsin, but no bachelor's degree
    or certificate that follows one. Registered nursing (51.3801) gave 2,615, 2,574 and 2,392
    bachelor's degrees; neither its associate degrees nor its higher ones prepare for the entry.
    """
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select allocation_method, count(*), sum(allocated_openings_count),"
            " max(supply_count) filter (where cip_code = '51.3801')"
            " from core.fct_openings_allocated where soc_code = '29-1141' and area_code = '55'"
            " and rule_version = 'allocation-1-education'"
            " group by allocation_method order by allocation_method"
        ).fetchall()
        shown = connection.execute(
            "select program_count, compatible_program_count from marts.mart_region_demand"
            " where soc_code = '29-1141' and area_code = '55' and horizon = 'long'"
        ).fetchall()

    mean = Decimal(2615 + 2574 + 2392) / 3
    assert rows == [("B", 14, 3840, mean), ("C", 14, 3840, mean)]
    assert shown == [(21, 14)]


def test_the_release_names_its_real_and_its_invented_inputs(settings: Settings) -> None:
    with connect(settings, "bi_reader") as connection:
        row = connection.execute("select inputs, is_synthetic from marts.release_info").fetchone()

    assert row is not None
    assert "bls_oews national_M2024_dl (official_national, inbox, received 2" in row[0]
    assert "edfi" in row[0]
    assert row[1]


NAMED = (
    "named bls_api, bls_ces, bls_laus, bls_oews, bls_qcew, council_decisions, crosswalks, geo,"
    " ipeds, onet, projections"
)


def test_a_folder_without_a_file_that_a_contract_knows_is_told(tmp_path: Path) -> None:
    (tmp_path / "bls_oews").mkdir()
    (tmp_path / "bls_oews" / "holiday.csv").write_text("a,b\n")

    with pytest.raises(ConfigurationError, match=NAMED):
        files_by_source(tmp_path)


def test_restricted_files_are_not_taken_from_a_folder(tmp_path: Path) -> None:
    for name in ("nsc/StudentTracker_DETAIL_20251118.csv", "bls_oews/national_M2024_dl.xlsx"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()

    assert files_by_source(tmp_path) == {
        "bls_oews": [tmp_path / "bls_oews" / "national_M2024_dl.xlsx"]
    }
