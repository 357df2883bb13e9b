"""Persons and their enrollments: students, studentSchoolAssociations."""

from p20w.synthetic.edfi.resource import (
    Record,
    Resource,
    finish,
    from_table,
    grade_level,
    school_reference,
    school_year_reference,
    student_reference,
    uri,
)
from p20w.synthetic.state import SyntheticState


def student_resources(state: SyntheticState) -> list[Resource]:
    """Return the resources of students and their enrollment spans."""
    return [
        from_table("students", state.students, _student),
        from_table("studentSchoolAssociations", state.enrollments, _enrollment),
    ]


def _student(row: Record) -> Record:
    return finish(
        "students",
        (row["student_id"],),
        {
            "studentUniqueId": row["student_id"],
            "firstName": row["first_name"],
            "middleName": row["middle_name"],
            "lastSurname": row["last_name"],
            "birthDate": row["birth_date"].isoformat(),
            "identificationDocuments": [],
            "otherNames": [],
            "personalIdentificationDocuments": [],
            "visas": [],
        },
    )


def _enrollment(row: Record) -> Record:
    entry = row["entry_date"].isoformat()
    exit_type = uri("ed-fi.org", "ExitWithdrawTypeDescriptor", row["exit_type"])
    return finish(
        "studentSchoolAssociations",
        (row["school_id"], row["student_id"], entry),
        {
            "entryDate": entry,
            "schoolReference": school_reference(row["school_id"]),
            "studentReference": student_reference(row["student_id"]),
            "schoolYearTypeReference": school_year_reference(row["school_year"]),
            "classOfSchoolYearTypeReference": school_year_reference(row["class_of"]),
            "entryGradeLevelDescriptor": grade_level(row["grade"]),
            "entryTypeDescriptor": uri("ed-fi.org", "EntryTypeDescriptor", row["entry_type"]),
            "exitWithdrawDate": row["exit_date"].isoformat(),
            "exitWithdrawTypeDescriptor": exit_type,
            "fullTimeEquivalency": 1.0 if row["is_primary"] else 0.25,
            "primarySchool": row["is_primary"],
            "repeatGradeIndicator": row["is_repeat"],
            "alternativeGraduationPlans": [],
            "educationPlans": [],
        },
    )
