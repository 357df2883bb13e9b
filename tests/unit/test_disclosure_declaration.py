"""Declarations are read strictly: a misspelt key would silently protect less."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from p20w.disclosure import Count, Dimension, Profile, Rate, parse_declaration
from p20w.errors import ConfigurationError

DECLARED: dict[str, Any] = {
    "student_derived": True,
    "profile": "public_default",
    "dimensions": [
        {"column": "school_year"},
        {"column": "organization_code", "parent_column": "parent_organization_code"},
        {"column": "demographic_group", "within": "demographic_factor", "total": "All"},
        {"column": "pathway_code", "total": "All", "additive": False},
    ],
    "counts": [
        {"column": "member_count"},
        {"column": "participant_count", "of": "member_count"},
        {"column": "completer_count", "of": "participant_count", "outcome": True},
    ],
    "rates": [
        {
            "column": "completer_share",
            "numerator": "completer_count",
            "denominator": "member_count",
        }
    ],
}


def changed(path: str, value: object) -> dict[str, Any]:
    """The declaration with one place changed, for example `counts.0.of`."""
    declared = copy.deepcopy(DECLARED)
    *steps, last = path.split(".")
    place: Any = declared
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return declared


def test_a_complete_declaration_is_read_as_written():
    declaration = parse_declaration("mart_pathways", DECLARED)

    assert declaration.dimensions[1] == Dimension(
        "organization_code", parent_column="parent_organization_code"
    )
    assert declaration.dimensions[3] == Dimension("pathway_code", total="All", additive=False)
    assert declaration.counts[2] == Count(
        "completer_count", of="participant_count", outcome=True, counted_as="completer_count"
    )
    assert declaration.rates == (Rate("completer_share", "completer_count", "member_count"),)
    assert declaration.wholes("completer_count") == ["participant_count", "member_count"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("student_derived", False, "student_derived"),
        ("profile", None, "profile"),
        ("dimensionss", [], "dimensionss"),
        ("dimensions", [], "at least one dimension"),
        ("dimensions.0.totl", "All", "totl"),
        ("dimensions.0.column", 7, "column"),
        ("dimensions.1.total", "All", "parent_column or total"),
        ("dimensions.2.total", None, "within"),
        ("dimensions.0.additive", False, "additive"),
        ("dimensions.3.additive", "no", "additive"),
        ("counts", {}, "counts"),
        ("counts.0.of", "participant_count", "declared before"),
        ("counts.0.outcome", True, "outcome"),
        ("counts.1.column", "member_count", "twice"),
        ("counts.0.regardless_of", "pathway_code", "list of texts"),
        ("counts.0.regardless_of", ["grade_level"], "must name dimensions"),
        ("counts.1.where", {"organization_level": ["state"]}, "where must be a list"),
        ("counts.1.where", [{"organization_level": "state"}], "organization_level must be a list"),
        ("rates.0.denominator", "no_count", "declared counts"),
        ("rates.0.numerator", "member_count", "`of` the denominator"),
        ("rates.0.plus_rest_of", ["no_count"], "declared counts"),
        ("rates.0.plus_rest_of", "participant_count", "list of texts"),
    ],
)
def test_a_wrong_key_is_refused_with_mart_and_key(path: str, value: object, told: str):
    with pytest.raises(ConfigurationError) as refused:
        parse_declaration("mart_pathways", changed(path, value))

    assert "mart_pathways" in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(("size", "numerator"), [(1, 3), (10, 0)])
def test_a_profile_that_protects_nobody_is_refused(size: int, numerator: int):
    with pytest.raises(ConfigurationError, match="suppression_profiles"):
        Profile(size, numerator)
