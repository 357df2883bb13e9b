"""Descriptor resources: the code lists that the records use, and a few codes they do not."""

from typing import Final

from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.coursework import RESULTS, TERMS
from p20w.synthetic.demographics import CHARACTERISTICS
from p20w.synthetic.edfi.resource import GRADE_LEVELS, Owner, Record, Resource, finish, from_records
from p20w.synthetic.people import RACES, SEXES
from p20w.synthetic.schooling import DIPLOMA_TYPES, ENTRY_TYPES, EXIT_TYPES

_CLUSTER_NAMES: Final = (*(cluster.name for cluster in CLUSTERS), "Other")
_CODES: Final[dict[str, tuple[str, ...]]] = {
    "careerPathway": _CLUSTER_NAMES,
    "cohortYearType": ("Ninth grade", "Twelfth grade"),
    "courseAttemptResult": RESULTS,
    "creditType": ("Carnegie unit",),
    "cteProgramService": _CLUSTER_NAMES,
    "diplomaType": (*DIPLOMA_TYPES, "State Defined Alternate Diploma"),
    "disability": ("Specific Learning Disability", "Autism", "Speech or Language Impairment"),
    "educationOrganizationCategory": (
        "Education Service Center",
        "Local Education Agency",
        "School",
        "State Education Agency",
    ),
    "entryType": ENTRY_TYPES,
    "exitWithdrawType": (*EXIT_TYPES, "Invalid enrollment"),
    "gradeLevel": GRADE_LEVELS,
    "limitedEnglishProficiency": ("Limited", "NotLimited"),
    "localEducationAgencyCategory": (
        "Regular public school district",
        "Independent charter district",
    ),
    "methodCreditEarned": ("Classroom credit", "Online credit"),
    "operationalStatus": ("Active", "Closed"),
    "programType": ("Career and Technical Education", "Special Education"),
    "race": RACES,
    "schoolCategory": ("Elementary School", "High School"),
    "schoolType": ("Regular",),
    "sex": SEXES,
    "studentCharacteristic": (*CHARACTERISTICS, "Economic Disadvantaged"),
    "term": TERMS,
}
_STATE_CODES: Final[dict[str, tuple[str, ...]]] = {
    "courseIdentificationSystem": ("SCED",),
    "educationOrganizationIdentificationSystem": ("SEA",),
    "studentIdentificationSystem": ("NSC Request", "State"),
}


def descriptor_resources() -> list[Resource]:
    """Return one resource for each descriptor, `gradeLevelDescriptors` and so on."""
    owned: tuple[tuple[Owner, dict[str, tuple[str, ...]]], ...] = (
        ("ed-fi.org", _CODES),
        ("dpi.wi.gov", _STATE_CODES),
    )
    return [
        from_records(f"{name}Descriptors", _records(owner, name, codes))
        for owner, lists in owned
        for name, codes in lists.items()
    ]


def _records(owner: Owner, name: str, codes: tuple[str, ...]) -> list[Record]:
    capital = name[0].upper() + name[1:]
    namespace = (
        f"uri://{owner}/{'CTEProgramService' if capital.startswith('Cte') else capital}Descriptor"
    )
    key = f"{name}DescriptorId"
    resource = f"{name}Descriptors"
    return [
        finish(
            resource,
            (namespace, code),
            {
                key: place,
                "namespace": namespace,
                "codeValue": code,
                "shortDescription": code[:75],
                "description": code,
            },
        )
        for place, code in enumerate(codes, start=1)
    ]
