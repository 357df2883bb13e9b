"""What occupations ask for, simplified by group of occupations.

Education, experience and training in the words of the Employment Projections of the Bureau of Labor
Statistics, job zones and career clusters in those of O*NET.
"""

from dataclasses import dataclass
from typing import Final

NO_EXPERIENCE: Final = "None"
_SOME, _MUCH = "Less than 5 years", "5 years or more"
_NO_CREDENTIAL = "No formal educational credential"
_SCHOOL = "High school diploma or equivalent"
_AWARD = "Postsecondary nondegree award"
_ASSOCIATE, _BACHELOR = "Associate's degree", "Bachelor's degree"
_DOCTOR = "Doctoral or professional degree"
_SHORT, _MODERATE, _LONG = (
    "Short-term on-the-job training",
    "Moderate-term on-the-job training",
    "Long-term on-the-job training",
)
_APPRENTICE, _INTERNSHIP = "Apprenticeship", "Internship/residency"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Typical entry education, related experience, training on the job, and job zone 1 to 5."""

    education: str
    experience: str
    training: str
    job_zone: int


_PLAIN = Requirement(_SCHOOL, NO_EXPERIENCE, _SHORT, 2)
# The longest beginning of a code that is here counts.
_REQUIREMENTS: Final = {
    "11": Requirement(_BACHELOR, _MUCH, "None", 4),
    "11-9013": Requirement(_SCHOOL, _MUCH, "None", 3),
    "11-9051": Requirement(_SCHOOL, _SOME, _SHORT, 3),
    "11-9081": Requirement(_SCHOOL, _SOME, _SHORT, 3),
    "13": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "15": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "15-1231": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "17-1": Requirement(_BACHELOR, NO_EXPERIENCE, _INTERNSHIP, 4),
    "17-2": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "17-3": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "19": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "19-1012": Requirement(_ASSOCIATE, NO_EXPERIENCE, _MODERATE, 3),
    "21": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "23": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "25-1": Requirement(_DOCTOR, NO_EXPERIENCE, "None", 5),
    "25-2": Requirement(_BACHELOR, NO_EXPERIENCE, _INTERNSHIP, 4),
    "25-2011": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "27": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 4),
    "27-2011": Requirement("Some college, no degree", NO_EXPERIENCE, _LONG, 2),
    "27-4012": Requirement(_ASSOCIATE, NO_EXPERIENCE, _SHORT, 3),
    "29-1": Requirement(_DOCTOR, NO_EXPERIENCE, "None", 5),
    "29-1126": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "29-1141": Requirement(_BACHELOR, NO_EXPERIENCE, "None", 3),
    "29-1215": Requirement(_DOCTOR, NO_EXPERIENCE, _INTERNSHIP, 5),
    "29-2": Requirement(_AWARD, NO_EXPERIENCE, "None", 3),
    "31": Requirement(_AWARD, NO_EXPERIENCE, "None", 3),
    "31-2011": Requirement(_ASSOCIATE, NO_EXPERIENCE, "None", 3),
    "33": Requirement(_SCHOOL, NO_EXPERIENCE, _MODERATE, 3),
    "33-2011": Requirement(_AWARD, NO_EXPERIENCE, _LONG, 3),
    "35": Requirement(_NO_CREDENTIAL, NO_EXPERIENCE, _SHORT, 1),
    "35-1011": Requirement(_SCHOOL, _MUCH, "None", 3),
    "39-5012": Requirement(_AWARD, NO_EXPERIENCE, "None", 3),
    "41-2031": Requirement(_NO_CREDENTIAL, NO_EXPERIENCE, _SHORT, 2),
    "41-4012": Requirement(_SCHOOL, NO_EXPERIENCE, _MODERATE, 4),
    "43-3031": Requirement("Some college, no degree", NO_EXPERIENCE, _MODERATE, 3),
    "47-1": Requirement(_SCHOOL, _MUCH, "None", 3),
    "47-2": Requirement(_SCHOOL, NO_EXPERIENCE, _APPRENTICE, 3),
    "49": Requirement(_AWARD, NO_EXPERIENCE, _LONG, 3),
    "51": Requirement(_SCHOOL, NO_EXPERIENCE, _MODERATE, 2),
    "51-4041": Requirement(_SCHOOL, NO_EXPERIENCE, _LONG, 3),
    "53-3032": Requirement(_AWARD, NO_EXPERIENCE, _SHORT, 2),
    "53-7062": Requirement(_NO_CREDENTIAL, NO_EXPERIENCE, _SHORT, 2),
}
_CLUSTERS: Final = {
    "11": ("Business Management & Administration", "General Management"),
    "11-9013": ("Agriculture, Food & Natural Resources", "Agribusiness Systems"),
    "11-9021": ("Architecture & Construction", "Construction"),
    "11-9081": ("Hospitality & Tourism", "Lodging"),
    "13": ("Business Management & Administration", "Operations Management"),
    "13-2": ("Finance", "Business Finance"),
    "13-2051": ("Finance; Finance", "Securities & Investments; Business Finance"),
    "13-2072": ("Finance; Human Services", "Banking Services; Consumer Services"),
    "15": ("Information Technology", "Programming and Software Development"),
    "17": ("Science, Technology, Engineering & Mathematics", "Engineering and Technology"),
    "17-1": ("Architecture & Construction", "Design/Pre-Construction"),
    "19": ("Science, Technology, Engineering & Mathematics", "Science and Mathematics"),
    "21": ("Human Services", "Family and Community Services"),
    "23": ("Law, Public Safety, Corrections & Security", "Legal Services"),
    "25": ("Education & Training", "Teaching/Training"),
    "27": ("Arts, Audio/Video Technology & Communications", "Visual Arts"),
    "29": ("Health Science", "Therapeutic Services"),
    "31": ("Health Science", "Therapeutic Services"),
    "33": ("Law, Public Safety, Corrections & Security", "Law Enforcement Services"),
    "35": ("Hospitality & Tourism", "Restaurants and Food/Beverage Services"),
    "37": ("Agriculture, Food & Natural Resources", "Plant Systems"),
    "39": ("Human Services", "Personal Care Services"),
    "41": ("Marketing", "Professional Sales"),
    "43": ("Business Management & Administration", "Administrative Support"),
    "45": ("Agriculture, Food & Natural Resources", "Agribusiness Systems"),
    "47": ("Architecture & Construction", "Construction"),
    "49": ("Manufacturing", "Maintenance, Installation & Repair"),
    "51": ("Manufacturing", "Production"),
    "53": ("Transportation, Distribution & Logistics", "Transportation Operations"),
}


def requirement_of(soc_code: str) -> Requirement:
    """Return what an occupation asks for."""
    for length in range(len(soc_code), 1, -1):
        if soc_code[:length] in _REQUIREMENTS:
            return _REQUIREMENTS[soc_code[:length]]
    return _PLAIN


def clusters_of(soc_code: str) -> tuple[str, str]:
    """Return an occupation's clusters and pathways, several separated by `; `."""
    for length in range(len(soc_code), 1, -1):
        if soc_code[:length] in _CLUSTERS:
            return _CLUSTERS[soc_code[:length]]
    raise KeyError(soc_code)
