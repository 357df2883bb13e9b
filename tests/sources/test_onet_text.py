"""The bulk text of an O*NET edition, as its zip holds it; a true one is not at hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.sources.reading import rows_of, tables_of

OCCUPATIONS = 900
NURSE = (
    '29-1141.00\tRegistered Nurses\tAssess patients\u2019 needs; "plan" and, where asked, advise.'
)
HEADERS = {
    "Occupation Data": "O*NET-SOC Code\tTitle\tDescription",
    "Job Zones": "O*NET-SOC Code\tJob Zone\tDate\tDomain Source",
}


def code(place: int) -> str:
    return f"{11 + place // 450}-{1000 + place}.00"


def text(name: str) -> bytes:
    if name == "Occupation Data":
        rows = [f"{code(one)}\tTitle {one}\tDo this, then that." for one in range(OCCUPATIONS)]
        rows.append(NURSE)
    else:
        rows = [f"{code(one)}\t{1 + one % 5}\t08/2026\tAnalyst" for one in range(OCCUPATIONS)]
        rows += ["29-1141.00\t3\t08/2026\tAnalyst", "55-1011.00\tn/a\t08/2026\tAnalyst"]
    return "\r\n".join([HEADERS[name], *rows, ""]).encode()


@pytest.fixture
def bulk(tmp_path: Path) -> Path:
    path = tmp_path / "db_30_3_text.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("db_30_3_text/Job Zone Reference.txt", "Job Zone\tName\n1\tLittle\n")
        for name in HEADERS:
            archive.writestr(f"db_30_3_text/{name}.txt", text(name))
    return path


def test_two_texts_of_the_bulk_feed_their_tables_and_the_others_are_left(bulk: Path) -> None:
    found = tables_of("onet", bulk)

    assert {table: layout for table, (layout, _) in found.items()} == {
        "occupations": "official_occupations_text",
        "job_zones": "official_job_zones_text",
    }
    occupations, zones = (
        {row["onet_soc_code"]: row for row in found[table][1]}
        for table in ("occupations", "job_zones")
    )
    assert (len(occupations), len(zones)) == (901, 902)
    nurse = occupations["29-1141.00"]
    assert "\t".join([nurse["onet_soc_code"], nurse["onet_title"], nurse["onet_description"]]) == (
        NURSE
    )
    assert zones["29-1141.00"]["job_zone"] == 3
    assert zones["55-1011.00"]["job_zone"] is None
    assert zones["55-1011.00"]["job_zone_status"] == "not_collected"
    assert {row["onet_edition"] for row in [*occupations.values(), *zones.values()]} == {"30_3"}


@pytest.mark.parametrize(
    ("name", "told", "layout"),
    [
        ("db_30_3_occupation_data.txt", "Occupation Data", "official_occupations_text"),
        ("db_30_3_job_zones.txt", "Job Zones", "official_job_zones_text"),
    ],
)
def test_a_text_of_its_own_has_its_edition_before_its_name(
    tmp_path: Path, name: str, told: str, layout: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text(told))

    found, rows = rows_of("onet", path)

    assert found == layout
    assert {row["onet_edition"] for row in rows} == {"30_3"}
