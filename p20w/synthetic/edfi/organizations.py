"""Agencies and schools: educationServiceCenters, localEducationAgencies, schools."""

from typing import Final

from p20w.synthetic.edfi.resource import (
    SERVICE_CENTER_BASE,
    STATE_AGENCY_ID,
    Record,
    Resource,
    finish,
    from_records,
    from_table,
    grade_level,
    reference,
    uri,
)
from p20w.synthetic.geography import CESA_NUMBERS
from p20w.synthetic.state import SyntheticState

_CATEGORY: Final = "educationOrganizationCategoryDescriptor"
_STATE: Final = uri("ed-fi.org", "StateAbbreviationDescriptor", "WI")


def organization_resources(state: SyntheticState) -> list[Resource]:
    """Return the resources of education organizations."""
    county = dict(
        zip(
            state.districts["district_id"].to_pylist(),
            state.districts["county_fips"].to_pylist(),
            strict=True,
        )
    )

    def school(row: Record) -> Record:
        return _school(row, county[row["district_id"]])

    centers = [_service_center(number) for number in CESA_NUMBERS]
    return [
        from_records("educationServiceCenters", centers),
        from_table("localEducationAgencies", state.districts, _agency),
        from_table("schools", state.schools, school),
    ]


def _category(code: str) -> list[Record]:
    return [{_CATEGORY: uri("ed-fi.org", "EducationOrganizationCategoryDescriptor", code)}]


def _codes(code: str) -> list[Record]:
    system = uri("dpi.wi.gov", "EducationOrganizationIdentificationSystemDescriptor", "SEA")
    return [
        {"educationOrganizationIdentificationSystemDescriptor": system, "identificationCode": code}
    ]


def _address(county_name: str, county_fips: str) -> list[Record]:
    return [
        {
            "addressTypeDescriptor": uri("ed-fi.org", "AddressTypeDescriptor", "Physical"),
            "stateAbbreviationDescriptor": _STATE,
            "streetNumberName": "100 School Road",
            "city": county_name,
            "postalCode": "00000",
            "nameOfCounty": county_name,
            "countyFIPSCode": county_fips,
            "periods": [],
        }
    ]


def _state_agency() -> Record:
    return reference(
        "stateEducationAgencies",
        "StateEducationAgency",
        {"stateEducationAgencyId": STATE_AGENCY_ID},
    )


def _service_center(number: int) -> Record:
    identity = SERVICE_CENTER_BASE + number
    return finish(
        "educationServiceCenters",
        (identity,),
        {
            "educationServiceCenterId": identity,
            "nameOfInstitution": f"CESA {number:02d}",
            "categories": _category("Education Service Center"),
            "identificationCodes": _codes(f"{number:02d}"),
            "stateEducationAgencyReference": _state_agency(),
        },
    )


def _agency(row: Record) -> Record:
    center = {"educationServiceCenterId": SERVICE_CENTER_BASE + row["cesa"]}
    return finish(
        "localEducationAgencies",
        (row["district_id"],),
        {
            "localEducationAgencyId": row["district_id"],
            "nameOfInstitution": row["district_name"],
            "localEducationAgencyCategoryDescriptor": uri(
                "ed-fi.org",
                "LocalEducationAgencyCategoryDescriptor",
                "Regular public school district",
            ),
            "operationalStatusDescriptor": uri(
                "ed-fi.org", "OperationalStatusDescriptor", "Active"
            ),
            "educationServiceCenterReference": reference(
                "educationServiceCenters", "EducationServiceCenter", center
            ),
            "stateEducationAgencyReference": _state_agency(),
            "categories": _category("Local Education Agency"),
            "addresses": _address(row["county_name"], row["county_fips"]),
            "identificationCodes": _codes(row["district_code"]),
        },
    )


def _school(row: Record, county_fips: str) -> Record:
    agency = {"localEducationAgencyId": row["district_id"]}
    grades = range(row["lowest_grade"], row["highest_grade"] + 1)
    kind = "High School" if row["lowest_grade"] else "Elementary School"
    return finish(
        "schools",
        (row["school_id"],),
        {
            "schoolId": row["school_id"],
            "nameOfInstitution": row["school_name"],
            "localEducationAgencyReference": reference(
                "localEducationAgencies", "LocalEducationAgency", agency
            ),
            "schoolTypeDescriptor": uri("ed-fi.org", "SchoolTypeDescriptor", "Regular"),
            "operationalStatusDescriptor": uri(
                "ed-fi.org", "OperationalStatusDescriptor", "Active"
            ),
            "educationOrganizationCategories": _category("School"),
            "schoolCategories": [
                {"schoolCategoryDescriptor": uri("ed-fi.org", "SchoolCategoryDescriptor", kind)}
            ],
            "gradeLevels": [{"gradeLevelDescriptor": grade_level(grade)} for grade in grades],
            "addresses": _address(row["county_name"], county_fips),
            "identificationCodes": _codes(f"{row['district_code']}-{row['school_code']}"),
        },
    )
