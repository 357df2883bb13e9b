"""Demographics: studentEducationOrganizationAssociations, one per student and district."""

from functools import lru_cache

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

REQUEST_SYSTEM = uri("dpi.wi.gov", "StudentIdentificationSystemDescriptor", "NSC Request")


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
    district = row["district_id"]
    disability = uri("ed-fi.org", "DisabilityDescriptor", "Specific Learning Disability")
    proficiency = "Limited" if row["is_english_learner"] else "NotLimited"
    codes = [
        {
            "assigningOrganizationIdentificationCode": "DPI",
            "studentIdentificationSystemDescriptor": REQUEST_SYSTEM,
            "identificationCode": row["request_id"],
        }
    ]
    cohort = {
        "cohortYearTypeDescriptor": uri("ed-fi.org", "CohortYearTypeDescriptor", "Twelfth grade"),
        "schoolYearTypeReference": school_year_reference(row["class_of"]),
    }
    return finish(
        "studentEducationOrganizationAssociations",
        (district, row["student_id"]),
        {
            "educationOrganizationReference": organization_reference(
                "localEducationAgencies", "LocalEducationAgency", district
            ),
            "studentReference": student_reference(row["student_id"]),
            "sexDescriptor": uri("ed-fi.org", "SexDescriptor", row["sex"]),
            "hispanicLatinoEthnicity": row["is_hispanic"],
            "limitedEnglishProficiencyDescriptor": uri(
                "ed-fi.org", "LimitedEnglishProficiencyDescriptor", proficiency
            ),
            "races": _races(row["races"]),
            "disabilities": (
                [{"disabilityDescriptor": disability, "designations": []}]
                if row["has_disability"]
                else []
            ),
            "studentCharacteristics": _characteristics(
                row["economic_years"], row["characteristics"]
            ),
            "cohortYears": [cohort],
            "studentIdentificationCodes": codes,
            "addresses": [],
            "electronicMails": [],
            "languages": [],
            "studentIndicators": [],
            "telephones": [],
            "tribalAffiliations": [],
        },
    )
