"""Release calendars in words."""

from __future__ import annotations

import pytest

from ingestion.registry import source
from ingestion.release_calendar import calendar_text, schedule_in_words


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("30 6 * * 3", "every Wednesday at 06:30"),
        ("0 22 * * *", "every day at 22:00"),
        ("30 4 * * 0", "every Sunday at 04:30"),
        ("5 4 * * 7", "every Sunday at 04:05"),
        ("0 5 1 * *", "on day 1 of every month at 05:00"),
        ("0 5 1 * 1", "by the clock 0 5 1 * 1"),
        ("*/5 * * * *", "by the clock */5 * * * *"),
    ],
)
def test_a_schedule_is_told_in_words(cron: str, words: str) -> None:
    assert schedule_in_words(cron) == words


def test_a_calendar_says_when_what_is_due_and_what_it_replaces() -> None:
    text = calendar_text(source("bls_oews").contract)

    assert text.splitlines()[0] == (
        "- Asked every Monday at 05:00, Wisconsin's time (`0 5 * * 1`)."
    )
    assert "due within 450 days" in text
    assert "- History is taken from 2012 on." in text
    assert "takes the place of the one of its name" in text


def test_revised_figures_are_said_to_remain_known() -> None:
    assert "remain known" in calendar_text(source("bls_laus").contract)
    assert "takes the place of all before" in calendar_text(source("edfi").contract)
