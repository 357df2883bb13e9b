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

    assert text.splitlines()[:2] == [
        "- Released: Each spring the estimates of May of the year before; they are not revised.",
        "- Asked every Monday at 05:00, Wisconsin's time (`0 5 * * 1`).",
    ]
    assert "due within 450 days" in text
    assert "- Nothing before 2012 is asked for." in text
    assert "takes the place of the one of its name" in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bls_qcew", "five to six months after its end"),
        ("bls_laus", "each March a benchmark"),
        ("projections", "every two years"),
        ("onet", "Each quarter"),
        ("ipeds", "first provisional"),
    ],
)
def test_a_calendar_says_when_the_publisher_releases(name: str, told: str) -> None:
    assert told in calendar_text(source(name).contract).splitlines()[0]


def test_quarters_of_the_employment_census_are_not_taken_as_far_back_as_its_years() -> None:
    text = calendar_text(source("bls_qcew").contract)

    assert "Quarters are taken of the three newest years" in text
    assert "- Nothing before 2019 is asked for." in text


def test_revised_figures_are_said_to_remain_known() -> None:
    assert "remain known" in calendar_text(source("bls_laus").contract)
    assert "takes the place of all before" in calendar_text(source("edfi").contract)
