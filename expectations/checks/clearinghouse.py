"""Door 1 for clearinghouse returns: request ids, records found, terms.

A request id is the only link between a student and a return; it comes back upper-cased and with a
prefix from some feeds, which staging undoes. Source of the bands: StudentTracker practice.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

# Ids that two students hold link neither; more than this many would shift the rates.
SHARED_IDS_SHARE = 0.005
# Ids that came back broken; a feed with more has another prefix or another account's requests.
UNKNOWN_IDS_SHARE = 0.02
# A record found is an enrolment anywhere, ever: 55 to 70 % of graduates in a first fall.
FOUND_BAND = (0.35, 0.9)

REQUESTED = (
    "(select lower(identification_code) as nsc_return_id, count(distinct student_id_dpi) as holders"
    " from staging.stg_edfi__student_identification_codes"
    " where identification_system = 'NSC Request' group by lower(identification_code))"
)
FOUND = (
    "(select nsc_return_id, load_id, true as is_found from staging.stg_nsc__enrollments"
    " union all select nsc_return_id, load_id, true from staging.stg_nsc__degrees)"
)


def clearinghouse_checks() -> list[SqlCheck]:
    """Queries over returns and the requests they answer."""
    return [
        SqlCheck(
            "nsc_request_return_id_bijection",
            "stg_edfi__student_identification_codes",
            sql.SQL(
                "select count(*), count(*) filter (where holders > 1) from {} as requested"
            ).format(sql.SQL(REQUESTED)),
            SHARED_IDS_SHARE,
        ),
        SqlCheck("nsc_return_ids_known", "stg_nsc__searches", unknown_ids(), UNKNOWN_IDS_SHARE),
        SqlCheck("nsc_found_rate_in_band", "stg_nsc__searches", found_rates()),
        SqlCheck("nsc_terms_end_after_they_begin", "stg_nsc__enrollments", reversed_terms()),
    ]


def unknown_ids() -> sql.Composed:
    """Ids of the returns, and those that no request had."""
    return sql.SQL(
        "select count(*), count(*) filter (where requested.nsc_return_id is null) from"
        " (select nsc_return_id from staging.stg_nsc__searches union"
        " select nsc_return_id from {found} as found) as returned"
        " left join {requested} as requested on returned.nsc_return_id = requested.nsc_return_id"
    ).format(found=sql.SQL(FOUND), requested=sql.SQL(REQUESTED))


def found_rates() -> sql.Composed:
    """Returns (loads), and those whose share of ids with a record lies outside the band."""
    low, high = FOUND_BAND
    return sql.SQL(
        "select count(*), count(*) filter (where found_share not between {low} and {high}) from"
        " (select avg(is_found::integer) as found_share from"
        " (select load_id, nsc_return_id, bool_or(is_found) as is_found from"
        " (select nsc_return_id, load_id, false as is_found from staging.stg_nsc__searches"
        " union all select nsc_return_id, load_id, is_found from {found} as found) as told"
        " group by load_id, nsc_return_id) as asked group by load_id) as returns"
    ).format(low=sql.Literal(low), high=sql.Literal(high), found=sql.SQL(FOUND))


def reversed_terms() -> sql.Composed:
    """Terms, and those that end before they begin."""
    return sql.SQL(
        "select count(*), count(*) filter (where enrollment_end_date < enrollment_begin_date)"
        " from staging.stg_nsc__enrollments"
    ).format()
