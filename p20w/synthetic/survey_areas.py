"""Which counties the areas of the wage survey and the delineated ones hold, by vintage.

Facts: area definitions of May 2021, valid to May 2023, for Wisconsin; from May 2024 Kenosha is an
area of its own and Vernon belongs to La Crosse (OMB Bulletin 23-01). Metropolitan areas of the
survey are those delineated in 2017 and 2023; five micropolitan areas of both stand for all.
Which county is central is invented: the first of each area.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from p20w.synthetic.geography import STATE_FIPS
from p20w.synthetic.wages import LOCAL_AREAS

CHICAGO: Final = ("16980", "Chicago-Naperville-Elgin, IL-IN-WI")
_REDRAWN: Final = 2024
_REDRAWN_COUNTIES: Final = {"55059": "28450", "55123": "29100"}

DELINEATIONS: Final = {2017: date(2017, 8, 15), 2023: date(2023, 7, 21)}
"""Delineations that lists are made of, with the days of their bulletins."""

_MICROPOLITAN: Final = {
    "55111": ("12660", "Baraboo, WI"),
    "55027": ("13180", "Beaver Dam, WI"),
    "55071": ("31820", "Manitowoc, WI"),
    "55033": ("32860", "Menomonie, WI"),
    "55043": ("38420", "Platteville, WI"),
}
_CBSA_DIGITS: Final = 5
_KENOSHA_DIVISION: Final = ("29404", "Lake County-Kenosha County, IL-WI")

# area | county codes of Wisconsin
_AREAS: Final = """
11540|015 087
16980|059
20260|031
20740|017 035
22540|039
24580|009 061 083
27500|105
29100|063
31540|021 025 045 049
33340|079 089 131 133
33460|093 109
36780|139
39540|101
43100|117
48140|073
5500001|003 007 013 051 099 107 113 119 129
5500002|001 029 037 041 067 069 071 075 078 085 097 115 125 141
5500003|027 043 047 055 065 077 103 111 127 135 137
5500004|005 011 019 023 033 053 057 081 091 095 121 123
"""


@dataclass(frozen=True, slots=True)
class DelineatedCounty:
    """A county of a metropolitan or micropolitan area."""

    fips: str
    cbsa_code: str
    cbsa_title: str
    kind: str
    is_central: bool
    division_code: str = ""
    division_title: str = ""


def areas_of_counties(vintage: int) -> dict[str, str]:
    """Return the area of each county of Wisconsin, by county code of five digits."""
    found = {}
    for line in _AREAS.strip().splitlines():
        area, codes = line.split("|")
        found.update({f"{STATE_FIPS}{code}": area for code in codes.split()})
    return found | _REDRAWN_COUNTIES if vintage >= _REDRAWN else found


def area_titles() -> dict[str, str]:
    """Return the titles of areas by their codes."""
    return dict([CHICAGO, *((area.code, area.title) for area in LOCAL_AREAS)])


def delineated_counties(vintage: int) -> list[DelineatedCounty]:
    """Return the counties of Wisconsin that a delineation puts in an area, by area."""
    drawn = areas_of_counties(_REDRAWN if vintage == max(DELINEATIONS) else _REDRAWN - 1)
    titles = area_titles()
    members = [
        *((code, fips, titles[code], "Metropolitan") for fips, code in drawn.items()),
        *((code, fips, title, "Micropolitan") for fips, (code, title) in _MICROPOLITAN.items()),
    ]
    first_of = {code: fips for code, fips, *_ in reversed(members)} | {CHICAGO[0]: None}
    return [
        DelineatedCounty(
            *(fips, code, title, kind, first_of[code] == fips),
            *(_KENOSHA_DIVISION if code == CHICAGO[0] else ()),
        )
        for code, fips, title, kind in sorted(members)
        if len(code) == _CBSA_DIGITS
    ]
