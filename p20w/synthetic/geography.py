"""Wisconsin's real counties and the overlapping regions made of them.

Facts: US Census county codes (state 55), workforce development areas and college districts of
Wisconsin, economic-development regions (seven counties lie in two), CESAs (wis. stat. ch. 116;
their borders follow school districts, so the CESA of a county is only where most of it lies).
Populations are rounded to thousands and serve as weights alone.
"""

from dataclasses import dataclass
from typing import Final

STATE_FIPS: Final = "55"
STATE_NAME: Final = "Wisconsin"


@dataclass(frozen=True, slots=True)
class County:
    """One county: its code, its regions and how many people live there.

    `regions` holds one or two development regions, the first is the primary one; `population` is in
    thousands.
    """

    name: str
    fips: str
    workforce_area: int
    regions: tuple[str, ...]
    cesa: int
    college_district: str
    population: int


WORKFORCE_AREAS: Final = {
    1: "Southeast", 2: "Milwaukee", 3: "Waukesha-Ozaukee-Washington", 4: "Fox Valley",
    5: "Bay Area", 6: "North Central", 7: "Northwest", 8: "West Central", 9: "Western",
    10: "South Central", 11: "Southwest",
}  # fmt: skip

REGIONS: Final = {
    "MAD": "MadREP", "MKE": "Milwaukee 7", "NEW": "New North", "CEN": "Centergy",
    "GRO": "Grow North", "MOM": "Momentum West", "VIS": "Visions Northwest",
    "SEV": "7 Rivers", "PSW": "Prosperity Southwest",
}  # fmt: skip

COLLEGE_DISTRICTS: Final = {
    "BTC": "Blackhawk", "CVTC": "Chippewa Valley", "FVTC": "Fox Valley", "GTC": "Gateway",
    "LTC": "Lakeshore", "MATC": "Madison Area", "MSTC": "Mid-State", "MILW": "Milwaukee Area",
    "MPTC": "Moraine Park", "NATC": "Nicolet", "NTC": "Northcentral",
    "NWTC": "Northeast Wisconsin", "NOR": "Northwood", "SWTC": "Southwest Wisconsin",
    "WCTC": "Waukesha County", "WTC": "Western",
}  # fmt: skip

CESA_NUMBERS: Final = tuple(range(1, 13))

# name, county code, workforce area, regions (primary first), CESA, college district, population
_COUNTIES: Final = """
Adams|001|6|CEN|5|MSTC|20
Ashland|003|7|VIS|12|NOR|16
Barron|005|8|MOM|11|NOR|46
Bayfield|007|7|VIS|12|NOR|16
Brown|009|5|NEW|7|NWTC|270
Buffalo|011|9|SEV|4|WTC|13
Burnett|013|7|VIS|11|NOR|16
Calumet|015|4|NEW|7|FVTC|52
Chippewa|017|8|MOM|10|CVTC|66
Clark|019|8|MOM|10|CVTC|34
Columbia|021|10|MAD|5|MATC|58
Crawford|023|9|SEV PSW|3|SWTC|16
Dane|025|10|MAD|2|MATC|560
Dodge|027|10|MAD|6|MPTC|89
Door|029|5|NEW|7|NWTC|30
Douglas|031|7|VIS|12|NOR|44
Dunn|033|8|MOM|11|CVTC|45
Eau Claire|035|8|MOM|10|CVTC|105
Florence|037|5|NEW GRO|8|NWTC|4
Fond du Lac|039|4|NEW|6|MPTC|103
Forest|041|6|GRO|8|NATC|9
Grant|043|11|PSW|3|SWTC|51
Green|045|11|MAD PSW|2|BTC|37
Green Lake|047|4|NEW|6|MPTC|19
Iowa|049|11|MAD PSW|3|SWTC|23
Iron|051|7|VIS|12|NOR|6
Jackson|053|9|SEV|4|WTC|21
Jefferson|055|10|MAD|2|MATC|85
Juneau|057|9|SEV|5|WTC|26
Kenosha|059|1|MKE|2|GTC|168
Kewaunee|061|5|NEW|7|NWTC|20
La Crosse|063|9|SEV|4|WTC|120
Lafayette|065|11|PSW|3|SWTC|16
Langlade|067|6|GRO|9|NTC|19
Lincoln|069|6|CEN GRO|9|NTC|28
Manitowoc|071|5|NEW|7|LTC|81
Marathon|073|6|CEN|9|NTC|138
Marinette|075|5|NEW GRO|8|NWTC|41
Marquette|077|10|NEW|5|MPTC|15
Menominee|078|5|NEW|8|NTC|4
Milwaukee|079|2|MKE|1|MILW|940
Monroe|081|9|SEV|4|WTC|46
Oconto|083|5|NEW|8|NWTC|39
Oneida|085|6|GRO|9|NATC|38
Outagamie|087|5|NEW|6|FVTC|190
Ozaukee|089|3|MKE|1|MILW|91
Pepin|091|8|MOM|11|CVTC|7
Pierce|093|8|MOM|11|CVTC|42
Polk|095|8|MOM|11|NOR|45
Portage|097|6|CEN|5|MSTC|70
Price|099|7|VIS|10|NTC|14
Racine|101|1|MKE|1|GTC|197
Richland|103|11|PSW|3|SWTC|17
Rock|105|11|MAD|2|BTC|163
Rusk|107|7|VIS MOM|10|NOR|14
St. Croix|109|8|MOM|11|NOR|93
Sauk|111|10|MAD|5|MATC|65
Sawyer|113|7|VIS|12|NOR|18
Shawano|115|5|NEW|8|NTC|40
Sheboygan|117|5|NEW|7|LTC|118
Taylor|119|7|VIS|10|NTC|20
Trempealeau|121|9|SEV|4|WTC|30
Vernon|123|9|SEV|4|WTC|30
Vilas|125|6|GRO|9|NATC|23
Walworth|127|1|MKE|2|GTC|106
Washburn|129|7|VIS|11|NOR|16
Washington|131|3|MKE|6|MPTC|137
Waukesha|133|3|MKE|1|WCTC|405
Waupaca|135|4|NEW|6|FVTC|51
Waushara|137|4|NEW|5|FVTC|24
Winnebago|139|4|NEW|6|FVTC|171
Wood|141|6|CEN|5|MSTC|74
"""


def _read_county(line: str) -> County:
    name, code, area, regions, cesa, college, population = line.split("|")
    return County(
        name=name,
        fips=STATE_FIPS + code,
        workforce_area=int(area),
        regions=tuple(regions.split()),
        cesa=int(cesa),
        college_district=college,
        population=int(population),
    )


COUNTIES: Final = tuple(_read_county(line) for line in _COUNTIES.strip().splitlines())
