# ruff: noqa: E501 - lines of a table
"""Real colleges in and around Wisconsin; what they award here is invented.

Facts: institution directory of IPEDS, fall 2023 (NCES, public domain). The sixteen technical
colleges carry the key of their district in `geography.COLLEGE_DISTRICTS`.
"""

from dataclasses import dataclass
from typing import Final

PUBLIC: Final = "1"
STATES: Final = {"WI": ("55", "3"), "MN": ("27", "4"), "IL": ("17", "3"), "IA": ("19", "4"),
                 "MI": ("26", "3"), "AL": ("1", "5")}  # fmt: skip
TRIBAL_UNITS: Final = ("260372", "413617")


@dataclass(frozen=True, slots=True)
class College:
    """An institution, with codes as IPEDS writes them.

    `county_code` and the state's code lose their leading zeros there. `sector`, `level`, `control`
    and `highest` are SECTOR, ICLEVEL, CONTROL and HLOFFER.
    """

    unitid: str
    opeid: str
    name: str
    city: str
    state: str
    zip_code: str
    county_code: str
    county_name: str
    cbsa: str
    locale: str
    sector: str
    level: str
    control: str
    highest: str
    college_district: str

    @property
    def is_technical(self) -> bool:
        """Whether it is one of Wisconsin's technical colleges."""
        return self.college_district != ""

    @property
    def clearinghouse_code(self) -> str:
        """The clearinghouse's code: OPEID, dash, branch."""
        return f"{self.opeid[:6]}-{self.opeid[6:]}"


# unit, OPEID, name, city, state, ZIP, county, its name, CBSA, locale, four codes, college district
_COLLEGES: Final = """
238397|00539000|Blackhawk Technical College|Janesville|WI|53547-5009|55105|Rock County|27500|23|4214|BTC
240116|00530400|Chippewa Valley Technical College|Eau Claire|WI|54701-6162|55035|Eau Claire County|20740|13|4214|CVTC
238722|00974400|Fox Valley Technical College|Appleton|WI|54912-2277|55087|Outagamie County|11540|22|4214|FVTC
238759|00538900|Gateway Technical College|Kenosha|WI|53144-1690|55059|Kenosha County|28450|13|4213|GTC
239008|00919400|Lakeshore Technical College|Cleveland|WI|53015-1414|55071|Manitowoc County|31820|42|4214|LTC
238263|00400700|Madison Area Technical College|Madison|WI|53704-2599|55025|Dane County|31540|11|1116|MATC
239220|00538000|Mid-State Technical College|Wisconsin Rapids|WI|54494|55141|Wood County|49220|32|4214|MSTC
239248|00386600|Milwaukee Area Technical College|Milwaukee|WI|53233-1443|55079|Milwaukee County|33340|11|4214|MILW
239372|00925600|Moraine Park Technical College|Fond du Lac|WI|54936-1940|55039|Fond du Lac County|22540|13|4214|MPTC
239442|00538400|Nicolet Area Technical College|Rhinelander|WI|54501-0518|55085|Oneida County|-2|41|4213|NATC
239460|00538700|Northcentral Technical College|Wausau|WI|54401-1899|55073|Marathon County|48140|13|4213|NTC
239488|00530100|Northeast Wisconsin Technical College|Green Bay|WI|54307-9042|55009|Brown County|24580|12|4214|NWTC
240198|01182400|Northwood Technical College|Rice Lake|WI|54868|55005|Barron County|39960|33|4214|NOR
239910|00766900|Southwest Wisconsin Technical College|Fennimore|WI|53809-9778|55043|Grant County|38420|43|4214|SWTC
240125|00529400|Waukesha County Technical College|Pewaukee|WI|53072-4601|55133|Waukesha County|33340|21|4214|WCTC
240170|00384000|Western Technical College|La Crosse|WI|54601|55063|La Crosse County|29100|13|4213|WTC
240444|00389500|University of Wisconsin-Madison|Madison|WI|53706-1380|55025|Dane County|31540|11|1119|
240453|00389600|University of Wisconsin-Milwaukee|Milwaukee|WI|53211|55079|Milwaukee County|33340|11|1119|
240268|00391700|University of Wisconsin-Eau Claire|Eau Claire|WI|54701|55035|Eau Claire County|20740|13|1119|
240277|00389900|University of Wisconsin-Green Bay|Green Bay|WI|54311-7001|55009|Brown County|24580|12|1119|
240329|00391900|University of Wisconsin-La Crosse|La Crosse|WI|54601-9959|55063|La Crosse County|29100|13|1119|
240365|00392000|University of Wisconsin-Oshkosh|Oshkosh|WI|54901|55139|Winnebago County|36780|13|1119|
240374|00501500|University of Wisconsin-Parkside|Kenosha|WI|53144|55059|Kenosha County|28450|41|1117|
240417|00391500|University of Wisconsin-Stout|Menomonie|WI|54751|55033|Dunn County|32860|32|1119|
240426|00392500|University of Wisconsin-Superior|Superior|WI|54880-4500|55031|Douglas County|20260|22|1117|
240462|00392100|University of Wisconsin-Platteville|Platteville|WI|53818-3099|55043|Grant County|38420|32|1117|
240471|00392300|University of Wisconsin-River Falls|River Falls|WI|54022-5001|55093|Pierce County|33460|32|1117|
240480|00392400|University of Wisconsin-Stevens Point|Stevens Point|WI|54481-3897|55097|Portage County|44620|32|1119|
240189|00392600|University of Wisconsin-Whitewater|Whitewater|WI|53190-1790|55127|Walworth County|48580|32|1119|
239105|00386300|Marquette University|Milwaukee|WI|53233|55079|Milwaukee County|33340|11|2129|
239318|00386800|Milwaukee School of Engineering|Milwaukee|WI|53202-3109|55079|Milwaukee County|33340|11|2128|
238616|00384200|Concordia University-Wisconsin|Mequon|WI|53097-2402|55089|Ozaukee County|33340|21|2129|
238476|00383900|Carthage College|Kenosha|WI|53140-1994|55059|Kenosha County|28450|13|2127|
239716|00389200|Saint Norbert College|De Pere|WI|54115-2099|55009|Brown County|24580|22|2127|
239017|00385600|Lawrence University|Appleton|WI|54911|55087|Outagamie County|11540|13|2125|
240107|00391100|Viterbo University|La Crosse|WI|54601-8804|55063|La Crosse County|29100|13|2129|
238458|00383800|Carroll University|Waukesha|WI|53186|55133|Waukesha County|33340|13|2129|
238193|00383200|Alverno College|Milwaukee|WI|53234-3922|55079|Milwaukee County|33340|11|2129|
260372|02532200|Lac Courte Oreilles Ojibwe University|Hayward|WI|54843|55113|Sawyer County|-2|43|1117|
413617|03125100|College of Menominee Nation|Keshena|WI|54135-1179|55078|Menominee County|43020|42|2125|
240392|00962100|Herzing University-Madison|Madison|WI|53718|55025|Dane County|31540|11|2129|
174066|00396900|University of Minnesota-Twin Cities|Minneapolis|MN|55455-0213|27053|Hennepin County|33460|11|1119|
174233|00238800|University of Minnesota-Duluth|Duluth|MN|55812|27137|St. Louis County|20260|13|1119|
175272|00239400|Winona State University|Winona|MN|55987-5838|27169|Winona County|49100|32|1119|
175041|00553300|Saint Paul College|Saint Paul|MN|55102-9808|27123|Ramsey County|33460|11|4214|
145637|00177500|University of Illinois Urbana-Champaign|Champaign|IL|61820-5711|17019|Champaign County|16580|13|1119|
153658|00189200|University of Iowa|Iowa City|IA|52242-1316|19103|Johnson County|26980|13|1119|
171456|00230100|Northern Michigan University|Marquette|MI|49855-5301|26103|Marquette County|32100|33|1119|
100654|00100200|Alabama A & M University|Normal|AL|35762|1089|Madison County|26620|12|1119|
147679|00173500|North Park University|Chicago|IL|60625-4895|17031|Cook County|16980|11|2129|
"""


def _read_college(line: str) -> College:
    *texts, codes, district = line.split("|")
    cells = [*texts, *codes, district]
    return College(*cells)


COLLEGES: Final = tuple(map(_read_college, _COLLEGES.strip().splitlines()))
