"""Door 1 for replies of the BLS API: refusals in disguise, and series without figures.

A pull that is refused never lands; these look at what did, dropped replies included. Source of the
rules: https://www.bls.gov/developers/api_faqs.htm (HTTP 200 in any case, `status`, `message`).
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

REPLIES = "staging.stg_bls_api__replies"
QUOTA = "threshold|exceeded"


def api_reply_checks() -> list[SqlCheck]:
    """Queries over replies and the series they answer."""
    return [
        SqlCheck("bls_status_succeeded_all_series", "stg_bls_api__series", unanswered()),
        SqlCheck("bls_quota_not_hit", "stg_bls_api__replies", refused_for_quota()),
    ]


def unanswered() -> sql.Composed:
    """Replies and the series of their newest pull; those refused, and those without a figure."""
    return sql.SQL(
        "select count(*), count(*) filter (where not is_right) from ("
        "select reply_status = 'REQUEST_SUCCEEDED' as is_right from {replies} union all"
        " select series_state in ('answered', 'listed') from (select series_state, row_number()"
        " over (partition by series_id order by load_id desc) as place"
        " from staging.stg_bls_api__series) as series where place = 1) as told"
    ).format(replies=sql.SQL(REPLIES))


def refused_for_quota() -> sql.Composed:
    """Replies, and those that refuse because the day's budget is gone."""
    return sql.SQL(
        "select count(*), count(*) filter (where reply_status <> 'REQUEST_SUCCEEDED'"
        " and reply_messages ~* {quota}) from {replies}"
    ).format(quota=sql.Literal(QUOTA), replies=sql.SQL(REPLIES))
