"""Declarations of marts, read from their yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expectations.marts import read_marts
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

DERIVED = """
models:
  - name: mart_b
    config:
      meta:
        disclosure:
          student_derived: true
          profile: public_default
          dimensions:
            - {column: school_year}
            - {column: demographic_group, within: demographic_factor, total: All}
          counts:
            - {column: member_count}
            - {column: participant_count, of: member_count}
          rates:
            - {column: share, numerator: participant_count, denominator: member_count}
"""


def test_declaration_gives_keys_and_cells(tmp_path: Path) -> None:
    (tmp_path / "mart_b.yml").write_text(DERIVED)
    (tmp_path / "mart_a.yml").write_text("models: [{name: mart_a}]")

    public, derived = read_marts(tmp_path)

    assert (public.name, public.student_derived) == ("mart_a", False)
    assert derived.keys == ("school_year", "demographic_factor", "demographic_group")
    assert derived.cells == ("member_count", "participant_count", "share")
    assert derived.dimensions[1].additive


def test_rate_without_its_denominator_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mart_b.yml").write_text(DERIVED.replace(", denominator: member_count", ""))

    with pytest.raises(ConfigurationError, match=r"at rates\.0\.denominator"):
        read_marts(tmp_path)
