"""Arrow tables of what the sources deliver, from the simulated columns."""

from typing import Final

import numpy as np
import pyarrow as pa

from p20w.synthetic.clearinghouse import STATUSES, TITLES, Awards, Links, Terms
from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.columns import Bools, Ints, Words, date_column, rank_within
from p20w.synthetic.coursework import ACADEMIC, RESULTS, TERMS, Attempts, Catalog
from p20w.synthetic.demographics import Demographics
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import SEXES, People
from p20w.synthetic.programs import CREDENTIALS, WORK_TYPES, Associations
from p20w.synthetic.schooling import (
    DIPLOMA_TYPES,
    ENTRY_TYPES,
    EXIT_TYPES,
    FIRST_HIGH_GRADE,
    Diplomas,
    Spans,
)

_LEVEL_TITLES: Final = ("Introduction to", "Principles of", "Capstone in")
_ACADEMIC_SUBJECTS: Final = ("01", "02", "03", "04")


def words_at(words: tuple[str, ...], places: Ints) -> pa.Array:
    """Return a text column that names each place of a code list; null where the place is -1."""
    named: Words = np.array([*words, None], dtype=object)[places]
    return pa.array(named, pa.string())


def enrollments_table(people: People, organizations: Organizations, spans: Spans) -> pa.Table:
    """Return one row per student, school and entry date."""
    return pa.table(
        {
            "student_id": pa.array(people.student_id[spans.student], pa.string()),
            "school_id": organizations.school_id[spans.school],
            "school_year": spans.school_year,
            "grade": spans.grade,
            "entry_date": date_column(spans.entry),
            "exit_date": date_column(spans.exit),
            "exit_type": words_at(EXIT_TYPES, spans.exit_type),
            "entry_type": words_at(ENTRY_TYPES, spans.entry_type),
            "is_primary": spans.is_primary,
            "is_repeat": spans.is_repeat,
            "class_of": people.class_of[spans.student],
        }
    )


def demographics_table(
    people: People,
    organizations: Organizations,
    demographics: Demographics,
    links: Links,
    spans: Spans,
) -> pa.Table:
    """Return one row per student and district of a primary enrollment, for those who have any."""
    rows = np.flatnonzero(spans.is_primary & people.has_associations[spans.student])
    district = organizations.school_district[spans.school[rows]]
    keys = np.unique(spans.student[rows] * 2**20 + district)
    student, place = keys >> 20, keys & (2**20 - 1)
    return pa.table(
        {
            "student_id": pa.array(people.student_id[student], pa.string()),
            "district_id": organizations.district_id[place],
            "sex": words_at(SEXES, people.sex[student]),
            "is_hispanic": people.is_hispanic[student],
            "races": people.races[student],
            "has_disability": people.has_disability[student],
            "is_english_learner": people.is_english_learner[student],
            "economic_years": demographics.economic_years[student],
            "characteristics": demographics.characteristics[student],
            "class_of": people.class_of[student],
            "request_id": pa.array(links.request_id[student], pa.string()),
        }
    )


def course_words(catalog: Catalog) -> tuple[Words, Words, Words]:
    """Return code, title and SCED code of each course; codes are unique within a district."""
    codes, titles, sced = [], [], []
    for cluster, level in zip(catalog.cluster.tolist(), catalog.level.tolist(), strict=True):
        if cluster < 0:
            place = level - FIRST_HIGH_GRADE
            codes.append(f"ACA{level:02d}")
            titles.append(ACADEMIC[place])
            sced.append(f"{_ACADEMIC_SUBJECTS[place]}{level:03d}")
        else:
            found = CLUSTERS[cluster]
            codes.append(f"{found.short}{level + 1:02d}")
            titles.append(f"{_LEVEL_TITLES[level]} {found.name}")
            sced.append(f"{found.subject}{100 * level + cluster + 1:03d}")
    words = (np.array(column, dtype=object) for column in (codes, titles, sced))
    code, title, subject = words
    return code, title, subject


def courses_table(organizations: Organizations, catalog: Catalog) -> pa.Table:
    """Return one row per district and course."""
    code, title, sced = course_words(catalog)
    names = tuple(cluster.name for cluster in CLUSTERS)
    return pa.table(
        {
            "district_id": organizations.district_id[catalog.district],
            "course_code": pa.array(code, pa.string()),
            "title": pa.array(title, pa.string()),
            "sced_code": pa.array(sced, pa.string()),
            "cluster": words_at(names, catalog.cluster),
        }
    )


def attempt_tables(
    people: People, organizations: Organizations, catalog: Catalog, attempts: Attempts
) -> dict[str, pa.Table]:
    """Return `attempts` (one row per student, course and year) and the `sections` they fill."""
    code, _, _ = course_words(catalog)
    is_cte = catalog.cluster[attempts.course] >= 0
    columns = {
        "school_id": organizations.school_id[attempts.school],
        "district_id": organizations.district_id[catalog.district[attempts.course]],
        "school_year": attempts.school_year,
        "course_code": pa.array(code[attempts.course], pa.string()),
        "term": words_at(TERMS, attempts.term),
        "section": attempts.section,
    }
    taken = pa.table(
        {
            "student_id": pa.array(people.student_id[attempts.student], pa.string()),
            **columns,
            "grade": attempts.grade,
            "begin_date": date_column(attempts.begin),
            "end_date": date_column(attempts.end),
            "result": words_at(RESULTS, attempts.result),
            "credits": np.where(is_cte, 0.5, 1.0),
        }
    )
    key = _section_key(attempts)
    first = np.sort(np.unique(key, return_index=True)[1])
    sections = pa.table(columns).take(pa.array(first))
    return {"attempts": taken, "sections": sections}


def _section_key(attempts: Attempts) -> Ints:
    base = attempts.course * 8 + attempts.school_year % 8
    return ((base * len(TERMS) + attempts.term) * 4096 + attempts.section) * 2**13 + attempts.school


def records_table(
    people: People, organizations: Organizations, spans: Spans, high: Ints, diplomas: Diplomas
) -> pa.Table:
    """Return academic records: one row per student of grades 9 to 12 and school year.

    Args:
        people: the students.
        organizations: the schools.
        spans: all spans.
        high: rows of the accountable spans of grades 9 to 12, by school year and student.
        diplomas: the diplomas; each is in the record of its school year.
    """
    student, year = spans.student[high], spans.school_year[high]
    key = year * 2**40 + student
    at = np.searchsorted(key, diplomas.school_year * 2**40 + diplomas.student)
    kind = np.full(len(high), -1)
    awarded = np.full(len(high), np.datetime64("NaT", "D"))
    kind[at], awarded[at] = diplomas.kind, diplomas.awarded
    return pa.table(
        {
            "student_id": pa.array(people.student_id[student], pa.string()),
            "school_id": organizations.school_id[spans.school[high]],
            "school_year": year,
            "diploma": words_at(DIPLOMA_TYPES, kind),
            "awarded": date_column(awarded),
        }
    )


def associations_table(
    people: People, organizations: Organizations, associations: Associations
) -> pa.Table:
    """Return one row per CTE association."""
    return pa.table(
        {
            "student_id": pa.array(people.student_id[associations.student], pa.string()),
            "district_id": organizations.district_id[associations.district],
            "school_year": associations.school_year,
            "clusters": associations.clusters,
            "is_nontraditional": associations.is_nontraditional,
            "work_type": words_at(WORK_TYPES, associations.work),
            "hours": associations.hours,
            "credential": words_at(CREDENTIALS, associations.credential),
        }
    )


def search_table(people: People, diplomas: Diplomas, links: Links) -> pa.Table:
    """Return whom the clearinghouse was asked for, in the order of the students."""
    order = diplomas.student.argsort(kind="stable")
    order = order[links.is_searched[diplomas.student[order]]]
    student = diplomas.student[order]
    return pa.table(
        {
            "student": student,
            "first_name": pa.array(people.first_name[student], pa.string()),
            "middle_name": pa.array(people.middle_name[student], pa.string()),
            "last_name": pa.array(people.last_name[student], pa.string()),
            "return_id": pa.array(links.return_id[student], pa.string()),
            "awarded": date_column(diplomas.awarded[order]),
        }
    )


def college_tables(terms: Terms, awards: Awards, is_searched: Bools) -> dict[str, pa.Table]:
    """Return `college_terms` and `college_awards` of searched students, by student and date."""
    kept = np.flatnonzero(is_searched[terms.student])
    kept = kept[np.lexsort((terms.begin[kept], terms.student[kept]))]
    told = np.flatnonzero(is_searched[awards.student])
    told = told[np.lexsort((awards.awarded[told], awards.student[told]))]
    sequence = rank_within(terms.student[kept] * 2**10 + terms.college[kept])
    return {
        "college_terms": pa.table(
            {
                "student": terms.student[kept],
                "college": terms.college[kept],
                "begin": date_column(terms.begin[kept]),
                "end": date_column(terms.end[kept]),
                "status": words_at(STATUSES, terms.status[kept]),
                "class_level": words_at(("F", "S", "J", "R"), terms.place[kept]),
                "major": terms.major[kept],
                "is_first": sequence == 0,
                "reported": date_column(terms.reported[kept]),
            }
        ),
        "college_awards": pa.table(
            {
                "student": awards.student[told],
                "college": awards.college[told],
                "awarded": date_column(awards.awarded[told]),
                "title": words_at(TITLES, awards.kind[told]),
                "major": awards.major[told],
                "reported": date_column(awards.reported[told]),
            }
        ),
    }
