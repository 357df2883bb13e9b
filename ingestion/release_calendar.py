"""The release calendar of a source in words, from its contract: for people who watch its DAG.

Flow: contract -> Markdown -> `dags/ingest_sources.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.contract import Contract

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RULES = {
    "replaces_all": "A release takes the place of all before it.",
    "replaces_same": "A release takes the place of the one of its name; other periods stay.",
    "kept": "Releases stay beside each other: figures that are revised later remain known as they"
    " were.",
}


def calendar_text(contract: Contract) -> str:
    """When the publisher releases, when it is asked, when it is late, what a release replaces."""
    meta = contract.meta
    lines = [
        f"Released: {meta.release_calendar}",
        f"Asked {schedule_in_words(meta.schedule)}, Wisconsin's time (`{meta.schedule}`).",
        f"Something newer is due within {meta.freshness_days} days of the last release; after that"
        " the check `freshness_within_sla` warns.",
        RULES[meta.each_release],
        f"Publisher's page: {meta.landing_page}. Licence: {meta.licence}.",
    ]
    if meta.first_period is not None:
        lines.insert(4, f"Nothing before {meta.first_period} is asked for.")
    return "\n".join(f"- {line}" for line in lines)


def schedule_in_words(cron: str) -> str:
    """A schedule of one time a day, on every day, a weekday or a day of the month, in words.

    Example: `30 6 * * 3` is "every Wednesday at 06:30". Other schedules stay as they are.
    """
    found = re.fullmatch(r"(\d+) (\d+) (\*|\d+) \* (\*|[0-7])", cron)
    if found is None:
        return f"by the clock {cron}"
    minute, hour, day, weekday = found.groups()
    when = f"{int(hour):02d}:{int(minute):02d}"
    if day == "*":
        name = "day" if weekday == "*" else WEEKDAYS[int(weekday)]
        return f"every {name} at {when}"
    if weekday == "*":
        return f"on day {day} of every month at {when}"
    return f"by the clock {cron}"
