"""The rules on tables worked out by hand; minimum group size 10, minimum numerator 3."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from p20w.disclosure import (
    Declaration,
    Profile,
    Protection,
    audit_marts,
    parse_declaration,
    protect_marts,
)
from p20w.errors import ConfigurationError

PROFILES = {"public_default": Profile(10, 3)}
KEY = b"secret of the release"
FACTOR = {"column": "demographic_group", "within": "demographic_factor", "total": "All"}
ORGANIZATION = {"column": "organization_code", "parent_column": "parent_organization_code"}


def declare(
    dimensions: list[dict[str, Any]],
    counts: list[dict[str, Any]],
    rates: list[dict[str, Any]] | None = None,
    mart: str = "mart",
) -> Declaration:
    declared = {
        "student_derived": True,
        "profile": "public_default",
        "dimensions": dimensions,
        "counts": counts,
        "rates": rates or [],
    }
    return parse_declaration(mart, declared)


def table(columns: str, rows: list[tuple[Any, ...]], figures: str) -> pa.Table:
    """Rows with a status per figure: not applicable where it is None."""
    data = dict(zip(columns.split(), map(list, zip(*rows, strict=True)), strict=True))
    for name in figures.split():
        data[f"{name}_status"] = [
            "not_applicable" if value is None else "reported" for value in data[name]
        ]
    return pa.table(data)


def protect(rows: pa.Table, declaration: Declaration) -> Protection:
    """Protect one mart and let the attacker confirm that nothing is exposed."""
    protection = protect_marts({"mart": rows}, {"mart": declaration}, PROFILES, KEY)
    result = audit_marts(protection.tables, {"mart": declaration}, PROFILES)
    assert result.exposures == ()
    return protection


def column(protection: Protection, name: str) -> list[Any]:
    return protection.tables["mart"][name].to_pylist()


def test_of_two_groups_one_small_both_are_withheld_and_the_total_printed():
    rows = table(
        "demographic_factor demographic_group member_count",
        [("All", "All", 50), ("el_status", "EL", 4), ("el_status", "Not EL", 46)],
        "member_count",
    )

    protection = protect(rows, declare([FACTOR], [{"column": "member_count"}]))

    assert column(protection, "member_count") == [50, None, None]
    assert column(protection, "member_count_status") == ["published", "withheld", "withheld"]
    assert protection.decisions["reason"].to_pylist() == ["small_denominator", "complementary"]
    assert (protection.cells_total, protection.cells_printed) == (3, 1)


def test_the_residual_member_is_a_cell_too():
    rows = table(
        "demographic_factor demographic_group member_count",
        [("All", "All", 53), ("group", "A", 46), ("group", "B", 4), ("group", "Unknown", 3)],
        "member_count",
    )

    protection = protect(rows, declare([FACTOR], [{"column": "member_count"}]))

    # A printed would leave B + Unknown = 7, all of them small.
    assert column(protection, "member_count") == [53, None, None, None]


def test_a_single_small_cell_takes_one_rectangle_with_it():
    two_way = [{"column": "row", "total": "All"}, {"column": "side", "total": "All"}]
    counts = {"A": (4, 20, 24), "B": (15, 12, 27), "C": (30, 11, 41), "All": (49, 43, 92)}
    rows = table(
        "row side member_count",
        [
            (row, side, count)
            for row, figures in counts.items()
            for side, count in zip(("X", "Y", "All"), figures, strict=True)
        ],
        "member_count",
    )

    protection = protect(rows, declare(two_way, [{"column": "member_count"}]))

    withheld = {
        (row["row"], row["side"])
        for row in protection.tables["mart"].to_pylist()
        if row["member_count"] is None
    }
    assert withheld in ({(r, s) for r in ("A", other) for s in ("X", "Y")} for other in ("B", "C"))


def test_withholding_one_row_alone_leaves_a_cell_exact_from_its_column():
    two_way = [{"column": "row", "total": "All"}, {"column": "side", "total": "All"}]
    rows = table(
        "row side member_count",
        [
            *[("A", "X", None), ("A", "Y", None), ("A", "All", 24)],
            *[("B", "X", 15), ("B", "Y", 12), ("B", "All", 27)],
            *[("C", "X", 30), ("C", "Y", 11), ("C", "All", 41)],
            *[("All", "X", 49), ("All", "Y", 43), ("All", "All", 92)],
        ],
        "member_count",
    )
    statuses = pa.array(["withheld"] * 2 + ["published"] * 10)
    rows = rows.set_column(3, "member_count_status", statuses)
    declaration = declare(two_way, [{"column": "member_count"}])

    result = audit_marts({"mart": rows}, {"mart": declaration}, PROFILES)

    found = {(exposure.cell_key, exposure.low, exposure.high) for exposure in result.exposures}
    assert found == {
        ('{"row": "A", "side": "X"}', 4, 4),
        ('{"row": "A", "side": "Y"}', 20, 20),
    }


def test_nested_counts_with_a_small_rest_are_not_both_printed():
    nested = [{"column": "participant_count"}, {"column": "concentrator_count"}]
    nested[1]["of"] = "participant_count"
    rows = table(
        "organization participant_count concentrator_count",
        [("North", 25, 22), ("South", 40, 20)],
        "participant_count concentrator_count",
    )

    protection = protect(rows, declare([{"column": "organization"}], nested))

    # 25 - 22 = 3 participants who are not concentrators.
    assert column(protection, "participant_count") == [25, 40]
    assert column(protection, "concentrator_count") == [None, 20]
    assert protection.decisions["reason"].to_pylist() == ["small_complement"]


COHORT = [{"column": "cohort_count"}, {"column": "graduate_count", "of": "cohort_count"}]
SHARE = [{"column": "graduate_share", "numerator": "graduate_count", "denominator": "cohort_count"}]


def cohort(*rows: tuple[str, int, int | None, float | None]) -> pa.Table:
    names = "organization cohort_count graduate_count graduate_share"
    return table(names, list(rows), "cohort_count graduate_count graduate_share")


@pytest.mark.parametrize(
    ("size", "graduates", "share", "printed"),
    [
        (18, 18, 1.0, (18, None, None)),
        (18, 0, 0.0, (18, None, None)),
        (299, 0, 0.0, (299, None, None)),
        (300, 0, 0.0, (300, 0, 0.0)),
        (300, 300, 1.0, (300, 300, 1.0)),
        (0, 0, None, (0, 0, None)),
        (40, 20, 0.5, (40, 20, 0.5)),
    ],
)
def test_zero_and_hundred_percent_of_fewer_than_300_are_not_printed(
    size: int, graduates: int, share: float | None, printed: tuple[Any, ...]
):
    rows = cohort(("North", size, graduates, share))

    protection = protect(rows, declare([{"column": "organization"}], COHORT, SHARE))

    row = protection.tables["mart"].to_pylist()[0]
    assert (row["cohort_count"], row["graduate_count"], row["graduate_share"]) == printed


def test_a_rate_is_printed_only_with_both_of_its_counts():
    rows = cohort(("North", 8, 5, 0.625), ("South", 400, 200, 0.5))

    protection = protect(rows, declare([{"column": "organization"}], COHORT, SHARE))

    assert column(protection, "graduate_share") == [None, 0.5]
    assert column(protection, "graduate_share_status") == ["withheld", "published"]


def test_an_outcome_is_small_below_the_minimum_numerator():
    counts = [COHORT[0], {**COHORT[1], "outcome": True}]
    rows = cohort(("North", 60, 5, 0.083), ("South", 60, 2, 0.033), ("West", 60, 58, 0.967))

    protection = protect(rows, declare([{"column": "organization"}], counts, SHARE))

    assert column(protection, "graduate_count") == [5, None, None]
    reasons = dict(
        zip(
            protection.decisions["cell_key"].to_pylist(),
            protection.decisions["reason"].to_pylist(),
            strict=True,
        )
    )
    assert reasons == {
        '{"organization": "South"}': "small_numerator",
        '{"organization": "West"}': "small_complement",
    }


def test_a_zero_is_printed_and_never_withheld_to_protect_another():
    rows = table(
        "demographic_factor demographic_group member_count",
        [("All", "All", 64), ("g", "A", 4), ("g", "B", 0), ("g", "C", 30), ("g", "D", 30)],
        "member_count",
    )

    protection = protect(rows, declare([FACTOR], [{"column": "member_count"}]))

    counts = column(protection, "member_count")
    assert counts[0] == 64
    assert counts[2] == 0
    assert Counter(counts)[None] == 2


def test_other_statuses_are_kept_and_are_not_cells():
    rows = table(
        "demographic_factor demographic_group member_count",
        [("All", "All", 40), ("g", "A", 20), ("g", "B", 20), ("g", "Choice", None)],
        "member_count",
    )

    protection = protect(rows, declare([FACTOR], [{"column": "member_count"}]))

    assert column(protection, "member_count_status") == [*["published"] * 3, "not_applicable"]
    assert protection.cells_total == 3


def test_a_hidden_school_is_not_its_district_minus_the_others():
    rows = table(
        "organization_code parent_organization_code member_count",
        [("D1", None, 130), ("S1", "D1", 7), ("S2", "D1", 60), ("S3", "D1", 63)],
        "member_count",
    )

    protection = protect(rows, declare([ORGANIZATION], [{"column": "member_count"}]))

    counts = column(protection, "member_count")
    assert counts[0] == 130
    assert counts[1] is None
    assert Counter(counts)[None] == 2


def test_overlapping_members_are_within_their_total_and_it_within_their_sum():
    pathway = {"column": "pathway_code", "total": "All", "additive": False}
    rows = table(
        "pathway_code participant_count",
        [("All", 60), ("health", 40), ("it", 35), ("energy", 4)],
        "participant_count",
    )

    protection = protect(rows, declare([pathway], [{"column": "participant_count"}]))

    # Without energy, 60 <= 40 + 35 leaves energy anything from 1 to 60.
    assert column(protection, "participant_count") == [60, 40, 35, None]


def test_the_same_cell_has_the_same_decision_in_every_mart():
    member = [{"column": "member_count"}]
    by_group = declare([{"column": "organization"}, FACTOR], member, mart="by_group")
    by_grade = {"column": "grade_level", "total": "All"}
    grades = declare([{"column": "organization"}, by_grade], member, mart="by_grade")
    declarations = {"by_group": by_group, "by_grade": grades}
    tables = {
        "by_group": table(
            "organization demographic_factor demographic_group member_count",
            [("North", "All", "All", 9), ("North", "sex", "F", 9), ("South", "All", "All", 50)],
            "member_count",
        ),
        "by_grade": table(
            "organization grade_level member_count",
            [("South", "All", 50), ("North", "All", 9), ("North", "9", 9)],
            "member_count",
        ),
    }

    protection = protect_marts(tables, declarations, PROFILES, KEY)

    assert protection.tables["by_group"]["member_count"].to_pylist() == [None, None, 50]
    assert protection.tables["by_grade"]["member_count"].to_pylist() == [50, None, None]
    assert audit_marts(protection.tables, declarations, PROFILES).exposures == ()


def test_a_withheld_zero_is_not_told_by_the_zeros_of_its_members():
    pathway = {"column": "pathway_code", "total": "All", "additive": False}
    rows = table(
        "pathway_code cohort_count graduate_count graduate_share",
        [("All", 40, 0, 0.0), ("health", None, 0, None), ("it", None, 0, None)],
        "cohort_count graduate_count graduate_share",
    )

    protection = protect(rows, declare([pathway], COHORT, SHARE))

    assert column(protection, "cohort_count") == [40, None, None]
    assert column(protection, "graduate_count_status") == ["withheld"] * 3
    assert set(protection.decisions["reason"].to_pylist()) == {"unanimity"}


def test_a_withheld_zero_is_not_told_by_the_zero_of_its_total():
    rows = table(
        "organization_code parent_organization_code cohort_count graduate_count graduate_share",
        [("D1", None, 400, 0, 0.0), ("S1", "D1", 100, 0, 0.0), ("S2", "D1", 300, 0, 0.0)],
        "cohort_count graduate_count graduate_share",
    )

    protection = protect(rows, declare([ORGANIZATION], COHORT, SHARE))

    # S1 is 0 % of fewer than 300; D1 printed as 0 % would say so, S2 as a member too.
    assert column(protection, "cohort_count") == [400, 100, 300]
    assert column(protection, "graduate_count") == [None, None, None]


def test_a_denominator_repeated_for_each_pathway_is_one_cell():
    pathway = {"column": "pathway_code", "total": "All", "additive": False}
    counts = [
        {"column": "member_count", "regardless_of": ["pathway_code"]},
        {"column": "participant_count", "of": "member_count"},
    ]
    figures = {
        "D1": (90, 60, 60, 40),
        "S1": (6, 0, 0, 0),
        "S2": (40, 30, 30, 20),
        "S3": (44, 30, 30, 20),
    }
    rows = table(
        "organization_code parent_organization_code pathway_code member_count participant_count",
        [
            (school, None if school == "D1" else "D1", pathway_code, members, participants)
            for school, (members, *of_pathway) in figures.items()
            for pathway_code, participants in zip(("All", "health", "it"), of_pathway, strict=True)
        ],
        "member_count participant_count",
    )

    protection = protect(rows, declare([ORGANIZATION, pathway], counts))

    of_school: dict[str, set[int | None]] = {}
    for row in protection.tables["mart"].to_pylist():
        of_school.setdefault(row["organization_code"], set()).add(row["member_count"])
    # S1 is small, so another school's or the district's count is withheld with it: in all rows.
    assert all(len(seen) == 1 for seen in of_school.values())
    assert of_school["S1"] == {None}
    assert sum(seen == {None} for seen in of_school.values()) == 2


def test_one_cell_with_two_values_in_two_marts_is_refused():
    member = [{"column": "member_count"}]
    names = ("a", "b")
    declarations = {name: declare([{"column": "org"}], member, mart=name) for name in names}
    tables = {
        name: table("org member_count", [("North", count)], "member_count")
        for name, count in zip(names, (40, 41), strict=True)
    }

    with pytest.raises(ConfigurationError, match="counted_as"):
        protect_marts(tables, declarations, PROFILES, KEY)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("All", "All", 50), ("g", "A", 20), ("g", "B", 29)], "add up"),
        ([("All", "All", 50), ("g", "A", 50), ("g", "A", 50)], "twice"),
        ([("All", "All", -50)], ">= 0"),
        ([("All", None, 50)], "null"),
    ],
)
def test_a_mart_that_does_not_fit_its_declaration_is_refused(rows: list[Any], told: str):
    names = "demographic_factor demographic_group member_count"
    declaration = declare([FACTOR], [{"column": "member_count"}])

    with pytest.raises(ConfigurationError, match=told):
        protect_marts(
            {"mart": table(names, rows, "member_count")}, {"mart": declaration}, PROFILES, KEY
        )


def test_an_empty_mart_is_protected_as_it_is():
    empty = table("org member_count", [("North", 40)], "member_count").slice(0, 0)

    protection = protect(empty, declare([{"column": "org"}], [{"column": "member_count"}]))

    assert protection.tables["mart"].num_rows == 0
    assert protection.cells_total == 0
