# ruff: noqa: E501 - lines of a table
"""Real occupations and programs, with invented employment and wages.

Codes and titles: Standard Occupational Classification 2018 (US Bureau of Labor Statistics) and
Classification of Instructional Programs 2020 (NCES); which program prepares for which occupation
follows their joint crosswalk. Wages and employment are round figures, made to look plausible.
"""

from dataclasses import dataclass
from typing import Final

NO_PROGRAM: Final = "99.9999"
NO_OCCUPATION: Final = "99-9999"


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation: hourly median wage in whole dollars and national employment in thousands."""

    soc_code: str
    title: str
    hourly_wage: int
    employment: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program and the occupations it prepares for (none when the crosswalk has none)."""

    cip_code: str
    title: str
    soc_codes: tuple[str, ...]


MAJOR_GROUPS: Final = {
    "11-0000": "Management Occupations",
    "13-0000": "Business and Financial Operations Occupations",
    "15-0000": "Computer and Mathematical Occupations",
    "17-0000": "Architecture and Engineering Occupations",
    "19-0000": "Life, Physical, and Social Science Occupations",
    "21-0000": "Community and Social Service Occupations",
    "23-0000": "Legal Occupations",
    "25-0000": "Educational Instruction and Library Occupations",
    "27-0000": "Arts, Design, Entertainment, Sports, and Media Occupations",
    "29-0000": "Healthcare Practitioners and Technical Occupations",
    "31-0000": "Healthcare Support Occupations",
    "33-0000": "Protective Service Occupations",
    "35-0000": "Food Preparation and Serving Related Occupations",
    "37-0000": "Building and Grounds Cleaning and Maintenance Occupations",
    "39-0000": "Personal Care and Service Occupations",
    "41-0000": "Sales and Related Occupations",
    "43-0000": "Office and Administrative Support Occupations",
    "45-0000": "Farming, Fishing, and Forestry Occupations",
    "47-0000": "Construction and Extraction Occupations",
    "49-0000": "Installation, Maintenance, and Repair Occupations",
    "51-0000": "Production Occupations",
    "53-0000": "Transportation and Material Moving Occupations",
}

# code | title | hourly median wage, dollars | employment of the nation, thousands
_OCCUPATIONS: Final = """
11-1021|General and Operations Managers|50|3584
11-2021|Marketing Managers|77|385
11-3021|Computer and Information Systems Managers|82|646
11-3031|Financial Managers|78|819
11-3121|Human Resources Managers|67|216
11-9013|Farmers, Ranchers, and Other Agricultural Managers|42|6
11-9021|Construction Managers|51|348
11-9051|Food Service Managers|31|244
11-9081|Lodging Managers|33|41
13-1071|Human Resources Specialists|35|917
13-1081|Logisticians|39|236
13-1111|Management Analysts|49|894
13-1161|Market Research Analysts and Marketing Specialists|37|861
13-2011|Accountants and Auditors|39|1448
13-2051|Financial and Investment Analysts|49|341
13-2072|Loan Officers|36|291
13-2082|Tax Preparers|24|74
15-1211|Computer Systems Analysts|50|498
15-1212|Information Security Analysts|60|179
15-1231|Computer Network Support Specialists|35|146
15-1244|Network and Computer Systems Administrators|47|319
15-1252|Software Developers|64|1654
15-1253|Software Quality Assurance Analysts and Testers|49|200
15-2051|Data Scientists|54|233
17-1011|Architects, Except Landscape and Naval|46|111
17-2051|Civil Engineers|48|355
17-2071|Electrical Engineers|54|189
17-2112|Industrial Engineers|49|350
17-2141|Mechanical Engineers|49|287
17-3011|Architectural and Civil Drafters|31|110
17-3013|Mechanical Drafters|33|40
17-3023|Electrical and Electronic Engineering Technologists and Technicians|37|93
17-3026|Industrial Engineering Technologists and Technicians|31|73
17-3027|Mechanical Engineering Technologists and Technicians|33|37
19-1012|Food Scientists and Technologists|41|14
19-1031|Conservation Scientists|33|26
19-2031|Chemists|40|83
19-4021|Biological Technicians|25|76
21-1021|Child, Family, and School Social Workers|28|383
23-2011|Paralegals and Legal Assistants|29|367
25-1199|Postsecondary Teachers, All Other|38|152
25-2011|Preschool Teachers, Except Special Education|18|445
25-2021|Elementary School Teachers, Except Special Education|30|1393
25-2022|Middle School Teachers, Except Special and Career/Technical Education|30|620
25-2031|Secondary School Teachers, Except Special and Career/Technical Education|31|1073
27-1024|Graphic Designers|29|214
27-2011|Actors|23|39
27-2022|Coaches and Scouts|22|251
27-3023|News Analysts, Reporters, and Journalists|29|42
27-4012|Broadcast Technicians|26|21
29-1051|Pharmacists|66|329
29-1126|Respiratory Therapists|39|136
29-1141|Registered Nurses|45|3282
29-1215|Family Medicine Physicians|115|108
29-2042|Emergency Medical Technicians|20|178
29-2072|Medical Records Specialists|24|188
31-1131|Nursing Assistants|19|1388
31-2011|Occupational Therapy Assistants|33|48
31-9091|Dental Assistants|23|375
31-9092|Medical Assistants|21|793
33-2011|Firefighters|29|332
33-3051|Police and Sheriff's Patrol Officers|37|667
35-1011|Chefs and Head Cooks|29|182
35-2014|Cooks, Restaurant|18|1452
35-3031|Waiters and Waitresses|16|2303
37-1012|First-Line Supervisors of Landscaping, Lawn Service, and Groundskeeping Workers|27|124
37-3011|Landscaping and Groundskeeping Workers|18|943
39-5012|Hairdressers, Hairstylists, and Cosmetologists|17|295
39-9011|Childcare Workers|15|520
39-9031|Exercise Trainers and Group Fitness Instructors|22|304
41-4012|Sales Representatives, Wholesale and Manufacturing, Except Technical and Scientific Products|32|1267
41-2031|Retail Salespersons|17|3800
43-1011|First-Line Supervisors of Office and Administrative Support Workers|32|1496
43-3031|Bookkeeping, Accounting, and Auditing Clerks|24|1456
43-6014|Secretaries and Administrative Assistants, Except Legal, Medical, and Executive|22|1738
45-1011|First-Line Supervisors of Farming, Fishing, and Forestry Workers|29|30
47-1011|First-Line Supervisors of Construction Trades and Extraction Workers|38|806
47-2031|Carpenters|29|698
47-2111|Electricians|30|743
47-2152|Plumbers, Pipefitters, and Steamfitters|30|456
49-3023|Automotive Service Technicians and Mechanics|24|689
49-3031|Bus and Truck Mechanics and Diesel Engine Specialists|29|287
49-9021|Heating, Air Conditioning, and Refrigeration Mechanics and Installers|29|397
51-4041|Machinists|27|299
51-4121|Welders, Cutters, Solderers, and Brazers|25|424
51-4081|Multiple Machine Tool Setters, Operators, and Tenders, Metal and Plastic|22|130
53-3032|Heavy and Tractor-Trailer Truck Drivers|28|2070
53-7062|Laborers and Freight, Stock, and Material Movers, Hand|19|2983
"""

# code | title | occupations
_PROGRAMS: Final = """
01.0101|Agricultural Business and Management, General.|11-9013 45-1011
01.0308|Agroecology and Sustainable Agriculture.|11-9013 19-1031 45-1011
01.0601|Applied Horticulture/Horticulture Operations, General.|11-9013 37-1012 37-3011
01.0901|Animal Sciences, General.|11-9013 45-1011
03.0101|Natural Resources/Conservation, General.|19-1031
04.0201|Architecture.|17-1011
09.0401|Journalism.|27-3023
10.0202|Radio and Television Broadcasting Technology/Technician.|27-4012
11.0101|Computer and Information Sciences, General.|11-3021 15-1211 15-1244 15-1253
11.0103|Information Technology.|11-3021 15-1211 15-1212 15-1252 15-1253 15-2051
11.0201|Computer Programming/Programmer, General.|15-1231 15-1252 15-1253
11.0701|Computer Science.|11-3021 15-1212 15-1231 15-1252 15-1253 15-2051
11.0901|Computer Systems Networking and Telecommunications.|11-3021 15-1211 15-1212 15-1231
11.1003|Computer and Information Systems Security/Auditing/Information Assurance.|11-3021 15-1212 15-1231 15-1244
12.0401|Cosmetology/Cosmetologist, General.|39-5012
12.0503|Culinary Arts/Chef Training.|35-1011 35-2014
13.1202|Elementary Education and Teaching.|25-2021
13.1203|Junior High/Intermediate/Middle School Education and Teaching.|25-2022 25-2031
13.1210|Early Childhood Education and Teaching.|25-2011 25-2021
14.0801|Civil Engineering, General.|17-2051
14.1001|Electrical and Electronics Engineering.|17-2071
14.1901|Mechanical Engineering.|17-2141
14.3501|Industrial Engineering.|17-2112
15.0303|Electrical, Electronic, and Communications Engineering Technology/Technician.|17-3023
15.0406|Automation Engineer Technology/Technician.|17-3023
15.0613|Manufacturing Engineering Technology/Technician.|17-3026
15.0805|Mechanical/Mechanical Engineering Technology/Technician.|17-3013 17-3027
15.1302|CAD/CADD Drafting and/or Design Technology/Technician.|17-3011 17-3013
19.0706|Child Development.|25-2011 39-9011
19.0709|Child Care Provider/Assistant.|39-9011
22.0302|Legal Assistant/Paralegal.|23-2011
24.0101|Liberal Arts and Sciences/Liberal Studies.|25-1199
24.0102|General Studies.|25-1199
26.0101|Biology/Biological Sciences, General.|19-4021 25-2031
27.0101|Mathematics, General.|15-2051 25-2031
31.0504|Sport and Fitness Administration/Management.|27-2022 39-9031
40.0501|Chemistry, General.|19-2031 25-2031
42.0101|Psychology, General.|
43.0103|Criminal Justice/Law Enforcement Administration.|
43.0107|Criminal Justice/Police Science.|33-3051
43.0203|Fire Science/Fire-fighting.|33-2011
44.0701|Social Work.|21-1021
46.0201|Carpentry/Carpenter.|47-1011 47-2031
46.0302|Electrician.|47-1011 47-2111
46.0503|Plumbing Technology/Plumber.|47-1011 47-2152
47.0201|Heating, Air Conditioning, Ventilation and Refrigeration Maintenance Technology/Technician.|49-9021
47.0604|Automobile/Automotive Mechanics Technology/Technician.|49-3023
47.0605|Diesel Mechanics Technology/Technician.|49-3031
48.0501|Machine Tool Technology/Machinist.|51-4041 51-4081
48.0508|Welding Technology/Welder.|51-4121
49.0205|Truck and Bus Driver/Commercial Vehicle Operator and Instructor.|53-3032
50.0409|Graphic Design.|27-1024
50.0702|Fine/Studio Arts, General.|
51.0601|Dental Assisting/Assistant.|31-9091
51.0707|Health Information/Medical Records Technology/Technician.|29-2072
51.0801|Medical/Clinical Assistant.|31-9092
51.0803|Occupational Therapist Assistant.|31-2011
51.0904|Emergency Medical Technology/Technician (EMT Paramedic).|29-2042
51.0908|Respiratory Care Therapy/Therapist.|29-1126
51.1004|Clinical/Medical Laboratory Technician.|
51.1201|Medicine.|29-1215
51.2001|Pharmacy.|29-1051
51.3801|Registered Nursing/Registered Nurse.|29-1141
51.3902|Nursing Assistant/Aide and Patient Care Assistant/Aide.|31-1131
52.0201|Business Administration and Management, General.|11-1021 11-3121 11-9021 13-1071 13-1081 13-1111
52.0301|Accounting.|13-2011 13-2082
52.0302|Accounting Technology/Technician and Bookkeeping.|13-2082 43-3031
52.0401|Administrative Assistant and Secretarial Science, General.|43-1011 43-6014
52.0801|Finance, General.|11-1021 11-3031 13-2051 13-2072
52.0901|Hospitality Administration/Management, General.|11-9051 11-9081
52.1001|Human Resources Management/Personnel Administration, General.|11-3121 13-1071
52.1401|Marketing/Marketing Management, General.|11-2021 13-1161
52.1801|Sales, Distribution, and Marketing Operations, General.|41-4012
"""


def _read_occupation(line: str) -> Occupation:
    code, title, wage, employment = line.split("|")
    return Occupation(code, title, int(wage), int(employment))


def _read_program(line: str) -> Program:
    code, title, occupations = line.split("|")
    return Program(code, title, tuple(occupations.split()))


OCCUPATIONS: Final = tuple(map(_read_occupation, _OCCUPATIONS.strip().splitlines()))
PROGRAMS: Final = tuple(map(_read_program, _PROGRAMS.strip().splitlines()))
