# ruff: noqa: E501 - lines of a table
"""Career clusters as Ed-Fi names them, with what else is known about each.

The names are Ed-Fi's `CareerPathwayDescriptor` values; subject areas are SCED's; programs are CIP
2020 codes. Which sex is in the minority follows national employment in broad strokes.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cluster:
    """A career cluster.

    Attributes:
        name: Ed-Fi's code value.
        short: three letters for course codes.
        subject: SCED subject area, two digits.
        cip_code: a program of the cluster.
        popularity: relative share of students and districts.
        minority: sex for which the cluster is nontraditional, "" for none.
    """

    name: str
    short: str
    subject: str
    cip_code: str
    popularity: float
    minority: str


CLUSTERS: Final = (
    Cluster("Agriculture, Food and Natural Resources", "AGR", "18", "01.0101", 1.6, ""),
    Cluster("Architecture and Construction", "CON", "17", "46.0201", 1.4, "Female"),
    Cluster("Arts, A/V Technology and Communications", "ART", "11", "50.0409", 1.0, ""),
    Cluster("Business, Management and Administration", "BUS", "12", "52.0201", 1.6, ""),
    Cluster("Education and Training", "EDU", "19", "13.1210", 0.7, "Male"),
    Cluster("Finance", "FIN", "12", "52.0801", 0.8, ""),
    Cluster("Government and Public Administration", "GOV", "15", "44.0701", 0.2, ""),
    Cluster("Health Science", "HLT", "14", "51.3902", 1.5, "Male"),
    Cluster("Hospitality and Tourism", "HOS", "16", "12.0503", 0.9, ""),
    Cluster("Human Services", "HUM", "19", "19.0706", 1.0, "Male"),
    Cluster("Information Technology", "INF", "10", "11.0901", 1.1, "Female"),
    Cluster("Law, Public Safety, Corrections and Security", "LAW", "15", "43.0107", 0.5, "Female"),
    Cluster("Manufacturing", "MAN", "13", "48.0508", 1.6, "Female"),
    Cluster("Marketing, Sales and Service", "MKT", "12", "52.1401", 0.9, ""),
    Cluster("Science, Technology, Engineering and Mathematics", "STE", "21", "15.0613", 1.1, "Female"),
    Cluster("Transportation, Distribution and Logistics", "TRA", "20", "47.0604", 0.8, "Female"),
)  # fmt: skip
