"""Files of the wage survey of every vintage since 2012: names, headers and areas as they were.

No real file of these vintages is at hand but the ones of `test_real_files.py`: the headers are
those that users of the files have written down, one row each.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.decode import decode
from ingestion.headers import claims
from ingestion.landing import LandedFile
from ingestion.load import file_constants
from ingestion.registry import source
from ingestion.selection import filtered, wanted
from p20w.errors import ContractViolation
from p20w.synthetic.wire import WHOLE, xlsx_bytes, zip_bytes

WAGES = (
    "H_MEAN A_MEAN MEAN_PRSE H_PCT10 H_PCT25 H_MEDIAN H_PCT75 H_PCT90 A_PCT10 A_PCT25 A_MEDIAN"
    " A_PCT75 A_PCT90 ANNUAL HOURLY"
)
OLD = f"OCC_CODE OCC_TITLE OCC_GROUP TOT_EMP EMP_PRSE JOBS_1000 LOC_Q {WAGES}"
NEW = (
    "AREA AREA_TITLE AREA_TYPE PRIM_STATE NAICS NAICS_TITLE I_GROUP OWN_CODE OCC_CODE OCC_TITLE"
    f" O_GROUP TOT_EMP EMP_PRSE JOBS_1000 LOC_QUOTIENT PCT_TOTAL PCT_RPT {WAGES}"
)
CELLS = {
    "AREA": "55",
    "AREA_TITLE": "Wisconsin",
    "AREA_NAME": "Madison, WI",
    "STATE": "Wisconsin",
    "ST": "WI",
    "PRIM_STATE": "WI",
    "AREA_TYPE": "2",
    "NAICS": "000000",
    "NAICS_TITLE": "Cross-industry",
    "I_GROUP": "cross-industry",
    "OWN_CODE": "1235",
    "OCC_CODE": "29-1141",
    "OCC_TITLE": "Registered Nurses",
    "OCC_GROUP": "detailed",
    "O_GROUP": "detailed",
    "GROUP": "detailed",
    "TOT_EMP": "57620",
    "A_PCT90": "#",
    "ANNUAL": "",
    "HOURLY": "",
}


def book(sheet: str, header: str, **changes: str) -> bytes:
    """A workbook of one row below a header, with the sheets that are no table behind it."""
    names = [name.replace("~", " ") for name in header.split()]
    cells = CELLS | changes
    row = [cells.get(name.upper().replace(" ", "_").removesuffix("_ORIG"), "1") for name in names]
    sheets: list[Any] = [(sheet, names, [row]), ("Field Descriptions", ["Field"], [["area"]])]
    return xlsx_bytes(WHOLE, sheets)


def rows_of_one(folder: Path, name: str, content: bytes) -> tuple[str, list[dict[str, Any]]]:
    """Layout and rows of a file, without the band of rows that a whole one has."""
    contract = source("bls_oews").contract
    path = folder / name
    path.write_bytes(content)
    landed = LandedFile("bls_oews", "test", name, str(path), "", "", 0, datetime.now(UTC))
    rows: list[dict[str, Any]] = []
    with source("bls_oews").module.read(landed, contract) as parts:
        for part in parts:
            [claim] = part.feeds
            constants = file_constants(claim.table, part)
            for batch in part.open():
                mask = wanted(claim.layout, batch)
                taken = batch if mask is None else filtered(batch, mask)
                result = decode(claim.table, claim.layout, taken, constants, 1)
                assert result.rejected == []
                rows += result.batch.to_pylist()
    return claims(name, contract, synthetic=False)[0].layout.name, rows


@pytest.mark.parametrize(
    ("archive", "member", "sheet", "header", "layout", "year"),
    [
        ("oesm12nat.zip", "national_M2012_dl.xls", "national_dl",
         OLD.replace("JOBS_1000 LOC_Q ", ""), "official_national_to_2018", 2012),
        ("oesm15st.zip", "oesm15st/state_M2015_dl.xlsx", "State_M2015_dl",
         f"AREA ST STATE {OLD}", "official_state_to_2018", 2015),
        ("oesm13ma.zip", "oesm13ma/MSA_M2013_dl_2_KS_NY.xls", "MSA_dl_2",
         f"PRIM_STATE AREA AREA_NAME {OLD}", "official_metropolitan_to_2018", 2013),
        ("oesm14ma.zip", "oesm14ma/aMSA_M2014_dl.xlsx", "aMSA_M2014_dl",
         f"PRIM_STATE AREA AREA_NAME {OLD}", "official_metropolitan_to_2018", 2014),
        ("oesm18ma.zip", "oesm18ma/BOS_M2018_dl.xlsx", "BOS_M2018_dl",
         f"PRIM_STATE AREA AREA_NAME {OLD}", "official_metropolitan_to_2018", 2018),
        ("oesm19st.zip", "oesm19st/state_M2019_dl.xlsx", "state_M2019_dl",
         NEW.replace("PRIM_STATE ", "").replace("PCT_RPT ", "")
         .replace("JOBS_1000", "JOBS_1000_ORIG").lower(), "official_state_to_2021", 2019),
        ("oesm21nat.zip", "oesm21nat/national_M2021_dl.xlsx", "national_M2021_dl",
         NEW.replace("PCT_RPT ", ""), "official_national_to_2021", 2021),
        ("oesm24st.zip", "oesm24st/state_M2024_dl.xlsx", "state_M2024_dl", NEW,
         "official_state", 2024),
        ("oesm24in4.zip", "oesm24in4/natsector_M2024_dl.xlsx", "natsector_M2024_dl", NEW,
         "official_industry", 2024),
        ("oesm14all.zip", "oesm14all/all_data_M_2014.xlsx", "All May 2014 Data",
         NEW.replace("PRIM_STATE ", "").replace("I_GROUP ", "").replace("PCT_RPT ", "")
         .replace("OCC_CODE OCC_TITLE O_GROUP", "OCC~CODE OCC~TITLE GROUP")
         .replace("LOC_QUOTIENT", "LOC~QUOTIENT").lower(), "official_all", 2014),
        ("oesm12all.zip", "all_oes_data_2012.xlsx", "Sheet1",
         NEW.replace("PRIM_STATE ", "").replace("I_GROUP ", "").replace("PCT_RPT ", "")
         .replace("O_GROUP", "OCC_GROUP"), "official_all", 2012),
        ("oesm24all.zip", "oesm24all/all_data_M_2024.xlsx", "All May 2024 data", NEW,
         "official_all", 2024),
    ],
    ids=lambda value: value if str(value).endswith(".zip") else "",
)  # fmt: skip
def test_a_file_of_any_vintage_is_read_by_its_own_layout(
    tmp_path: Path, archive: str, member: str, sheet: str, header: str, layout: str, year: int
) -> None:
    sector = {"NAICS": "44-45"} if "natsector" in member else {}
    table = book(sheet, header, **sector)
    content = zip_bytes([(member, table), ("field_descriptions.xls", b"no table")])

    found, rows = rows_of_one(tmp_path, archive, content)

    [row] = rows
    assert (found, row["vintage_year"]) == (layout, year)
    assert (row["soc_code"], row["employment_count"]) == ("29-1141", 57620)
    assert row["annual_p90_wage_usd_status"] == "top_coded"
    assert row["occupation_group"] == "detailed"
    has_area = "AREA" in header.upper().split()
    assert row["area_code"] == ("55" if has_area else None)
    has_share = "PCT_RPT" in header.split()
    assert row["reporting_establishments_percent_status"] == (
        "reported" if has_share else "never_collected"
    )


@pytest.mark.parametrize(
    ("changes", "kept"),
    [({}, 1), ({"NAICS": "622000"}, 0), ({"OWN_CODE": "5"}, 0)],
    ids=["cross-industry", "an industry", "private alone"],
)
def test_of_the_file_of_everything_the_cross_industry_rows_are_taken(
    tmp_path: Path, changes: dict[str, str], kept: int
) -> None:
    content = book("All May 2024 data", NEW, **changes)

    _, rows = rows_of_one(tmp_path, "all_data_M_2024.xlsx", content)

    assert len(rows) == kept


def test_of_the_zip_of_industries_the_sectors_of_the_nation_are_taken(tmp_path: Path) -> None:
    sectors = book("natsector_M2024_dl", NEW, NAICS="99", OWN_CODE="123", AREA="99")
    finer = book("nat3d_M2024_dl", NEW, NAICS="622000", OWN_CODE="5", AREA="99")
    content = zip_bytes(
        [
            ("oesm24in4/nat3d_M2024_dl.xlsx", finer),
            ("oesm24in4/natsector_M2024_dl.xlsx", sectors),
        ]
    )

    _, rows = rows_of_one(tmp_path, "oesm24in4.zip", content)

    assert [(row["naics_code"], row["ownership_code"]) for row in rows] == [("99", "123")]


@pytest.mark.parametrize("code", ["000000", "622000", "62-1"])
def test_a_row_of_no_sector_in_the_book_of_sectors_is_left_out(tmp_path: Path, code: str) -> None:
    content = book("natsector_M2024_dl", NEW, NAICS=code)

    _, rows = rows_of_one(tmp_path, "natsector_M2024_dl.xlsx", content)

    assert rows == []


def test_a_column_that_nobody_knows_is_still_refused(tmp_path: Path) -> None:
    content = zip_bytes([("state_M2015_dl.xlsx", book("state_dl", f"AREA ST STATE {OLD} BONUS"))])

    with pytest.raises(ContractViolation, match=r"official_state_to_2018.* unknown: BONUS"):
        rows_of_one(tmp_path, "oesm15st.zip", content)
