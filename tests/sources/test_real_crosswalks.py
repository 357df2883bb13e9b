"""Real classifications and crosswalks, against the figures of their README."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from tests.sources.reading import rows_of


def crosswalk(shared_data: Path, name: str, layout: str) -> list[dict[str, Any]]:
    found, rows = rows_of("crosswalks", shared_data / "crosswalks" / name)
    assert found == layout
    return rows


def test_the_soc_structure_tells_the_level_of_a_code_by_its_column(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "soc_structure_2018.xlsx", "official_soc_structure")

    levels = ("major_code", "minor_code", "broad_code", "detailed_code")
    assert len(rows) == 1447
    assert {level: len({row[level] for row in rows} - {None}) for level in levels} == {
        "major_code": 23,
        "minor_code": 98,
        "broad_code": 459,
        "detailed_code": 867,
    }
    assert all(sum(row[level] is not None for level in levels) == 1 for row in rows)


def test_soc_definitions_define_the_867_detailed_occupations(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "soc_2018_definitions.xlsx", "official_soc_definitions")

    levels = Counter(row["soc_level"] for row in rows)
    assert (levels["Detailed"], levels["Major"]) == (867, 23)
    assert sum(row["soc_definition"] is not None for row in rows) == 867


def test_148_of_900_rows_change_their_code_between_soc_2010_and_2018(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "soc_2010_to_2018_crosswalk.xlsx", "official_soc_2010_2018")

    assert len(rows) == 900
    assert len({row["soc_code_2010"] for row in rows}) == 840
    assert len({row["soc_code_2018"] for row in rows}) == 867
    assert sum(row["soc_code_2010"] != row["soc_code_2018"] for row in rows) == 148
    assert sum(row["soc_code_2010"] == "15-1133" for row in rows) == 2


def test_the_marks_of_titles_are_where_occupations_split_and_merge(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "soc_2010_to_2018_crosswalk.xlsx", "official_soc_2010_2018")

    newer, older = defaultdict(set), defaultdict(set)
    for row in rows:
        newer[row["soc_code_2010"]].add(row["soc_code_2018"])
        older[row["soc_code_2018"]].add(row["soc_code_2010"])
    for row in rows:
        assert row["soc_title_2010"].endswith(" (#)") == (len(newer[row["soc_code_2010"]]) > 1)
        assert row["soc_title_2018"].endswith(" (##)") == (len(older[row["soc_code_2018"]]) > 1)


def test_108_rows_of_the_hybrid_have_another_code_than_soc_2018(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "oes_2019_hybrid_structure.xlsx", "official_oews_hybrid")

    assert len(rows) == 868
    assert len({row["oews_code_2019"] for row in rows}) == 790
    assert sum(row["oews_code_2019"] != row["soc_code_2018"] for row in rows) == 108


def test_one_onet_occupation_may_belong_to_several_of_the_wage_survey(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "oflc_xwalk_plus_2020-21.csv", "official_oews_onet")

    assert len(rows) == 1110
    assert len({row["onet_soc_code"] for row in rows}) == 1089
    assert sum(row["oews_code"] != row["soc_code_2010"] for row in rows) == 20


def test_cip_2020_lists_codes_that_are_not_valid_any_more(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "CIPCode2020.csv", "official_cip_codes")

    actions = Counter(row["action"] for row in rows)
    assert len(rows) == 2847
    assert sum(len(row["cip_code"]) == 7 for row in rows) == 2324
    assert (actions["New"], actions["Deleted"]) == (543, 12)


def test_programs_of_cip_2010_come_out_of_their_formulas(shared_data: Path) -> None:
    rows = crosswalk(shared_data, "Crosswalk2010to2020.csv", "official_cip_2010_2020")

    moved = {row["cip_code_2010"]: row["cip_code_2020"] for row in rows}
    assert len(rows) == 2698
    assert sum(row["action"] == "Moved to" for row in rows) == 149
    assert sum(row["cip_code_2010"] is None for row in rows) == 543
    assert moved["01.0309"] == "01.1004"


@pytest.mark.parametrize("name", ["c2023_a_extract_WI_MN_IA_IL_MI.csv.gz"])
def test_one_program_of_the_awards_has_no_row_in_the_crosswalk(
    shared_data: Path, name: str
) -> None:
    pairs = crosswalk(shared_data, "CIP2020_SOC2018_Crosswalk.xlsx", "official")
    _, awards = rows_of("ipeds", shared_data / "ipeds" / name)

    programs = {row["cip_code"] for row in awards if len(row["cip_code"]) == 7}
    assert len(programs - {row["cip_code"] for row in pairs}) == 1


def test_both_directions_of_the_crosswalk_of_programs_hold_one_set_of_pairs(
    shared_data: Path,
) -> None:
    """The sheet that is loaded has four more: a program of 2020 that the other one forgot."""
    pairs = crosswalk(shared_data, "CIP2020_SOC2018_Crosswalk.xlsx", "official")
    book = fastexcel.read_excel(shared_data / "crosswalks" / "CIP2020_SOC2018_Crosswalk.xlsx")
    other = book.load_sheet("SOC-CIP", dtypes="string").to_arrow().to_pylist()

    loaded = {(row["cip_code"], row["soc_code"]) for row in pairs}
    reverse = {(row["CIP2020Code"], row["SOC2018Code"]) for row in other}
    assert (len(pairs), len(other), len(reverse)) == (6097, 6093, 6093)
    assert reverse < loaded
    assert loaded - reverse == {
        ("03.0204", code) for code in ("11-9199", "19-3011", "19-4061", "25-1063")
    }
