"""The state's clock: a moment -> the day that reports, releases and the calendar name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

STATE_TIME = ZoneInfo("America/Chicago")


def state_day(moment: datetime) -> date:
    """The day of the state at this moment; its evening is the next day in UTC.

    Args:
        moment: Aware, in any zone.
    """
    return moment.astimezone(STATE_TIME).date()
