"""Invented projections: openings add up, and the addresses answer as the publisher's do."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from p20w.synthetic.answers import Request
from p20w.synthetic.projected_employment import LONG, SHORT, project, project_workforce_areas
from p20w.synthetic.render import onet, projections
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.wire import WHOLE, Edit

ZONES = "db_31_0_csv/job_zones.csv"


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(300, 5)


def asked(
    path: str, state: SyntheticState, edit: Edit = WHOLE, **query: str
) -> tuple[int, dict[str, Any]]:
    answer = projections.answer(Request("GET", path, query, {}, b"", "http://here"), state, edit)
    assert answer is not None
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize("period", [LONG, SHORT], ids=["long", "short"])
def test_of_100_openings_in_wisconsin_53_are_transfers(period: Any) -> None:
    found = project("55", period, 5)

    share = found.transfers.sum() / found.openings(period.years).sum()

    assert share == pytest.approx(0.53)
    assert found.exits.min() > 0


def test_workforce_areas_add_up_to_the_state() -> None:
    state = project("55", LONG, 5)
    areas = project_workforce_areas(LONG, 5)

    assert len(areas) == 11
    for name in ("base", "projected", "exits", "transfers"):
        total = sum(getattr(area, name) for area in areas.values())
        assert np.allclose(total, getattr(state, name))


def test_the_bulk_file_is_behind_a_link_and_a_cycle_older_than_the_pages(
    state: SyntheticState,
) -> None:
    _, link = asked("/projections/file/longterm/csv", state)
    _, page = asked("/Projections/LongTermRestJson/55", state)

    name = link["content"].removeprefix("http://here/").split("?")[0]
    file = projections.files(state)[name].render(WHOLE).decode()
    assert {row["baseyear"] for row in csv.DictReader(io.StringIO(file))} == {"2022"}
    assert {row["BaseYear"] for row in page["rows"]} == {"2024"}


def test_pages_are_of_few_sizes_and_their_values_are_text(state: SyntheticState) -> None:
    address = "/Projections/ShortTermRestJson/0"
    size = {"items_per_page": "50"}

    odd, told = asked(address, state, items_per_page="20")
    _, first = asked(address, state, **size, page="0")
    _, second = asked(address, state, **size, page="1")

    assert (odd, told) == (404, "No results found.")
    assert first["pager"] == {
        "current_page": 0,
        "total_items": 89,
        "total_pages": 2,
        "items_per_page": 50,
    }
    assert (len(first["rows"]), len(second["rows"])) == (50, 39)
    assert {type(value) for row in first["rows"] for value in row.values()} == {str}
    assert first["rows"][0]["Area"] == " United States"
    assert first["rows"][0]["STFIPS"] == "0"


def test_halved_pages_lack_rows_that_their_pager_counts(state: SyntheticState) -> None:
    _, page = asked(
        "/Projections/LongTermRestJson/55", state, Edit(half=True), items_per_page="1000"
    )

    assert page["pager"]["total_items"] == 89
    assert len(page["rows"]) == 44


def test_some_occupations_of_onet_have_several_clusters_and_one_no_job_zone(
    state: SyntheticState,
) -> None:
    files = {name: file.render(WHOLE).decode() for name, file in onet.files(state).items()}

    clusters = list(csv.DictReader(io.StringIO(files["All_Career_Clusters.csv"])))
    zones = {row["O*NET-SOC Code"] for row in csv.DictReader(io.StringIO(files[ZONES]))}
    assert sum("; " in row["Career Cluster"] for row in clusters) == 2
    assert {row["Code"] for row in clusters} - zones == {"25-1199.00"}
