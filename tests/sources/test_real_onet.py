"""Real lists of O*NET, against the figures of their README."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.sources.reading import rows_of


def test_the_taxonomy_of_2019_has_1016_occupations_of_867_of_soc_2018(shared_data: Path) -> None:
    layout, rows = rows_of("onet", shared_data / "onet" / "2019_Occupations.csv")

    codes = [row["onet_soc_code"] for row in rows]
    assert layout == "extract_taxonomy"
    assert len(rows) == 1016
    assert len({code[:7] for code in codes}) == 867
    assert sum(code.endswith(".00") for code in codes) == 867
    assert {row["onet_edition"] for row in rows} == {"2019"}


def test_every_occupation_of_the_taxonomy_of_2019_is_one_of_soc_2018(shared_data: Path) -> None:
    _, rows = rows_of("onet", shared_data / "onet" / "2019_Occupations.csv")
    _, pairs = rows_of("crosswalks", shared_data / "crosswalks" / "CIP2020_SOC2018_Crosswalk.xlsx")

    assert {row["onet_soc_code"][:7] for row in rows} <= {row["soc_code"] for row in pairs}


def test_clusters_of_an_occupation_stand_in_one_cell_beside_as_many_pathways(
    shared_data: Path,
) -> None:
    layout, rows = rows_of("onet", shared_data / "onet" / "All_Career_Clusters.csv")

    cells = {row["onet_soc_code"]: row["cluster_names"] for row in rows}
    assert layout == "official_career_clusters"
    assert len(rows) == 1011
    assert len(set(cells.values())) == 31
    assert len({name for cell in cells.values() for name in cell.split("; ")}) == 16
    assert sum("; " in cell for cell in cells.values()) == 21
    assert cells["29-1141.00"] == "Health Science"
    for row in rows:
        clusters, pathways = row["cluster_names"], row["career_pathway_names"]
        assert len(clusters.split("; ")) == len(pathways.split("; ")) <= 4


def test_job_zones_of_the_labor_certification_office_leave_121_occupations_open(
    shared_data: Path,
) -> None:
    layout, rows = rows_of("onet", shared_data / "onet" / "oflc_Onet_Occs_2020-21.csv")

    zones = {row["onet_soc_code"]: row["job_zone"] for row in rows}
    assert layout == "extract_oflc"
    assert len(rows) == 1090
    assert sum(row["job_zone_status"] == "not_collected" for row in rows) == 121
    assert Counter(zones.values())[5] == 160
    assert zones["29-1141.00"] == 3
    assert {row["onet_edition"] for row in rows} == {"2020-21"}
