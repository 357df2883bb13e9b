"""When student cells are counted anew: `publication_calendar`, `ops` -> whose cells to carry over.

A date of the calendar stays open until a release has counted on it or after it: a night that was
missed, or rolled back, is made up by the next one. Door 3 asks the same of what was built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Connection

LAST_COUNTED = sa.text(
    """
    select earlier.release_id, exists (
        select from reference.publication_calendar as calendar
        where calendar.publication_date > counted.as_of_date
            and calendar.publication_date <= own.as_of_date
    ) as is_due
    from ops.release as earlier
    inner join ops.run as counted on earlier.run_id = counted.run_id
    inner join ops.run as own on own.run_id = :run_id
    where earlier.state = 'published' and earlier.publication_date
        and earlier.run_id <> own.run_id
    order by earlier.release_id desc
    limit 1
    """
)


def origin_of_cells(connection: Connection, run_id: int) -> int | None:
    """The release whose student cells the run's release carries over; None: it counts them anew.

    It counts where a publication date has passed since the last published release that did so; the
    first release of a home is one.
    """
    row = connection.execute(LAST_COUNTED, {"run_id": run_id}).one_or_none()
    return None if row is None or row.is_due else int(row.release_id)
