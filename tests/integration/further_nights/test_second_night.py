"""Nights after the first: what a changed and an unchanged upstream do to readers' figures."""

from __future__ import annotations

import pytest

from p20w.postgres import connect
from p20w.settings import Settings
from tests.integration.conftest import run_night, run_steps
from tests.integration.survival import MOVED_RUN, Survival, contents

pytestmark = pytest.mark.integration

STUDENT_MARTS = {
    "mart_enrollment",
    "mart_pathway_participation",
    "mart_postsecondary_transition",
}


def content_hashes(settings: Settings, release_id: int) -> dict[str, str]:
    with connect(settings, "publisher") as connection:
        row = connection.execute(
            "select content_hashes from ops.release where release_id = %s", [release_id]
        ).fetchone()
    assert row is not None
    return dict(row[0])


def test_a_student_who_moves_changes_true_figures_and_no_public_student_cell(
    moved: Survival,
) -> None:
    settings = moved.go_back("moved")
    public, true = (contents(settings, schema) for schema in ("marts", "accountability"))
    run_steps(settings, MOVED_RUN, "protect", "export")

    public_after, true_after = (
        contents(settings, schema) for schema in ("marts", "accountability")
    )
    changed = {name for name in public if public[name] != public_after[name]}
    assert true["mart_enrollment"] != true_after["mart_enrollment"]
    # Two tell of the new input; what counts no student says of which night it is.
    assert changed <= {"release_info", "mart_vintages", "mart_program_supply"}
    first, second = (content_hashes(settings, release_id) for release_id in (1, 2))
    assert second["mart_program_supply"] == first["mart_program_supply"]
    # The reasons are those of the cells that readers see: carried over with them.
    assert true["cell_decision"] == true_after["cell_decision"]
    assert public.keys() >= STUDENT_MARTS


def test_a_night_on_the_same_inputs_has_the_same_content_hashes(undisturbed: Survival) -> None:
    settings = undisturbed.go_back("published")

    run_night(settings)

    assert content_hashes(settings, 2) == content_hashes(settings, 1)
