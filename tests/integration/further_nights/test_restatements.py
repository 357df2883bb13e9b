"""Publication dates after the first: what a single student's move may change for readers."""

from __future__ import annotations

import pytest

from p20w import release
from p20w.errors import DisclosureUnsafe
from p20w.postgres import connect, login_role
from p20w.release import build
from p20w.settings import Settings
from tests.integration.survival import MOVED_RUN, RUN, Survival

pytestmark = pytest.mark.integration

FIGURES = (
    "select school_year, organization_code, grade_level, demographic_factor, demographic_group,"
    " member_count, member_count_status from {schema}.mart_enrollment"
)
CLEARINGHOUSE_RETURN = "2026-01-15"
CERTIFIED_SPRING = "2026-05-20"
AFTER_CERTIFIED_FALL = "2026-12-17"  # the annual date is December 15; that night was missed


def set_date(settings: Settings, run_id: int, date: str) -> None:
    """As if the run had been made on that day."""
    with connect(settings, "transformer") as connection:
        connection.execute("update ops.run set as_of_date = %s where run_id = %s", [date, run_id])


def figures(settings: Settings, schema: str) -> set[tuple[object, ...]]:
    with connect(settings, "publisher") as connection:
        rows = connection.execute(FIGURES.format(schema=schema)).fetchall()  # type: ignore[arg-type]
    return set(rows)


def test_one_student_who_moves_is_told_on_the_annual_date_only(moved: Survival) -> None:
    settings = moved.go_back("moved")
    set_date(settings, RUN, CLEARINGHOUSE_RETURN)
    set_date(settings, MOVED_RUN, CERTIFIED_SPRING)
    before = figures(settings, f"release_{RUN}")

    release_id = release.protect(settings, MOVED_RUN)

    assert release_id != RUN
    assert figures(settings, f"release_{release_id}") == before
    assert figures(settings, f"release_{release_id}_true") != figures(
        settings, f"release_{RUN}_true"
    )
    release.audit(settings, MOVED_RUN)
    with connect(settings, "publisher") as connection:
        held = connection.execute(
            f"select distinct cell_key::json ->> 'school_year' from release_{release_id}_true"
            ".cell_decision where reason = 'held_restatement' and mart = 'mart_enrollment'"
        ).fetchall()
    assert held == [("2025",)]

    set_date(settings, MOVED_RUN, AFTER_CERTIFIED_FALL)
    release.protect(settings, MOVED_RUN)

    changed = figures(settings, f"release_{release_id}") - before
    assert changed
    assert {row[0] for row in changed} == {2025}


def reasons(settings: Settings) -> list[tuple[str, str | None, str | None]]:
    """What the state's own login of accountability sees of a count: reason and whose row it is."""
    with connect(settings, "accountability_reader") as connection:
        return connection.execute(
            "select reason, organization_code, parent_organization_code"
            " from accountability.cell_decision"
            " where mart = 'mart_enrollment' and column_name = 'member_count'"
        ).fetchall()


def test_each_withheld_cell_has_its_reason_for_accountability_and_nobody_else(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("published")
    with connect(settings, "bi_reader") as connection:
        withheld = connection.execute(
            "select organization_code, parent_organization_code from marts.mart_enrollment"
            " where member_count_status = 'withheld'"
        ).fetchall()

    found = reasons(settings)

    assert withheld
    assert sorted(map(str, withheld)) == sorted(str(row[1:]) for row in found)
    assert {row[0] for row in found} >= {"small_denominator", "complementary"}
    with connect(settings, "owner") as connection:
        shown = connection.execute(
            "select table_schema from information_schema.columns"
            " where table_name = 'cell_decision' and column_name = 'reason'"
        ).fetchall()
        reader = login_role(settings, "accountability_reader")
        connection.execute("delete from ops.reader_scope")
        connection.execute("insert into ops.reader_scope values (%s, %s)", [reader, found[-1][1]])
    assert {row[0] for row in shown} == {"accountability", "published_true", "release_1_true"}
    own = [row for row in found if found[-1][1] in row[1:]]
    assert sorted(map(str, reasons(settings))) == sorted(map(str, own))
    assert len(own) < len(found)


def test_a_mart_that_cannot_be_protected_stops_the_release(
    undisturbed: Survival, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = undisturbed.go_back("counted")

    def cannot(*_: object) -> None:
        raise DisclosureUnsafe("one cell has no room")

    monkeypatch.setattr(build, "protect_marts", cannot)
    with pytest.raises(DisclosureUnsafe, match="no room"):
        release.protect(settings, RUN)

    with connect(settings, "publisher") as connection:
        state = connection.execute("select state from ops.release").fetchall()
        schemas = connection.execute(
            "select nspname from pg_namespace where nspname like 'release_%'"
        ).fetchall()
    assert state == [("building",)]
    assert schemas == []
