"""CES flat files of the states as the Bureau of Labor Statistics publishes them (LABSTAT `sm`).

`sm.data.52.Wisconsin` counts jobs in thousands with one decimal, beside series of hours and pay
that nobody here asks for; `sm.industry` names the industries.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.geography import STATE_FIPS
from p20w.synthetic.labstat import ANNUAL, DATA_HEADER, TEXT, data_row, labstat_bytes
from p20w.synthetic.payrolls import INDUSTRIES, PRELIMINARY, Payrolls, draw_payrolls
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import Edit, Row, SyntheticFile

DATA_FILE: Final = "sm.data.52.Wisconsin"
INDUSTRY_FILE: Final = "sm.industry"
_INDUSTRY_HEADER: Final = ("industry_code", "industry_name")
_JOBS, _WEEKLY_HOURS = "01", "02"
_STATEWIDE, _MADISON = "00000", "31540"


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the data of the state and the list of industries."""
    modified = datetime(2026, 1, 28, 15, 30, tzinfo=UTC)
    return {
        INDUSTRY_FILE: SyntheticFile(INDUSTRY_FILE, TEXT, modified, _industries),
        DATA_FILE: SyntheticFile(DATA_FILE, TEXT, modified, partial(_observations, state.seed)),
    }


def _industries(edit: Edit) -> bytes:
    rows: list[Row] = [[one.code, one.name] for one in INDUSTRIES]
    return labstat_bytes(edit, _INDUSTRY_HEADER, rows)


def _observations(seed: int, edit: Edit) -> bytes:
    return labstat_bytes(edit, DATA_HEADER, _data_rows(draw_payrolls(seed)))


def _data_rows(payrolls: Payrolls) -> Iterator[Row]:
    """Yield the statewide jobs of each industry, then an area and a measure of another kind."""
    for one in INDUSTRIES:
        yield from _series("U", _STATEWIDE, one.code, payrolls)
        yield from _series("S", _STATEWIDE, one.code, payrolls)
    yield from _series("U", _MADISON, INDUSTRIES[0].code, payrolls, share=0.14)
    for year, month in payrolls.months:
        series = f"SMU{STATE_FIPS}{_STATEWIDE}{INDUSTRIES[1].code}{_WEEKLY_HOURS}"
        yield data_row(series, year, f"M{month:02d}", "33.6")


def _series(
    season: str, area: str, code: str, payrolls: Payrolls, share: float = 1.0
) -> Iterator[Row]:
    series = f"SM{season}{STATE_FIPS}{area}{code}{_JOBS}"
    jobs = payrolls.unadjusted[code] if season == "U" else payrolls.adjusted[code]
    for (year, month), hundreds in zip(payrolls.months, jobs, strict=True):
        mark = "P" if (year, month) in PRELIMINARY else ""
        yield data_row(series, year, f"M{month:02d}", f"{round(hundreds * share) / 10:.1f}", mark)
    if season == "U" and share == 1.0:
        for year in sorted({year for year, _ in payrolls.months}):
            yield data_row(series, year, ANNUAL, f"{payrolls.annual(code, year) / 10:.1f}")
