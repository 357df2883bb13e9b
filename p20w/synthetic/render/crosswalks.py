"""Classifications and crosswalks as NCES, BLS and the Census Bureau publish them, with fewer codes.

The workbooks of BLS have lines above their headers, the CIP crosswalk wraps codes as formulas.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from p20w.synthetic.classifications import (
    NAICS_PAIRS,
    cip_changes,
    hybrids,
    soc_changes,
    soc_structure,
)
from p20w.synthetic.labor_market import NO_OCCUPATION, NO_PROGRAM, OCCUPATIONS, PROGRAMS
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import CSV, XLSX, Edit, Row, SyntheticFile, csv_bytes, xlsx_bytes

FILE_NAME: Final = "CIP2020_SOC2018_Crosswalk_Synthetic.xlsx"
_NO_MATCH: Final = "NO MATCH"
_CIP: Final = ("CIP2020Code", "CIP2020Title")
_SOC: Final = ("SOC2018Code", "SOC2018Title")


_HYBRID: Final = ("OES 2019 Estimates", "2018 SOC", "OES 2018 Estimates", "2010 SOC")
_MOVED: Final = "Moved to"


def files(_state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the files of this source; they are the same in every state."""
    modified = datetime(2024, 3, 4, 15, 30, tzinfo=UTC)
    renderers: dict[str, tuple[str, Callable[[Edit], bytes]]] = {
        FILE_NAME: (XLSX, _workbook),
        "soc_structure_2018.xlsx": (XLSX, _soc_structure),
        "soc_2018_definitions.xlsx": (XLSX, _soc_definitions),
        "soc_2010_to_2018_crosswalk.xlsx": (XLSX, _soc_2010_2018),
        "oes_2019_hybrid_structure.xlsx": (XLSX, _oews_hybrid),
        "CIPCode2020.csv": (CSV, _cip_codes),
        "Crosswalk2010to2020.csv": (CSV, _cip_2010_2020),
        "2017_to_2022_NAICS.xlsx": (XLSX, _naics_2017_2022),
    }
    return {
        name: SyntheticFile(name, kind, modified, render)
        for name, (kind, render) in renderers.items()
    }


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


def _above(*lines: str) -> list[Row]:
    return [[line or None] for line in lines]


def _soc_structure(edit: Edit) -> bytes:
    header = ("Major Group", "Minor Group", "Broad Group", "Detailed Occupation", "")
    rows: list[Row] = [
        [*(code if place == level else None for place in range(4)), title]
        for level, code, title in soc_structure()
    ]
    above = _above("U.S. Bureau of Labor Statistics", "", "", "November 2017", "", "", "")
    return xlsx_bytes(edit, [("2018 Structure", header, rows)], above=above)


def _soc_definitions(edit: Edit) -> bytes:
    header = ("SOC Group", "SOC Code", "SOC Title", "SOC Definition")
    levels = ("Major", "Minor", "Broad", "Detailed")
    rows: list[Row] = [
        [levels[level], code, title, f"Work as {title}." if levels[level] == "Detailed" else ""]
        for level, code, title in soc_structure()
    ]
    above = _above("U.S. Bureau of Labor Statistics", "", "", "November 2017", "", "", "")
    return xlsx_bytes(edit, [("2018 SOC", header, rows)], above=above)


def _soc_2010_2018(edit: Edit) -> bytes:
    header = ("2010 SOC Code", "2010 SOC Title", "2018 SOC Code", "2018 SOC Title")
    pairs = soc_changes()
    newer, older = Counter(row[0] for row in pairs), Counter(row[2] for row in pairs)
    rows: list[Row] = [
        [
            old,
            f"{old_title} (#)" if newer[old] > 1 else old_title,
            new,
            f"{new_title} (##)" if older[new] > 1 else new_title,
        ]
        for old, old_title, new, new_title in pairs
    ]
    above = _above("U.S. Bureau of Labor Statistics", "", "", "November 2017", *[""] * 4)
    return xlsx_bytes(edit, [("Sorted by 2010", header, rows)], above=above)


def _oews_hybrid(edit: Edit) -> bytes:
    names = [f"{name} {part}" for name in _HYBRID for part in ("Code", "Title")]
    header = [f"{name} " if name == "2018 SOC Code" else name for name in names]
    rows: list[Row] = [
        [
            *(code, title, new, new_title),
            *(old, old_title, old, f" {old_title}"),
            None if code == new else "Hybrid (code & title)",
        ]
        for code, title, new, new_title, old, old_title in hybrids()
    ]
    above = _above("How data of two structures were combined.", "", "", "", "")
    return xlsx_bytes(edit, [("OES2019 Hybrid", (*header, "NOTES"), rows)], above=above)


def _cip_codes(edit: Edit) -> bytes:
    header = (
        *("CIPFamily", "CIPCode", "Action", "TextChange", "CIPTitle", "CIPDefinition"),
        *("CrossReferences", "Examples"),
    )
    rows: list[Row] = []
    for old, old_title, action, new, title in cip_changes():
        if action == _MOVED:
            told = f"Moved from {old} to {new}"
            rows.append([old[:2], old, _MOVED, "no", old_title, told, None, None])
        moved = "Moved from" if action == _MOVED else action
        named = old_title if action == "Deleted" else title
        rows.append([new[:2], new, moved, "no", named, "A program.", None, None])
    return csv_bytes(edit, header, rows)


def _cip_2010_2020(edit: Edit) -> bytes:
    header = (
        *("CIPCode2010", "CIPTitle2010", "Action", "Text change"),
        *("CIPCode2020", "CIPTitle2020"),
    )
    rows: list[Row] = [
        [f'="{old}"' if old else "", old_title, action, "no", f'="{new}"', title]
        for old, old_title, action, new, title in cip_changes()
    ]
    return csv_bytes(edit, header, rows)


def _naics_2017_2022(edit: Edit) -> bytes:
    piece = "(and specific piece of the 2017 industry that is contained in the 2022 industry)"
    header = (
        *("2017 NAICS Code", f"2017 NAICS Title\n{piece}"),
        *("2022 NAICS Code", "2022 NAICS Title"),
    )
    rows: list[Row] = [
        [int(old), old_title, int(new), title]
        for old, old_title, new, title in (
            line.split("|") for line in NAICS_PAIRS.strip().splitlines()
        )
    ]
    above = _above("2017 NAICS U.S. Matched to 2022 NAICS U.S. (Full Concordance)", "")
    return xlsx_bytes(edit, [("2017 to 2022 NAICS U.S.", header, rows)], above=above)
