"""Courses: courses, sessions, offerings, sections, section associations, transcripts."""

from functools import lru_cache
from typing import Final

import pyarrow as pa

from p20w.synthetic.coursework import TERMS
from p20w.synthetic.edfi.resource import (
    Record,
    Resource,
    finish,
    from_table,
    grade_level,
    organization_reference,
    record_id,
    school_reference,
    school_year_reference,
    student_reference,
    uri,
)
from p20w.synthetic.state import SyntheticState

RECORD_TERM: Final = uri("ed-fi.org", "TermDescriptor", "Year Round")
_CREDIT: Final = uri("ed-fi.org", "CreditTypeDescriptor", "Carnegie unit")
_LETTERS: Final = {"Pass": "B", "Fail": "F", "Withdrawn": "W", "Incomplete": "I"}


def course_resources(state: SyntheticState) -> list[Resource]:
    """Return the resources of courses and of what students did in them."""
    sections = state.sections
    titles = _titles(state.courses)

    def transcript(row: Record) -> Record:
        return _transcript(row, titles[row["district_id"], row["course_code"]])

    return [
        from_table("courses", state.courses, _course),
        from_table("sessions", _distinct(sections, ["school_id", "school_year", "term"]), _session),
        from_table(
            "courseOfferings",
            _distinct(sections, ["school_id", "school_year", "term", "district_id", "course_code"]),
            _offering,
        ),
        from_table("sections", sections, _section),
        from_table("studentSectionAssociations", state.attempts, _section_association),
        from_table("courseTranscripts", state.attempts, transcript),
    ]


def _distinct(table: pa.Table, keys: list[str]) -> pa.Table:
    return table.group_by(keys, use_threads=False).aggregate([])


def _titles(courses: pa.Table) -> dict[tuple[int, str], str]:
    columns = (courses[name].to_pylist() for name in ("district_id", "course_code", "title"))
    return {(district, code): title for district, code, title in zip(*columns, strict=True)}


@lru_cache(maxsize=64)
def session_name(school_year: int, term: str) -> str:
    """Return for instance `2023-24 Fall Semester`."""
    return f"{school_year - 1}-{school_year % 100:02d} {term}"


def _session_key(row: Record) -> Record:
    return {
        "schoolId": row["school_id"],
        "schoolYear": row["school_year"],
        "sessionName": session_name(row["school_year"], row["term"]),
    }


def _linked(resource: str, relation: str, key: Record) -> Record:
    href = f"/ed-fi/{resource}/{record_id(resource, *key.values())}"
    return {**key, "link": {"rel": relation, "href": href}}


def _course_reference(row: Record) -> Record:
    key = {"courseCode": row["course_code"], "educationOrganizationId": row["district_id"]}
    return _linked("courses", "Course", key)


def _course(row: Record) -> Record:
    system = uri("dpi.wi.gov", "CourseIdentificationSystemDescriptor", "SCED")
    cluster = row["cluster"]
    return finish(
        "courses",
        (row["course_code"], row["district_id"]),
        {
            "courseCode": row["course_code"],
            "courseTitle": row["title"],
            "educationOrganizationReference": organization_reference(
                "localEducationAgencies", "LocalEducationAgency", row["district_id"]
            ),
            "identificationCodes": [
                {
                    "courseIdentificationSystemDescriptor": system,
                    "identificationCode": row["sced_code"],
                }
            ],
            "careerPathwayDescriptor": (
                uri("ed-fi.org", "CareerPathwayDescriptor", cluster) if cluster else None
            ),
            "numberOfParts": 1,
            "maximumAvailableCredits": 0.5 if cluster else 1.0,
            "academicSubjects": [],
            "competencyLevels": [],
            "learningStandards": [],
            "levelCharacteristics": [],
            "offeredGradeLevels": [],
        },
    )


def _session(row: Record) -> Record:
    year = row["school_year"]
    days = {
        "Fall Semester": (f"{year - 1}-09-01", f"{year}-01-17"),
        "Spring Semester": (f"{year}-01-21", f"{year}-06-07"),
        "Year Round": (f"{year - 1}-09-01", f"{year}-06-07"),
    }
    begin, end = days[row["term"]]
    key = _session_key(row)
    return finish(
        "sessions",
        tuple(key.values()),
        {
            "sessionName": key["sessionName"],
            "schoolReference": school_reference(row["school_id"]),
            "schoolYearTypeReference": school_year_reference(year),
            "termDescriptor": uri("ed-fi.org", "TermDescriptor", row["term"]),
            "beginDate": begin,
            "endDate": end,
            "totalInstructionalDays": 175 if row["term"] == TERMS[-1] else 87,
            "academicWeeks": [],
            "gradingPeriods": [],
        },
    )


def _offering_key(row: Record) -> Record:
    return {"localCourseCode": row["course_code"], **_session_key(row)}


def _offering(row: Record) -> Record:
    return finish(
        "courseOfferings",
        tuple(_offering_key(row).values()),
        {
            "localCourseCode": row["course_code"],
            "courseReference": _course_reference(row),
            "schoolReference": school_reference(row["school_id"]),
            "sessionReference": _linked("sessions", "Session", _session_key(row)),
            "courseLevelCharacteristics": [],
            "curriculumUseds": [],
            "offeredGradeLevels": [],
        },
    )


def _section_key(row: Record) -> Record:
    key = _session_key(row)
    return {
        "localCourseCode": row["course_code"],
        "schoolId": key["schoolId"],
        "schoolYear": key["schoolYear"],
        "sectionIdentifier": f"{row['course_code']}-{row['section'] + 1}",
        "sessionName": key["sessionName"],
    }


def _section(row: Record) -> Record:
    key = _section_key(row)
    return finish(
        "sections",
        tuple(key.values()),
        {
            "sectionIdentifier": key["sectionIdentifier"],
            "courseOfferingReference": _linked(
                "courseOfferings", "CourseOffering", _offering_key(row)
            ),
            "characteristics": [],
            "classPeriods": [],
            "courseLevelCharacteristics": [],
            "offeredGradeLevels": [],
            "programs": [],
        },
    )


def _section_association(row: Record) -> Record:
    key = _section_key(row)
    begin = row["begin_date"].isoformat()
    return finish(
        "studentSectionAssociations",
        (begin, *key.values(), row["student_id"]),
        {
            "beginDate": begin,
            "endDate": row["end_date"].isoformat(),
            "sectionReference": _linked("sections", "Section", key),
            "studentReference": student_reference(row["student_id"]),
            "homeroomIndicator": False,
            "programs": [],
        },
    )


def _transcript(row: Record, title: str) -> Record:
    record = {
        "educationOrganizationId": row["school_id"],
        "schoolYear": row["school_year"],
        "studentUniqueId": row["student_id"],
        "termDescriptor": RECORD_TERM,
    }
    result = uri("ed-fi.org", "CourseAttemptResultDescriptor", row["result"])
    passed = row["result"] == "Pass"
    return finish(
        "courseTranscripts",
        (result, row["course_code"], row["district_id"], *record.values()),
        {
            "courseAttemptResultDescriptor": result,
            "courseReference": _course_reference(row),
            "studentAcademicRecordReference": _linked(
                "studentAcademicRecords", "StudentAcademicRecord", record
            ),
            "courseTitle": title,
            "attemptedCredits": row["credits"],
            "attemptedCreditTypeDescriptor": _CREDIT,
            "earnedCredits": row["credits"] if passed else 0.0,
            "earnedCreditTypeDescriptor": _CREDIT,
            "finalLetterGradeEarned": _LETTERS[row["result"]],
            "methodCreditEarnedDescriptor": uri(
                "ed-fi.org", "MethodCreditEarnedDescriptor", "Classroom credit"
            ),
            "whenTakenGradeLevelDescriptor": grade_level(row["grade"]),
            "academicSubjects": [],
            "creditCategories": [],
            "earnedAdditionalCredits": [],
        },
    )
