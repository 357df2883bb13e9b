"""Folders of files by source: what is found in them, under which releases, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.folders import files_by_source, release_of


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_files_in_folders_of_a_source_are_found(tmp_path: Path) -> None:
    county = "bls_qcew/by_area/2016.q1-q4 34037 Sussex County, New Jersey.csv"
    make(tmp_path, "bls_qcew/titles/area_titles.csv", county, "bls_qcew/.kept/size_titles.csv")

    found = files_by_source(tmp_path)

    assert found == {
        "bls_qcew": [tmp_path / county, tmp_path / "bls_qcew/titles/area_titles.csv"],
    }


def test_what_is_left_out_is_told_and_names_of_restricted_files_are_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make(tmp_path, "onet/2019_Occupations.csv", "onet/old/notes.txt", "nsc/Marked_Person.csv")

    files_by_source(tmp_path)

    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "left out, in no contract source=onet: onet/old/notes.txt",
        "left out, no public source has the name folders=nsc",
    ]


@pytest.mark.parametrize(
    ("file", "release"),
    [
        ("national_M2024_dl.xlsx", "national_M2024_dl"),
        ("la.area", "la-area"),
        ("la.data.56.Wisconsin", "la-data-56-Wisconsin"),
        ("2016.q1-q4 34037 Sussex County, NJ.csv", "2016-q1-q4-34037-Sussex-County-NJ"),
        ("2016.q1-q4 34039 Union County, NJ.csv.gz", "2016-q1-q4-34039-Union-County-NJ"),
        ("HD2022.zip", "HD2022"),
        ("v2_series.json", "v2_series"),
    ],
)
def test_a_release_has_the_name_of_its_file_without_the_extension(file: str, release: str) -> None:
    assert release_of(file) == release
