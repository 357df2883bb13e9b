"""The truth per person: what a student was in a school year, a class, a cohort. See `truth`."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from p20w.synthetic.clearinghouse import LINK_OK, LINKS, RETURN_DATES, STATUSES
from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.columns import Bools, Days, Ints, Words, date_column, day, in_days
from p20w.synthetic.coursework import PASS
from p20w.synthetic.demographics import UNKNOWN, is_disadvantaged, race_ethnicity
from p20w.synthetic.people import SEXES
from p20w.synthetic.schooling import (
    DIED,
    DIPLOMA_TYPES,
    FIRST_HIGH_GRADE,
    REGULAR,
    SCHOOL_YEARS,
    TRANSFERRED,
)
from p20w.synthetic.tables import words_at
from p20w.synthetic.world import World

FIRST_PASS_YEAR: Final = 2022  # before it, taking a course made a participant
CONCENTRATOR_COURSES: Final = 2
CONCENTRATOR_GRADE: Final = 11


def _school_columns(world: World, school: Ints) -> dict[str, pa.Array]:
    organizations = world.organizations
    return {
        "school_id": pa.array(organizations.school_id[school]),
        "district_id": pa.array(organizations.district_id[organizations.school_district[school]]),
    }


def cluster_rows(world: World) -> pa.Table:
    """Count CTE courses per student, year and cluster, to date too."""
    attempts, catalog = world.attempts, world.catalog
    cluster = catalog.cluster[attempts.course]
    tried = np.zeros((len(world.people), len(CLUSTERS)), dtype=np.int8)
    passed = tried.copy()
    concentrated = np.zeros(tried.shape, dtype=np.bool_)
    parts = []
    for year in SCHOOL_YEARS:
        now_tried, now_passed = np.zeros_like(tried), np.zeros_like(passed)
        rows = np.flatnonzero((attempts.school_year == year) & (cluster >= 0))
        place = (attempts.student[rows], cluster[rows])
        np.add.at(now_tried, place, 1)
        np.add.at(now_passed, place, (attempts.result[rows] == PASS).astype(np.int8))
        counted = now_passed if year >= FIRST_PASS_YEAR else now_tried
        tried += now_tried
        passed += now_passed
        here = world.accountable[world.spans.school_year[world.accountable] == year]
        here = here[world.spans.grade[here] >= FIRST_HIGH_GRADE]
        row, place_of = np.nonzero(tried[world.spans.student[here]])
        at = (world.spans.student[here][row], place_of)
        enough = passed[at] >= CONCENTRATOR_COURSES
        senior = world.spans.grade[here][row] >= CONCENTRATOR_GRADE
        concentrated[at] |= enough & senior
        school = world.spans.school[here][row]
        names = tuple(found.name for found in CLUSTERS)
        parts.append(
            pa.table(
                {
                    "student_id": pa.array(world.people.student_id[at[0]], pa.string()),
                    "school_year": np.full(len(row), year),
                    **_school_columns(world, school),
                    "cluster": words_at(names, place_of),
                    "attempted": now_tried[at],
                    "passed": now_passed[at],
                    "passed_to_date": passed[at],
                    "is_participant": counted[at] > 0,
                    "is_concentrator": concentrated[at],
                }
            )
        )
    return pa.concat_tables(parts)


def person_year_rows(world: World, clusters: pa.Table) -> pa.Table:
    """Describe every student in every school year."""
    spans, rows = world.spans, world.accountable
    student, year = spans.student[rows], spans.school_year[rows]
    table = pa.table(
        {
            "student_id": pa.array(world.people.student_id[student], pa.string()),
            "school_year": year,
            **_school_columns(world, spans.school[rows]),
            "grade": spans.grade[rows],
            "count_date_school_id": _count_date_school(world, student, year),
            **_groups(world, student, year),
        }
    )
    keys = ["student_id", "school_year"]
    flags = ["is_participant", "is_concentrator"]
    person = clusters.group_by(keys).aggregate(
        [(flag, "max") for flag in flags] + [("attempted", "sum")]
    )
    person = person.rename_columns([*keys, *flags, "cte_attempted"])
    joined = table.join(person, keys).sort_by(
        [("school_year", "ascending"), ("student_id", "ascending")]
    )
    for name, missing in (*((flag, False) for flag in flags), ("cte_attempted", 0)):
        place = joined.schema.get_field_index(name)
        joined = joined.set_column(place, name, pc.fill_null(joined[name], missing))
    return joined


def third_friday(school_year: int) -> np.datetime64:
    """Return the count date of a school year: the third Friday of September."""
    first = day(f"{school_year - 1}-09-01")
    weekday = (int(first.astype(np.int64)) + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    return first + np.timedelta64((4 - weekday) % 7 + 14, "D")


def _count_date_school(world: World, student: Ints, year: Ints) -> pa.Array:
    """Return the school of the primary enrollment on the count date, null for none."""
    spans = world.spans
    dates = np.array([third_friday(y) for y in SCHOOL_YEARS])
    date = dates[spans.school_year - SCHOOL_YEARS[0]]
    rows = np.flatnonzero(spans.is_primary & (spans.entry <= date) & (date <= spans.exit))
    key = spans.school_year[rows] * 2**40 + spans.student[rows]
    order = np.argsort(key, kind="stable")
    key, school = key[order], world.organizations.school_id[spans.school[rows[order]]]
    wanted = year * 2**40 + student
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return pa.array(school[at], mask=key[at] != wanted)


def _groups(world: World, student: Ints, year: Ints) -> dict[str, pa.Array]:
    """Return the member of each reporting factor; Unknown where nothing was reported."""
    people = world.people
    known = people.has_associations[student]
    sexes: Words = np.array([*SEXES[:-1], UNKNOWN], dtype=object)[people.sex[student]]
    columns: dict[str, Words] = {
        "sex": sexes,
        "race_ethnicity": race_ethnicity(people)[student],
        "economic_status": _named(
            is_disadvantaged(world.demographics, student, year), "Economically Disadvantaged"
        ),
        "disability_status": _named(people.has_disability[student], "With Disability"),
        "english_learner_status": _named(people.is_english_learner[student], "English Learner"),
    }
    return {
        name: pa.array(np.where(known, words, UNKNOWN), pa.string())
        for name, words in columns.items()
    }


def _named(flags: Bools, name: str) -> Words:
    return np.where(flags, np.array(name, dtype=object), np.array(f"Not {name}", dtype=object))


def graduate_rows(world: World) -> pa.Table:
    """Follow every diploma into the last clearinghouse return."""
    diplomas, links = world.diplomas, world.links
    student = diplomas.student
    kind = links.kind[student]
    begins, last, at = _counted_terms(world)
    awarded = diplomas.awarded[at]
    months = {name: _any(len(student), at[begins <= _later(awarded, n)]) for name, n in _WINDOWS}
    opened: Days = (diplomas.school_year[at] - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    leap = (diplomas.school_year[at] % 4 == 0).astype(np.int64)
    august_15: Days = opened + in_days(226 + leap)
    october_31: Days = opened + in_days(303 + leap)
    fall = _any(len(student), at[(begins <= october_31) & (last >= august_15)])
    return pa.table(
        {
            "student_id": pa.array(world.people.student_id[student], pa.string()),
            "class_year": diplomas.school_year,
            **_school_columns(world, diplomas.school),
            "diploma": words_at(DIPLOMA_TYPES, diplomas.kind),
            "is_regular": diplomas.kind == REGULAR,
            "awarded": date_column(diplomas.awarded),
            "link": words_at(LINKS, kind),
            "is_searched": links.is_searched[student],
            "is_linkable": kind == LINK_OK,
            "is_found": _found(world),
            "is_fall_enrolled": fall,
            **months,
        }
    )


_WINDOWS: Final = (("is_enrolled_12_months", 12), ("is_enrolled_16_months", 16))


def _visible(world: World) -> Bools:
    seen: Bools = world.links.is_searched[world.terms.student] & (
        world.terms.reported <= RETURN_DATES[-1]
    )
    return seen


def _found(world: World) -> Bools:
    found = np.zeros(len(world.people), dtype=np.bool_)
    found[world.terms.student[_visible(world)]] = True
    return found[world.diplomas.student]


def _counted_terms(world: World) -> tuple[Days, Days, Ints]:
    """Return begin, end and row of the diploma of visible terms that begin after it."""
    terms, diplomas = world.terms, world.diplomas
    place = np.full(len(world.people), -1)
    place[diplomas.student] = np.arange(len(diplomas.student))
    away = [STATUSES.index(status) for status in ("A", "W")]
    rows = np.flatnonzero(_visible(world) & ~np.isin(terms.status, away))
    at = place[terms.student[rows]]
    after = terms.begin[rows] > diplomas.awarded[at]
    return terms.begin[rows][after], terms.end[rows][after], at[after]


def _later(days: Days, months: int) -> Days:
    """Return the same day of the month, months later."""
    month = days.astype("datetime64[M]")
    later: Days = (month + np.timedelta64(months, "M")).astype("datetime64[D]") + (
        days - month.astype("datetime64[D]")
    )
    return later


def _any(count: int, rows: Ints) -> Bools:
    result = np.zeros(count, dtype=np.bool_)
    result[rows] = True
    return result


def cohort_rows(world: World) -> pa.Table:
    """Give every student of an ended cohort its last school and status within four years."""
    spans, people = world.spans, world.people
    ended = people.class_of[spans.student] <= SCHOOL_YEARS[-1]
    inside = spans.school_year <= people.class_of[spans.student]
    rows = np.flatnonzero(spans.is_primary & ended & inside & (spans.grade >= FIRST_HIGH_GRADE))
    rows = rows[np.lexsort((spans.entry[rows], spans.student[rows]))]
    rows = rows[np.r_[spans.student[rows][1:] != spans.student[rows][:-1], True]]
    student = spans.student[rows]
    kind = np.full(len(people), -1)
    diplomas = world.diplomas
    in_time = diplomas.school_year <= people.class_of[diplomas.student]
    kind[diplomas.student[in_time]] = diplomas.kind[in_time]
    latest = np.full(len(people), day("1970-01-01"))
    primary = spans.is_primary
    np.maximum.at(latest, spans.student[primary], spans.entry[primary])
    left = np.isin(spans.exit_type[rows], [TRANSFERRED, DIED]) & (
        latest[student] == spans.entry[rows]
    )
    graduated = kind[student] == REGULAR
    completed = kind[student] >= 0
    return pa.table(
        {
            "student_id": pa.array(people.student_id[student], pa.string()),
            "cohort": people.class_of[student],
            **_school_columns(world, spans.school[rows]),
            "is_in_cohort": completed | ~left,
            "is_graduate": graduated,
            "is_completer": completed,
        }
    )
