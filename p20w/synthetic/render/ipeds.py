"""IPEDS files as NCES publishes them: HD (institutions) and C_A (completions), zips with a csv.

The completions of the earlier years carry the revised file beside the provisional one. Codes lose
their leading zeros as they do there, and -2 means not applicable.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import numpy as np

from p20w.synthetic.colleges import COLLEGES, STATES, TRIBAL_UNITS, College
from p20w.synthetic.completions import RACE_GROUPS, YEARS, Completions, draw_completions
from p20w.synthetic.labor_market import PROGRAMS
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import ZIP, Cell, Edit, SyntheticFile, csv_bytes, zip_bytes

_HD_HEADER: Final = (
    "UNITID", "INSTNM", "IALIAS", "ADDR", "CITY", "STABBR", "ZIP", "FIPS", "OBEREG", "CHFNM",
    "CHFTITLE", "GENTELE", "EIN", "UEIS", "OPEID", "OPEFLAG", "WEBADDR", "ADMINURL", "FAIDURL",
    "APPLURL", "NPRICURL", "VETURL", "ATHURL", "DISAURL", "SECTOR", "ICLEVEL", "CONTROL", "HLOFFER",
    "UGOFFER", "GROFFER", "HDEGOFR1", "DEGGRANT", "HBCU", "HOSPITAL", "MEDICAL", "TRIBAL", "LOCALE",
    "OPENPUBL", "ACT", "NEWID", "DEATHYR", "CLOSEDAT", "CYACTIVE", "POSTSEC", "PSEFLAG", "PSET4FLG",
    "RPTMTH", "INSTCAT", "C21BASIC", "C21IPUG", "C21IPGRD", "C21UGPRF", "C21ENPRF", "C21SZSET",
    "C18BASIC", "C15BASIC", "CCBASIC", "CARNEGIE", "LANDGRNT", "INSTSIZE", "F1SYSTYP", "F1SYSNAM",
    "F1SYSCOD", "CBSA", "CBSATYPE", "CSA", "COUNTYCD", "COUNTYNM", "CNGDSTCD", "LONGITUD",
    "LATITUDE", "DFRCGID", "DFRCUSCG",
)  # fmt: skip
_KEYS: Final = ("UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL")
_VARIABLES: Final = tuple(
    f"C{group}{sex}" for group in ("TOTAL", *RACE_GROUPS) for sex in ("T", "M", "W")
)
_NOT_APPLICABLE: Final = "-2"
_GRAND_TOTAL: Final = "99"
_REPORTED, _IMPUTED = "R", "N"
_UTF8_FROM: Final = 2023
_LAST_PROVISIONAL: Final = YEARS[-1]


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return HD and C_A of every collection year."""
    named = {}
    for year in YEARS:
        modified = datetime(year + 1, 1, 10, 14, 0, tzinfo=UTC)
        for name, render in (
            (f"HD{year}.zip", partial(_directory_zip, year)),
            (f"C{year}_A.zip", partial(_completions_zip, state.seed, year)),
        ):
            named[name] = SyntheticFile(name, ZIP, modified, render)
    return named


def _directory_zip(year: int, edit: Edit) -> bytes:
    encoding = "utf-8-sig" if year >= _UTF8_FROM else "windows-1252"
    rows = [_institution(college) for college in COLLEGES]
    content = csv_bytes(edit, _HD_HEADER, rows, encoding=encoding)
    return zip_bytes([(f"hd{year}.csv", content)])


def _institution(college: College) -> list[Cell]:
    fips, region = STATES[college.state]
    is_tribal = college.unitid in TRIBAL_UNITS
    known = {
        "UNITID": college.unitid,
        "INSTNM": college.name,
        "ADDR": "1 College Avenue",
        "CITY": college.city,
        "STABBR": college.state,
        "ZIP": college.zip_code,
        "FIPS": fips,
        "OBEREG": region,
        "OPEID": college.opeid,
        "OPEFLAG": "1",
        "SECTOR": college.sector,
        "ICLEVEL": college.level,
        "CONTROL": college.control,
        "HLOFFER": college.highest,
        "DEGGRANT": "1",
        "HBCU": "1" if college.state == "AL" else "2",
        "TRIBAL": "1" if is_tribal else "2",
        "LOCALE": college.locale,
        "CYACTIVE": "1",
        "INSTCAT": "4" if college.level == "2" else "2",
        "CBSA": college.cbsa,
        "COUNTYCD": college.county_code,
        "COUNTYNM": college.county_name,
        "CHFNM": "",
        "CHFTITLE": "",
        "GENTELE": "",
        "LONGITUD": "-89.5",
        "LATITUDE": "44.5",
    }
    texts = ("IALIAS", "WEBADDR", "ADMINURL", "FAIDURL", "APPLURL", "NPRICURL", "VETURL", "ATHURL",
             "DISAURL", "EIN", "UEIS")  # fmt: skip
    known.update(dict.fromkeys(texts, ""))
    return [known.get(name, _NOT_APPLICABLE) for name in _HD_HEADER]


def _completions_zip(seed: int, year: int, edit: Edit) -> bytes:
    members = [(f"c{year}_a.csv", _completions_csv(seed, year, edit, is_revised=False))]
    if year < _LAST_PROVISIONAL:
        revised = _completions_csv(seed, year, edit, is_revised=True)
        members.append((f"c{year}_a_rv.csv", revised))
    return zip_bytes(members)


def _completions_csv(seed: int, year: int, edit: Edit, *, is_revised: bool) -> bytes:
    awards = draw_completions(seed, year, is_revised=is_revised)
    header = [*_KEYS, *(name for variable in _VARIABLES for name in (f"X{variable}", variable))]
    return csv_bytes(edit, header, _completion_rows(awards))


def _completion_rows(awards: Completions) -> Iterable[list[Cell]]:
    """Yield detail rows by college, then its grand totals (CIPCODE 99) by major and level."""
    for place, college in enumerate(COLLEGES):
        rows = np.flatnonzero(awards.college == place)
        totals: dict[tuple[int, str], np.ndarray] = {}
        for row in rows:
            counts = awards.counts[row]
            key = (int(awards.major[row]), str(awards.level[row]))
            totals[key] = totals.get(key, 0) + counts
            code = PROGRAMS[awards.program[row]].cip_code
            flag = _IMPUTED if awards.imputed[row] else _REPORTED
            yield [college.unitid, code, *map(str, key), *_cells(counts, flag)]
        for key, counts in sorted(totals.items()):
            yield [college.unitid, _GRAND_TOTAL, *map(str, key), *_cells(counts, _REPORTED)]


def _cells(counts: np.ndarray, flag: str) -> list[Cell]:
    """Return flag and count of each variable: total, then the race groups, each T, M, W."""
    groups = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
    cells: list[Cell] = []
    for men, women in groups.tolist():
        for number in (men + women, men, women):
            cells += [flag if number or flag == _IMPUTED else "Z", number]
    return cells
