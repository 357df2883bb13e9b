"""Programs and records: programs, studentCTEProgramAssociations, studentAcademicRecords."""

from functools import lru_cache
from typing import Final

import pyarrow.compute as pc

from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.edfi.courses import RECORD_TERM
from p20w.synthetic.edfi.resource import (
    Record,
    Resource,
    finish,
    from_table,
    organization_reference,
    reference,
    school_year_reference,
    student_reference,
    uri,
)
from p20w.synthetic.programs import PROGRAM_NAME
from p20w.synthetic.state import SyntheticState

_PROGRAM_TYPE: Final = uri("ed-fi.org", "ProgramTypeDescriptor", "Career and Technical Education")


def record_resources(state: SyntheticState) -> list[Resource]:
    """Return the resources of CTE programs and academic records."""
    taking_part = state.districts.filter(pc.field("in_perkins"))
    return [
        from_table("programs", taking_part, _program),
        from_table("studentCTEProgramAssociations", state.associations, _association),
        from_table("studentAcademicRecords", state.records, _record),
    ]


def _program_key(district: int) -> Record:
    return {
        "educationOrganizationId": district,
        "programName": PROGRAM_NAME,
        "programTypeDescriptor": _PROGRAM_TYPE,
    }


def _program(row: Record) -> Record:
    key = _program_key(row["district_id"])
    return finish(
        "programs",
        tuple(key.values()),
        {
            "programName": PROGRAM_NAME,
            "programTypeDescriptor": _PROGRAM_TYPE,
            "educationOrganizationReference": organization_reference(
                "localEducationAgencies", "LocalEducationAgency", row["district_id"]
            ),
            "characteristics": [],
            "learningStandards": [],
            "sponsors": [],
        },
    )


@lru_cache(maxsize=4096)
def _services(mask: int) -> list[Record]:
    chosen = [cluster for place, cluster in enumerate(CLUSTERS) if mask >> place & 1]
    return [
        {
            "cteProgramServiceDescriptor": uri(
                "ed-fi.org", "CTEProgramServiceDescriptor", cluster.name
            ),
            "cipCode": cluster.cip_code,
            "primaryIndicator": cluster is chosen[0],
        }
        for cluster in chosen
    ]


def _association(row: Record) -> Record:
    district = row["district_id"]
    begin = f"{row['school_year'] - 1}-09-01"
    return finish(
        "studentCTEProgramAssociations",
        (begin, district, *_program_key(district).values(), row["student_id"]),
        {
            "beginDate": begin,
            "endDate": f"{row['school_year']}-06-07",
            "educationOrganizationReference": organization_reference(
                "localEducationAgencies", "LocalEducationAgency", district
            ),
            "programReference": reference("programs", "Program", _program_key(district)),
            "studentReference": student_reference(row["student_id"]),
            "cteProgramServices": _services(row["clusters"]),
            "nonTraditionalGenderStatus": row["is_nontraditional"],
            "privateCTEProgram": False,
            "programParticipationStatuses": [],
            "_ext": {"wisconsin": {**_work(row), **_credential(row)}},
        },
    )


def _work(row: Record) -> Record:
    if row["work_type"] is None:
        return {"workBasedLearnings": []}
    kind = uri("dpi.wi.gov", "WorkBasedLearningTypeDescriptor", row["work_type"])
    return {
        "workBasedLearnings": [{"workBasedLearningTypeDescriptor": kind, "hours": row["hours"]}]
    }


def _credential(row: Record) -> Record:
    if row["credential"] is None:
        return {"industryRecognizedCredentials": []}
    kind = uri("dpi.wi.gov", "CertificationTypeDescriptor", row["credential"])
    issued = f"{row['school_year']}-05-15"
    return {
        "industryRecognizedCredentials": [
            {"certificationTypeDescriptor": kind, "issuedDate": issued}
        ]
    }


def _record(row: Record) -> Record:
    school, year, student = row["school_id"], row["school_year"], row["student_id"]
    return finish(
        "studentAcademicRecords",
        (school, year, student, RECORD_TERM),
        {
            "educationOrganizationReference": organization_reference("schools", "School", school),
            "schoolYearTypeReference": school_year_reference(year),
            "studentReference": student_reference(student),
            "termDescriptor": RECORD_TERM,
            "diplomas": _diplomas(row),
            "academicHonors": [],
            "gradePointAverages": [],
            "recognitions": [],
            "reportCards": [],
        },
    )


def _diplomas(row: Record) -> list[Record]:
    if row["diploma"] is None:
        return []
    return [
        {
            "diplomaTypeDescriptor": uri("ed-fi.org", "DiplomaTypeDescriptor", row["diploma"]),
            "diplomaAwardDate": row["awarded"].isoformat(),
        }
    ]
