"""The CIP-SOC crosswalk workbook as NCES publishes it, with fewer programs."""

from datetime import UTC, datetime
from typing import Final

from p20w.synthetic.labor_market import NO_OCCUPATION, NO_PROGRAM, OCCUPATIONS, PROGRAMS
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import XLSX, Edit, Row, SyntheticFile, xlsx_bytes

FILE_NAME: Final = "CIP2020_SOC2018_Crosswalk_Synthetic.xlsx"
_NO_MATCH: Final = "NO MATCH"
_CIP: Final = ("CIP2020Code", "CIP2020Title")
_SOC: Final = ("SOC2018Code", "SOC2018Title")


def files(_state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the one workbook of this source; it is the same in every state."""
    modified = datetime(2024, 3, 4, 15, 30, tzinfo=UTC)
    return {FILE_NAME: SyntheticFile(FILE_NAME, XLSX, modified, _workbook)}


def crosswalk_rows() -> list[Row]:
    """Return the rows of the sheet CIP-SOC, the unmatched of both sides included."""
    titles = {occupation.soc_code: occupation.title for occupation in OCCUPATIONS}
    rows: list[Row] = []
    matched: set[str] = set()
    for program in PROGRAMS:
        for code in program.soc_codes:
            rows.append((program.cip_code, program.title, code, titles[code]))
            matched.add(code)
        if not program.soc_codes:
            rows.append((program.cip_code, program.title, NO_OCCUPATION, _NO_MATCH))
    rows += [
        (NO_PROGRAM, _NO_MATCH, occupation.soc_code, occupation.title)
        for occupation in OCCUPATIONS
        if occupation.soc_code not in matched
    ]
    return rows


def _workbook(edit: Edit) -> bytes:
    rows = crosswalk_rows()
    turned = sorted((row[2], row[3], row[0], row[1]) for row in rows)
    guide: list[Row] = [
        ("CIP-SOC", "This file crosswalks 2020 CIP Codes to 2018 SOC Codes."),
        ("SOC-CIP", "This file crosswalks 2018 SOC Codes to 2020 CIP Codes."),
    ]
    return xlsx_bytes(
        edit,
        [
            ("CIP-SOC", (*_CIP, *_SOC), rows),
            ("SOC-CIP", (*_SOC, *_CIP), turned),
            ("File Guide", ("File Name", "Description"), guide),
        ],
    )
