"""Demographics: studentEducationOrganizationAssociations, one per student and district."""

from functools import lru_cache
from typing import Final

from p20w.synthetic.demographics import CHARACTERISTICS
from p20w.synthetic.edfi.resource import (
    Record,
    Resource,
    finish,
    from_table,
    organization_reference,
    school_year_reference,
    student_reference,
    uri,
)
from p20w.synthetic.people import RACES
from p20w.synthetic.schooling import SCHOOL_YEARS
from p20w.synthetic.state import SyntheticState

REQUEST_SYSTEM: Final = uri("dpi.wi.gov", "StudentIdentificationSystemDescriptor", "NSC Request")
_DISABILITY: Final = uri("ed-fi.org", "DisabilityDescriptor", "Specific Learning Disability")
_DISABILITIES: Final[list[Record]] = [{"disabilityDescriptor": _DISABILITY, "designations": []}]
_EMPTY: Final = (
    "addresses",
    "electronicMails",
    "languages",
    "studentIndicators",
    "telephones",
    "tribalAffiliations",
)


def demographic_resources(state: SyntheticState) -> list[Resource]:
    """Return the resource of demographics."""
    return [
        from_table("studentEducationOrganizationAssociations", state.demographics, _association)
    ]


@lru_cache(maxsize=256)
def _races(mask: int) -> list[Record]:
    return [
        {"raceDescriptor": uri("ed-fi.org", "RaceDescriptor", name)}
        for place, name in enumerate(RACES)
        if mask >> place & 1
    ]


@lru_cache(maxsize=4096)
def _characteristics(economic_years: int, others: int) -> list[Record]:
    """Return characteristics; economic status with one period for each run of school years."""
    names = [name for place, name in enumerate(CHARACTERISTICS) if others >> place & 1]
    records: list[Record] = [
        {"studentCharacteristicDescriptor": _characteristic(name), "periods": []} for name in names
    ]
    if economic_years:
        economic = _characteristic("Economic Disadvantaged")
        periods = _periods(economic_years)
        records.append({"studentCharacteristicDescriptor": economic, "periods": periods})
    return records


def _characteristic(name: str) -> str:
    return uri("ed-fi.org", "StudentCharacteristicDescriptor", name)


def _periods(mask: int) -> list[Record]:
    """Return runs of school years from September 1 to June 30; the last year's run is open."""
    periods: list[Record] = []
    for place, year in enumerate(SCHOOL_YEARS):
        if not mask >> place & 1:
            continue
        if place == 0 or not mask >> (place - 1) & 1:
            periods.append({"beginDate": f"{year - 1}-09-01"})
        periods[-1]["endDate"] = f"{year}-06-30"
    if mask >> (len(SCHOOL_YEARS) - 1) & 1:
        del periods[-1]["endDate"]
    return periods


def _association(row: Record) -> Record:
    district, student = row["district_id"], row["student_id"]
    proficiency = "Limited" if row["is_english_learner"] else "NotLimited"
    return finish(
        "studentEducationOrganizationAssociations",
        (district, student),
        {
            "educationOrganizationReference": organization_reference(
                "localEducationAgencies", "LocalEducationAgency", district
            ),
            "studentReference": student_reference(student),
            "sexDescriptor": uri("ed-fi.org", "SexDescriptor", row["sex"]),
            "hispanicLatinoEthnicity": row["is_hispanic"],
            "limitedEnglishProficiencyDescriptor": uri(
                "ed-fi.org", "LimitedEnglishProficiencyDescriptor", proficiency
            ),
            "races": _races(row["races"]),
            "disabilities": _DISABILITIES if row["has_disability"] else [],
            "studentCharacteristics": _characteristics(
                row["economic_years"], row["characteristics"]
            ),
            "cohortYears": _cohort_years(row["class_of"]),
            "studentIdentificationCodes": _request_codes(row["request_id"]),
            **{name: [] for name in _EMPTY},
        },
    )


@lru_cache(maxsize=64)
def _cohort_years(class_of: int) -> list[Record]:
    kind = uri("ed-fi.org", "CohortYearTypeDescriptor", "Twelfth grade")
    year = school_year_reference(class_of)
    return [{"cohortYearTypeDescriptor": kind, "schoolYearTypeReference": year}]


def _request_codes(request_id: str) -> list[Record]:
    return [
        {
            "assigningOrganizationIdentificationCode": "DPI",
            "studentIdentificationSystemDescriptor": REQUEST_SYSTEM,
            "identificationCode": request_id,
        }
    ]
