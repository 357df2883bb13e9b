"""Checks in SQL of door 2 for vintages: elements and unexpected ones of a few rows, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from expectations.checks import vintages
from expectations.doors import SqlCheck

pytestmark = pytest.mark.integration

SOC = (
    "from_soc_vintage:text, from_soc_code:text, to_soc_vintage:text, to_soc_code:text,"
    " vintage_relation:text, vintage_weight:numeric"
)
WHOLE = """
    2010, 11-1011, 2018, 11-1011, same, 1
    2010, 15-1132, 2018, 15-1252, split, 0.5
    2010, 15-1132, 2018, 15-1253, split, 0.5
    2010, 15-1132, hybrid, 15-1256, renamed, 1
    2010, 25-3097, hybrid, 25-3097, same, 1
    2010, 25-3099, hybrid, 25-3097, same, 1
    2010, 25-3097, 2018, 25-3031, renamed, 1
    hybrid, 15-1256, 2018, 15-1252, renamed, 1
    hybrid, 25-3097, 2018, 25-3031, renamed, 1
"""


def without(rows: str, line: str) -> str:
    assert rows.count(line) == 1
    return rows.replace(line, "").replace("\n    \n", "\n")


def soc_crosswalks(few: Any) -> None:
    few.make(
        "staging.stg_crosswalks__soc_2010_2018",
        "from_soc_code:text, to_soc_code:text",
        "11-1011, 11-1011\n15-1132, 15-1252\n15-1132, 15-1253",
    )
    few.make(
        "staging.stg_crosswalks__oews_hybrid",
        "hybrid_soc_code:text, soc_code_2018:text, oews_code_2018:text, soc_code_2010:text",
        "15-1256, 15-1252, 15-1132, 15-1132\n25-3097, 25-3031, 25-3097, 25-3099",
    )


@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        (WHOLE, 0),
        # As the model would weigh it after a part is lost: whole again, and wrong.
        (
            without(WHOLE, "2010, 15-1132, 2018, 15-1253, split, 0.5").replace(
                "15-1252, split, 0.5", "15-1252, renamed, 1"
            ),
            1,
        ),
        (without(WHOLE, "2010, 25-3097, hybrid, 25-3097, same, 1"), 1),
        (WHOLE.replace("15-1253, split, 0.5", "15-1253, split, 0.4"), 1),
        (WHOLE + "    2010, 99-0000, 2018, 11-1011, merged, 1", 1),
    ],
    ids=["whole", "part_lost", "code_lost", "light", "unknown"],
)
def test_occupations_between_versions_lose_no_part(few: Any, rows: str, unexpected: int) -> None:
    soc_crosswalks(few)
    few.make("core.bridge_soc_vintage", SOC, rows)

    elements, found = few.counts(vintages.weights_of("bridge_soc_vintage"))

    # Three older codes to 2018 (25-3097 is the survey's own), three to the hybrid, two from it.
    assert elements == 8 + ("99-0000" in rows)
    assert found == unexpected


@pytest.mark.parametrize(
    ("deleted", "unexpected"),
    [("2010, 60.0499, 2020,, deleted,", 0), ("2010, 60.0499, 2020, 61.0000, merged, 0.5", 1)],
    ids=["deleted", "half_kept"],
)
def test_a_deleted_program_has_no_share_and_every_other_has_one(
    few: Any, deleted: str, unexpected: int
) -> None:
    few.make(
        "staging.stg_crosswalks__cip_2010_2020",
        "from_cip_vintage:text, to_cip_vintage:text, from_cip_code:text, to_cip_code:text",
        "2010, 2020, 01.0000, 01.0000\n2010, 2020, 60.0499, 60.0499\n2010, 2020,, 01.0310"
        "\n2010, 2020, 60.04, 60.04",
    )
    few.make(
        "core.bridge_cip_vintage",
        SOC.replace("soc", "cip"),
        f"2010, 01.0000, 2020, 01.0000, same, 1\n{deleted}\n2010,, 2020, 01.0310, new,",
    )

    assert few.counts(vintages.weights_of("bridge_cip_vintage")) == (2, unexpected)


def test_an_industry_that_gives_away_too_much_is_found(few: Any) -> None:
    few.make(
        "staging.stg_crosswalks__naics_2017_2022",
        "from_naics_vintage:text, to_naics_vintage:text, from_naics_code:text, to_naics_code:text",
        "2017, 2022, 454110, 458110\n2017, 2022, 454110, 458210\n2017, 2022, 722511, 722511",
    )
    few.make(
        "core.bridge_naics_vintage",
        SOC.replace("soc", "naics"),
        "2017, 454110, 2022, 458110, split, 1\n2017, 454110, 2022, 458210, split, 1"
        "\n2017, 722511, 2022, 722511, same, 1",
    )

    assert few.counts(vintages.weights_of("bridge_naics_vintage")) == (2, 1)


def test_a_county_that_lost_an_area_or_a_share_is_found(few: Any) -> None:
    few.make("reference.states", "state_fips:text", "55\n09")
    few.make(
        "staging.stg_geo__oews_areas",
        "area_vintage:int, county_fips:text, area_code:text, state_fips:text",
        """
        2023, 55059, 16980, 55
        2024, 55059, 28450, 55
        2023, 09005, 73450, 09
        2023, 09005, 73450, 09
        2023, 09005, 0900001, 09
        2023, 09007, 75700, 09
        2023, 01001, 33860, 01
        """,
    )
    few.make(
        "core.bridge_county_oews_area",
        "area_vintage:int, county_fips:text, area_code:text, area_weight:numeric",
        """
        2023, 55059, 16980, 1
        2024, 55059, 28450, 1
        2023, 09005, 73450, 1
        2023, 09007, 75700, 0.9
        """,
    )

    # The second area of 09005 is lost, a tenth of 09007; states that are not listed do not count.
    assert few.counts(vintages.county_weights()) == (4, 2)


WAGES = "vintage_year:int, soc_vintage:text, soc_code:text, occupation_group:text"
OF_THE_FINEST = sql.SQL("occupation_group = 'detailed'")


def test_a_code_of_an_earlier_vintage_without_a_way_to_the_newest_is_found(few: Any) -> None:
    few.make("core.bridge_soc_vintage", SOC, WHOLE)
    few.make(
        "core.fct_lmi_wage",
        WAGES,
        """
        2015, 2010, 15-1132, detailed
        2015, 2010, 15-1179, detailed
        2015, 2010, 15-0000, major
        2019, hybrid, 15-1256, detailed
        2024, 2018, 15-1252, detailed
        2024, 2018, 99-1234, detailed
        """,
    )

    check = vintages.compatible("fct_lmi_wage", "soc", "vintage_year", OF_THE_FINEST)

    # Two codes of 2010 and one of the hybrid; 15-1179 leads nowhere.
    assert few.counts(check) == (3, 1)


def compatible_in(fact: str) -> SqlCheck:
    """The check of a fact as the night runs it."""
    return next(vintages.compatible(*one) for one in vintages.FACTS if one[0] == fact)


def test_a_projected_occupation_without_a_way_to_the_newest_codes_is_found(few: Any) -> None:
    few.make("core.bridge_soc_vintage", SOC, WHOLE)
    few.make(
        "core.fct_projection",
        "base_year:int, soc_vintage:text, soc_code:text, is_line_item:boolean",
        """
        2016, 2010, 15-1132, true
        2016, 2010, 15-1179, true
        2016, 2010, 15-1100, false
        2016, 2010, 13-1020, true
        2024, 2018, 15-1252, true
        """,
    )

    # Two occupations of SOC 2010; 15-1179 leads nowhere, sums of several are not asked about.
    assert few.counts(compatible_in("fct_projection")) == (2, 1)


def test_awards_of_a_deleted_program_lead_nowhere(few: Any) -> None:
    few.make(
        "core.bridge_cip_vintage",
        SOC.replace("soc", "cip"),
        "2010, 01.0000, 2020, 01.0000, same, 1\n2010, 60.0499, 2020,, deleted,",
    )
    few.make(
        "core.fct_completions_agg",
        "award_year:int, cip_vintage:text, cip_code:text",
        "2019, 2010, 01.0000\n2019, 2010, 60.0499\n2023, 2020, 01.0000",
    )

    assert few.counts(compatible_in("fct_completions_agg")) == (2, 1)


def test_vintages_without_a_crosswalk_are_not_compared(few: Any) -> None:
    few.make("core.bridge_soc_vintage", SOC, "2010, 11-1011, hybrid, 11-1011, same, 1")
    few.make(
        "core.fct_lmi_wage", WAGES, "2015, 2010, 15-1132, detailed\n2024, 2018, 15-1252, detailed"
    )

    check = vintages.compatible("fct_lmi_wage", "soc", "vintage_year", OF_THE_FINEST)

    assert few.counts(check) == (0, 0)


def test_wages_of_an_area_that_its_vintage_does_not_define_are_found(few: Any) -> None:
    few.make(
        "core.bridge_county_oews_area",
        "area_vintage:int, area_code:text",
        "2023, 16980\n2023, 31540\n2024, 28450\n2024, 31540",
    )
    few.make(
        "core.dim_area",
        "area_code:text, area_vintage:int, is_in_scope:boolean, area_type_code:text",
        """
        28450, 2023, true, 4
        31540, 2023, true, 4
        31540, 2024, true, 4
        28450, 2022, true, 4
        33860, 2024, false, 4
        33860, 2024, true,
        """,
    )
    few.make(
        "core.fct_lmi_wage",
        "vintage_year:int, area_code:text, area_type_code:text",
        """
        2023, 28450, 4
        2023, 31540, 4
        2023, 31540, 4
        2024, 31540, 4
        2022, 28450, 4
        2024, 33860, 4
        2024, 55, 2
        """,
    )

    # Kenosha was no area of its own in 2023; nothing is known of 2022, nor said of Alabama.
    assert few.counts(vintages.area_vintages()) == (3, 1)


def test_districts_of_one_number_or_of_another_agency_are_found(few: Any) -> None:
    few.make(
        "staging.stg_geo__school_districts",
        "load_id:int, district_code:text, leaid:text, cesa_code:text",
        """
        1, 2422, 5513050, CESA11
        1, 4893, 5513050, CESA11
        1, 3619, 5509600, CESA01
        1, 3794, 5509990, CESA03
        1, 9999, 5500001, CESA05
        """,
    )
    few.make(
        "core.dim_organization",
        "organization_level:text, organization_code:text, cesa_code:text",
        "district, 2422, CESA11\ndistrict, 4893, CESA11\ndistrict, 3619, CESA01"
        "\ndistrict, 3794, CESA02",
    )

    # Two share a number, Mount Horeb (3794) is in another agency; a closed district has no record.
    assert few.counts(vintages.district_list()) == (5, 3)


def test_a_county_under_the_number_of_another_list_is_found(few: Any) -> None:
    few.make(
        "reference.counties",
        "county_fips:text, county_name:text",
        "55078, Menominee\n55109, St. Croix\n55025, Dane",
    )
    few.make(
        "staging.stg_geo__counties",
        "county_fips:text, county_name:text",
        "55040, Menominee\n55109, Saint Croix\n55025, Dane",
    )

    # 40 is the number of Menominee at the Department of Natural Resources.
    assert few.counts(vintages.county_list()) == (3, 1)
