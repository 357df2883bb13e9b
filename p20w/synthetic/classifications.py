# ruff: noqa: E501 - lines of a table
"""Real classifications around the occupations and programs of the invented labor market.

Codes, titles and what became of them: Standard Occupational Classification 2010 and 2018 and the
hybrid of May 2019 (US Bureau of Labor Statistics), Classification of Instructional Programs 2010
and 2020 (NCES), North American Industry Classification System 2017 and 2022 (US Census Bureau).
"""

from collections.abc import Iterator
from typing import Final

from p20w.synthetic.labor_market import MAJOR_GROUPS, OCCUPATIONS, PROGRAMS

_MINOR_GROUPS: Final = """
11-1000|Top Executives
11-2000|Advertising, Marketing, Promotions, Public Relations, and Sales Managers
11-3000|Operations Specialties Managers
11-9000|Other Management Occupations
13-1000|Business Operations Specialists
13-2000|Financial Specialists
15-1200|Computer Occupations
15-2000|Mathematical Science Occupations
17-1000|Architects, Surveyors, and Cartographers
17-2000|Engineers
17-3000|Drafters, Engineering Technicians, and Mapping Technicians
19-1000|Life Scientists
19-2000|Physical Scientists
19-4000|Life, Physical, and Social Science Technicians
21-1000|Counselors, Social Workers, and Other Community and Social Service Specialists
23-2000|Legal Support Workers
25-1000|Postsecondary Teachers
25-2000|Preschool, Elementary, Middle, Secondary, and Special Education Teachers
27-1000|Art and Design Workers
27-2000|Entertainers and Performers, Sports and Related Workers
27-3000|Media and Communication Workers
27-4000|Media and Communication Equipment Workers
29-1000|Healthcare Diagnosing or Treating Practitioners
29-2000|Health Technologists and Technicians
29-9000|Other Healthcare Practitioners and Technical Occupations
31-1100|Home Health and Personal Care Aides; and Nursing Assistants, Orderlies, and Psychiatric Aides
31-2000|Occupational Therapy and Physical Therapist Assistants and Aides
31-9000|Other Healthcare Support Occupations
33-2000|Firefighting and Prevention Workers
33-3000|Law Enforcement Workers
35-1000|Supervisors of Food Preparation and Serving Workers
35-2000|Cooks and Food Preparation Workers
35-3000|Food and Beverage Serving Workers
37-1000|Supervisors of Building and Grounds Cleaning and Maintenance Workers
37-3000|Grounds Maintenance Workers
39-5000|Personal Appearance Workers
39-9000|Other Personal Care and Service Workers
41-2000|Retail Sales Workers
41-4000|Sales Representatives, Wholesale and Manufacturing
43-1000|Supervisors of Office and Administrative Support Workers
43-3000|Financial Clerks
43-6000|Secretaries and Administrative Assistants
45-1000|Supervisors of Farming, Fishing, and Forestry Workers
47-1000|Supervisors of Construction and Extraction Workers
47-2000|Construction Trades Workers
49-3000|Vehicle and Mobile Equipment Mechanics, Installers, and Repairers
49-9000|Other Installation, Maintenance, and Repair Occupations
51-4000|Metal Workers and Plastic Workers
53-3000|Motor Vehicle Operators
53-7000|Material Moving Workers
"""

# Where the title is not that of the one detailed occupation.
_BROAD_OCCUPATIONS: Final = """
11-2020|Marketing and Sales Managers
13-1070|Human Resources Workers
13-1080|Logisticians and Project Management Specialists
13-2050|Financial Analysts and Advisors
13-2070|Credit Counselors and Loan Officers
13-2080|Tax Examiners, Collectors and Preparers, and Revenue Agents
13-2090|Miscellaneous Financial Specialists
15-1210|Computer and Information Analysts
15-1230|Computer Support Specialists
15-1240|Database and Network Administrators and Architects
15-1250|Software and Web Developers, Programmers, and Testers
15-1290|Miscellaneous Computer Occupations
15-2090|Miscellaneous Mathematical Science Occupations
17-1010|Architects, Except Naval
17-2070|Electrical and Electronics Engineers
17-2110|Industrial Engineers, Including Health and Safety
17-3010|Drafters
17-3020|Engineering Technologists and Technicians, Except Drafters
19-1010|Agricultural and Food Scientists
19-1030|Conservation Scientists and Foresters
19-2030|Chemists and Materials Scientists
21-1020|Social Workers
25-1190|Miscellaneous Postsecondary Teachers
25-2010|Preschool and Kindergarten Teachers
25-2020|Elementary and Middle School Teachers
25-2030|Secondary School Teachers
27-1020|Designers
27-2010|Actors, Producers, and Directors
27-2020|Athletes, Coaches, Umpires, and Related Workers
27-3020|News Analysts, Reporters and Journalists
27-4010|Broadcast, Sound, and Lighting Technicians
29-1120|Therapists
29-1210|Physicians
29-2030|Diagnostic Related Technologists and Technicians
29-2040|Emergency Medical Technicians and Paramedics
29-2090|Miscellaneous Health Technologists and Technicians
31-1130|Nursing Assistants, Orderlies, and Psychiatric Aides
31-2010|Occupational Therapy Assistants and Aides
31-9090|Miscellaneous Healthcare Support Occupations
33-3050|Police Officers
35-1010|Supervisors of Food Preparation and Serving Workers
35-2010|Cooks
37-1010|First-Line Supervisors of Building and Grounds Cleaning and Maintenance Workers
37-3010|Grounds Maintenance Workers
39-5010|Barbers, Hairdressers, Hairstylists and Cosmetologists
39-9030|Recreation and Fitness Workers
41-4010|Sales Representatives, Wholesale and Manufacturing
43-6010|Secretaries and Administrative Assistants
47-2150|Pipelayers, Plumbers, Pipefitters, and Steamfitters
49-3020|Automotive Technicians and Repairers
51-4120|Welding, Soldering, and Brazing Workers
53-3030|Driver/Sales Workers and Truck Drivers
53-7060|Laborers and Material Movers
"""

# Without wages here, but split from or merged with occupations that have some.
_FURTHER_OCCUPATIONS: Final = """
13-1082|Project Management Specialists
13-2054|Financial Risk Specialists
13-2099|Financial Specialists, All Other
15-1243|Database Architects
15-1255|Web and Digital Interface Designers
15-1299|Computer Occupations, All Other
15-2099|Mathematical Science Occupations, All Other
29-2036|Medical Dosimetrists
29-2043|Paramedics
29-2099|Health Technologists and Technicians, All Other
29-9021|Health Information Technologists and Medical Registrars
"""

# 2010 code | its title | 2018 codes; every other occupation has kept code and title.
_SOC_CHANGES: Final = """
13-2051|Financial Analysts|13-2051 13-2054
15-1121|Computer Systems Analysts|15-1211
15-1122|Information Security Analysts|15-1212
15-1132|Software Developers, Applications|15-1252 15-1253
15-1133|Software Developers, Systems Software|15-1252 15-1253
15-1142|Network and Computer Systems Administrators|15-1244
15-1152|Computer Network Support Specialists|15-1231
15-1199|Computer Occupations, All Other|13-1082 15-1243 15-1253 15-1255 15-1299
15-2099|Mathematical Science Occupations, All Other|15-2051 15-2099
17-3023|Electrical and Electronics Engineering Technicians|17-3023
17-3026|Industrial Engineering Technicians|17-3026
17-3027|Mechanical Engineering Technicians|17-3027
27-3021|Broadcast News Analysts|27-3023
27-3022|Reporters and Correspondents|27-3023
29-1062|Family and General Practitioners|29-1215
29-2041|Emergency Medical Technicians and Paramedics|29-2042 29-2043
29-2071|Medical Records and Health Information Technicians|29-2072 29-9021
31-1014|Nursing Assistants|31-1131
39-9031|Fitness Trainers and Aerobics Instructors|39-9031
"""

# Hybrid code | its title | 2018 codes; every other occupation of the hybrid has its code of 2018.
_HYBRIDS: Final = """
13-2098|Financial and Investment Analysts, Financial Risk Specialists, and Financial Specialists, All Other|13-2051 13-2054 13-2099
15-1256|Software Developers and Software Quality Assurance Analysts and Testers|15-1252 15-1253
15-2098|Data Scientists and Mathematical Science Occupations, All Other|15-2051 15-2099
29-2040|Emergency Medical Technicians and Paramedics|29-2042 29-2043
"""

# 2010 code | 2010 title | what happened | 2020 code | 2020 title; other programs are as they were.
_CIP_CHANGES: Final = """
11.1003|Computer and Information Systems Security/Information Assurance.|No substantive changes|11.1003|Computer and Information Systems Security/Auditing/Information Assurance.
15.0805|Mechanical Engineering/Mechanical Technology/Technician.|No substantive changes|15.0805|Mechanical/Mechanical Engineering Technology/Technician.
01.0309|Viticulture and Enology.|Moved to|01.1004|Viticulture and Enology.
15.0505|Solar Energy Technology/Technician.|Moved to|15.1703|Solar Energy Technology/Technician.
60.0601|Podiatric Medicine and Surgery - 24 Residency Program.|Deleted|60.0601|Deleted, report under 61.2201
60.0602|Podiatric Medicine and Surgery - 36 Residency Program.|Deleted|60.0602|Deleted, report under 61.2201
60.0499|Medical Residency Programs - General Certificates, Other.|Deleted|60.0499|Deleted
||New|61.2201|Podiatric Medicine and Surgery Residency Program.
||New|01.0310|Apiculture.
||New|30.7001|Data Science, General.
"""

# 2017 code | its title | 2022 code | its title
NAICS_PAIRS: Final = """
111110|Soybean Farming|111110|Soybean Farming
112120|Dairy Cattle and Milk Production|112120|Dairy Cattle and Milk Production
236220|Commercial and Institutional Building Construction|236220|Commercial and Institutional Building Construction
311513|Cheese Manufacturing|311513|Cheese Manufacturing
322121|Paper (except Newsprint) Mills|322120|Paper Mills
322122|Newsprint Mills|322120|Paper Mills
332710|Machine Shops|332710|Machine Shops
448110|Men's Clothing Stores|458110|Clothing and Clothing Accessories Retailers
448120|Women's Clothing Stores|458110|Clothing and Clothing Accessories Retailers
448210|Shoe Stores|458210|Shoe Retailers
454110|Electronic Shopping and Mail-Order Houses|458110|Clothing and Clothing Accessories Retailers
454110|Electronic Shopping and Mail-Order Houses|458210|Shoe Retailers
454110|Electronic Shopping and Mail-Order Houses|459210|Book Retailers and News Dealers
484121|General Freight Trucking, Long-Distance, Truckload|484121|General Freight Trucking, Long-Distance, Truckload
511210|Software Publishers|513210|Software Publishers
519130|Internet Publishing and Broadcasting and Web Search Portals - news|513110|Newspaper Publishers
519130|Internet Publishing and Broadcasting and Web Search Portals - search portals|519290|Web Search Portals and All Other Information Services
541511|Custom Computer Programming Services|541511|Custom Computer Programming Services
622110|General Medical and Surgical Hospitals|622110|General Medical and Surgical Hospitals
623110|Nursing Care Facilities (Skilled Nursing Facilities)|623110|Nursing Care Facilities (Skilled Nursing Facilities)
722511|Full-Service Restaurants|722511|Full-Service Restaurants
"""


def _pairs(table: str) -> dict[str, str]:
    return dict(line.split("|") for line in table.strip().splitlines())


TITLES_2018: Final = {
    **{one.soc_code: one.title for one in OCCUPATIONS},
    **_pairs(_FURTHER_OCCUPATIONS),
}


def soc_structure() -> Iterator[tuple[int, str, str]]:
    """Yield level (0 major to 3 detailed), code and title, from the first group to the last."""
    minor, broad = _pairs(_MINOR_GROUPS), _pairs(_BROAD_OCCUPATIONS)
    seen: set[str] = set()
    for code, title in sorted(TITLES_2018.items()):
        group = next(one for one in minor if one.startswith(code[:4]))
        occupation = f"{code[:6]}0"
        for level, above, its_title in (
            (0, f"{code[:2]}-0000", MAJOR_GROUPS[f"{code[:2]}-0000"]),
            (1, group, minor[group]),
            (2, occupation, broad.get(occupation, title)),
        ):
            if above not in seen:
                seen.add(above)
                yield level, above, its_title
        yield 3, code, title


def soc_changes() -> list[tuple[str, str, str, str]]:
    """Return codes and titles of 2010 and 2018, without the publisher's marks, by 2010 code."""
    rows, reached = [], set()
    for line in _SOC_CHANGES.strip().splitlines():
        older, title, newer = line.split("|")
        for code in newer.split():
            rows.append((older, title, code, TITLES_2018[code]))
            reached.add(code)
    kept = [code for code in TITLES_2018 if code not in reached]
    return sorted(rows + [(code, TITLES_2018[code], code, TITLES_2018[code]) for code in kept])


def hybrids() -> list[tuple[str, str, str, str, str, str]]:
    """Return codes and titles of the hybrid, of 2018 and of 2010."""
    combined = {}
    for line in _HYBRIDS.strip().splitlines():
        code, title, newer = line.split("|")
        combined.update(dict.fromkeys(newer.split(), (code, title)))
    return sorted(
        (*combined.get(newer, (newer, title)), newer, title, older, old_title)
        for older, old_title, newer, title in soc_changes()
    )


def cip_changes() -> list[tuple[str, str, str, str, str]]:
    """Return code and title of 2010, what happened, and code and title of 2020."""
    changed = [tuple(line.split("|")) for line in _CIP_CHANGES.strip().splitlines()]
    known = {row[3] for row in changed}
    same = [
        (one.cip_code, one.title, "No substantive changes", one.cip_code, one.title)
        for one in PROGRAMS
        if one.cip_code not in known
    ]
    return sorted([*same, *((a, b, c, d, e) for a, b, c, d, e in changed)], key=lambda row: row[3])
