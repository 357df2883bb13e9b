"""The decision at a door: outcomes in, results and a refusal out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from expectations.catalogue import Catalogue, Entry
from expectations.data_docs import door_page, standing_alone, write
from expectations.doors import NOT_EVALUATED, DoorResult, Outcome, judge
from expectations.gate import refusal
from expectations.validation import error_class
from p20w.errors import ConfigurationError, GateBlocked

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 1, 10, 3, 30, tzinfo=UTC)


def entry(check_id: str, severity: str = "block", door: str = "core") -> Entry:
    return Entry.model_validate(
        {
            "id": check_id,
            "door": door,
            "severity": severity,
            "meaning": f"The meaning of {check_id}, at length.",
            "when_it_matters": "Whenever <somebody> reads it.",
            "how_to_fix": f"The remedy of {check_id}, at length.",
            "owner": "data steward",
        }
    )


CATALOGUE = Catalogue([entry("keys"), entry("weights", "warn"), entry("texts", door="release")])


def decided(*outcomes: Outcome) -> DoorResult:
    return DoorResult(7, "core", AT, judge("core", outcomes, CATALOGUE))


def held(check_id: str, elements: int = 10) -> Outcome:
    return Outcome(check_id, "fct_x", success=True, element_count=elements, unexpected_count=0)


def test_outcomes_of_one_check_become_one_result_with_summed_counts() -> None:
    broken = Outcome(
        "keys", "fct_y.student_key", success=False, element_count=5, unexpected_count=2
    )

    result = decided(held("keys"), broken, held("weights"))

    keys, weights = result.results
    assert (keys.success, keys.element_count, keys.unexpected_count) == (False, 15, 2)
    assert keys.failed == ("fct_y.student_key: 2 of 5",)
    assert (weights.success, weights.element_count) == (True, 10)


def test_check_without_an_outcome_has_failed() -> None:
    result = decided(held("weights"))

    assert [one.check_id for one in result.blocked] == ["keys"]
    assert result.blocked[0].failed == (NOT_EVALUATED,)
    assert result.blocked[0].element_count is None


def test_check_that_could_not_be_evaluated_has_failed_with_unknown_counts() -> None:
    broken = Outcome("keys", "fct_y", success=False, error="UndefinedTable")

    result = decided(held("keys"), broken, held("weights"))

    assert result.blocked[0].unexpected_count is None
    assert result.blocked[0].failed == ("fct_y: could not be evaluated (UndefinedTable)",)


def test_failed_warning_does_not_block() -> None:
    result = decided(
        held("keys"),
        Outcome("weights", "bridge_x", success=False, element_count=3, unexpected_count=1),
    )

    assert result.blocked == ()
    assert [one.check_id for one in result.warned] == ["weights"]


def test_outcome_that_the_catalogue_does_not_know_at_this_door_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="texts is not in the catalogue for door core"):
        decided(held("texts"))


def test_refusal_names_checks_meaning_place_and_remedy() -> None:
    result = decided(
        Outcome("keys", "fct_y", success=False, element_count=5, unexpected_count=2),
        held("weights"),
    )

    error = refusal(result, CATALOGUE)

    assert isinstance(error, GateBlocked)
    assert error.facts == {"run_id": 7, "door": "core", "checks": ("keys",)}
    for told in ("The meaning of keys", "fct_y: 2 of 5", "The remedy of keys", "run 7"):
        assert told in str(error)
    assert "weights" not in str(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "(psycopg.errors.InvalidTextRepresentation) invalid input syntax: 'Ann'",
            "InvalidTextRepresentation",
        ),
        ("Traceback\n  line 1\nsqlalchemy.exc.OperationalError: Ann", "OperationalError"),
        ("Traceback\\n  line 1\\nKeyError: 'Ann'", "KeyError"),
        ("Ann", "UnknownError"),
    ],
)
def test_only_the_class_of_an_error_is_kept(text: str, expected: str) -> None:
    assert error_class(text) == expected


def test_page_of_a_door_shows_failures_first_with_counts_and_remedy_escaped() -> None:
    result = decided(
        held("keys"),
        Outcome("weights", "bridge_x", success=False, element_count=1200, unexpected_count=1),
    )

    page = door_page(result, CATALOGUE, ["fct_x"])

    assert page.index("weights") < page.index(">keys<")
    assert "warning" in page
    assert "1,200" in page
    assert "Whenever &lt;somebody&gt; reads it." in page
    assert "href='fct_x.html'" in page


def test_counts_that_are_unknown_are_not_shown_as_zero() -> None:
    page = door_page(decided(held("weights")), CATALOGUE, [])

    assert "<td class='n'>unknown</td>" in page


def test_second_night_replaces_the_pages_of_its_door_and_keeps_the_other_doors(
    tmp_path: Path,
) -> None:
    shut = decided(Outcome("keys", "fct_y", success=False, error="KeyError"), held("weights"))
    opened = decided(held("keys"), held("weights"))
    entries = Catalogue([*CATALOGUE.of_door("core"), entry("texts", door="release")])
    published = DoorResult(6, "release", AT, judge("release", [held("texts")], entries))

    write(tmp_path, published, entries, [])
    write(tmp_path, shut, entries, [])
    index = write(tmp_path, opened, entries, [])

    assert index == tmp_path / "data_docs" / "index.html"
    assert {path.name for path in index.parent.iterdir() if not path.name.startswith(".")} == {
        "core",
        "release",
        "index.html",
    }
    assert len(list((index.parent / ".builds").iterdir())) == 2
    assert "shut" not in index.read_text()
    assert "KeyError" not in (index.parent / "core" / "index.html").read_text()
    assert "run 6" in index.read_text()


@pytest.mark.parametrize(
    "foreign",
    [
        '<script src="https://cdn.example/a.js"></script>',
        "<script>track()</script>",
        '<link rel="stylesheet" href="https://cdn.example/a.css"/>',
        '<img class="x" src="https://cdn.example/a.png" alt="logo">',
        "<footer><a href='https://news.example'>Subscribe</a></footer>",
    ],
)
def test_page_is_made_to_stand_alone(foreign: str) -> None:
    page = standing_alone(f"<html><head></head><body>kept{foreign}</body></html>")

    assert "kept" in page
    assert "example" not in page
    assert "track" not in page


def test_refusal_names_five_places_of_a_check_and_the_result_names_all() -> None:
    many = [
        Outcome("keys", f"fct_{number}", success=False, element_count=1, unexpected_count=1)
        for number in range(7)
    ]

    result = decided(*many, held("weights"))

    assert len(result.blocked[0].failed) == 7
    assert str(refusal(result, CATALOGUE)).count("fct_") == 5
